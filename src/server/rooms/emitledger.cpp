// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "emitledger_p.h"

namespace Dispatch {

EmitLedger::Verdict EmitLedger::judge(std::uint64_t emit) const
{
    if (emit <= m_last.emit)
        return Verdict::Repeated;
    return emit == m_last.emit + 1 ? Verdict::Next : Verdict::Gap;
}

void EmitLedger::take()
{
    m_last = {m_last.emit + 1, 0};
    ++m_unacknowledged;
}

void EmitLedger::refuse(Refusal refusal)
{
    if (m_refused.size() == MostRefused) {
        m_refusedSince = m_refused.front().emit + 1;
        m_refused.erase(m_refused.begin());
    }
    m_refused.push_back({m_last.emit, refusal});
}

EmitLedger::Ack EmitLedger::takeAck()
{
    m_unacknowledged = 0;
    m_isAckWanted = false;
    return m_last;
}

} // namespace Dispatch
