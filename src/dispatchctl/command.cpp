// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "command_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

void Command::interrupt()
{
    fail({ExitCode::Failed, u"Interrupted before it was done."_s});
}

void Command::finish(ExitCode code)
{
    if (std::exchange(m_isFinished, true))
        return;
    m_console.clearProgress();
    Q_EMIT finished(code);
}

void Command::fail(const Failure &failure)
{
    // Before it complains: if stdout does not take that, whoever hears of it finishes us, too.
    if (std::exchange(m_isFinished, true))
        return;
    m_console.complain(failure);
    Q_EMIT finished(failure.exitCode);
}

} // namespace Dispatch::Ctl
