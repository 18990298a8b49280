// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "history.h"

#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>

#include <set>

namespace Dispatch::Faults {

/// A client in a process of its own (sleeper.cpp), which can be stopped as a laptop is by sleep.
class SleeperProcess : public QObject {
    Q_OBJECT

public:
    /// Its times are the client's defaults, \a scale times shorter; emits each \a pace ms.
    SleeperProcess(const QUrl &url, const QString &shard, int scale, int pace);
    /// Ends it, stopped or not.
    ~SleeperProcess() override;

    void stop();
    bool isStopped() const;
    void goOn();
    void emitFence(int round);
    /// Asks who is there, and whether nothing is on its way any more; isIdle() and the history's
    /// `present` have the answer.
    void ask();

    const History &history() const { return m_history; }
    bool isRunning() const { return m_process.state() == QProcess::Running; }
    bool isIdle() const { return m_isIdle; }
    /// Events of \a emitter that it heard.
    int heardOf(const std::string &emitter) const;

private:
    void read();

    QProcess m_process;
    History m_history{"sleeper", true, {}, {}, 0, true};
    bool m_isIdle = false;
};

} // namespace Dispatch::Faults
