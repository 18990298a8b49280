// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "emitledger_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

EmitLedger::Verdict EmitLedger::judge(std::uint64_t emit) const
{
    if (emit <= m_last)
        return Verdict::Repeated;
    return emit == m_last + 1 || m_mayJump ? Verdict::Next : Verdict::Gap;
}

void EmitLedger::take(std::uint64_t emit)
{
    m_last = emit;
    m_mayJump = false;
}

void EmitLedger::refuse(std::uint64_t emit, Refusal refusal)
{
    if (m_refused.size() == MostRefused) {
        m_refusedSince = std::max(m_refusedSince, m_refused.front().emit + 1);
        m_refused.erase(m_refused.begin());
    }
    m_refused.push_back({emit, refusal});
}

void EmitLedger::resumeAt(std::uint64_t last, std::vector<RefusedEmit> refused, std::uint64_t since)
{
    m_last = last;
    m_settled = {last, 0};
    m_acknowledged = last;
    m_refused = std::move(refused);
    m_refusedSince = since;
    m_mayJump = true;
}

EmitLedger::Ack EmitLedger::takeAck()
{
    m_acknowledged = m_settled.emit;
    m_isRepeated = false;
    m_isAckWanted = m_isAckWanted && m_last > m_settled.emit;
    return m_settled;
}

} // namespace Dispatch
