// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "console_p.h"

namespace Dispatch::Ctl {

/// Something that dispatchctl was told to do. It starts when the event loop runs, and ends by
/// finished(), once.
class Command : public QObject {
    Q_OBJECT

public:
    explicit Command(Console &console)
        : m_console(console)
    {
    }

    virtual void start() = 0;
    /// Ends it early: somebody pressed Ctrl-C.
    virtual void interrupt();

    Console &console() const { return m_console; }
    bool isFinished() const { return m_isFinished; }
    void finish(ExitCode code = ExitCode::Fine);
    /// Says what is wrong, and finishes.
    void fail(const Failure &failure);

Q_SIGNALS:
    void finished(Dispatch::Ctl::ExitCode code);

private:
    Console &m_console;
    bool m_isFinished = false;
};

} // namespace Dispatch::Ctl
