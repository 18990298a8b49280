// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandline_p.h"
#include "credentials_p.h"
#include "servicemanager_p.h"

#include "dispatchserver.h"

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qobject.h>

namespace Dispatch {

/// The server as a process: serves as its configuration says, reads it again when asked to, and
/// goes when asked to.
class Daemon : public QObject {
    Q_OBJECT

public:
    Daemon(const ConfigurationSources &sources, const ServiceManager &manager,
           QObject *parent = nullptr);

    /// Begins to serve; on a problem says it on stderr.
    ExitCode start(const Configuration &configuration, const Credentials &credentials);

    /// Reads the configuration and its files again. If anything is wrong, all stays as it was.
    void reload();
    /// Sends the clients away over the drain time, and emits ended() when they are gone.
    void end();
    /// Sends those who are left away at once.
    void endNow();

    /// Where clients connect to.
    QUrl url() const { return m_server.url(); }
    /// Where operators of this machine find it; empty if they are not served.
    QUrl operatorsUrl() const { return m_server.operatorsUrl(); }

Q_SIGNALS:
    void ended();

private:
    bool serveOperators(const DaemonSettings &settings);
    void readAgain();
    void apply(const Configuration &configuration, const Credentials &credentials);
    void tellProgress();
    QString clients() const;
    void drained();

    const ConfigurationSources m_sources;
    const ServiceManager m_manager;
    QTimer m_watchdog;
    QTimer m_progress;
    QElapsedTimer m_drainTime;
    Configuration m_started; ///< what needs a restart is as it was then
    QString m_startedEnginePassword;
    DispatchServer m_server;
};

} // namespace Dispatch
