// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qtemporarydir.h>
#include <QtCore/qurl.h>

namespace Dispatch::Faults {

/// An HAProxy of the test's own on a free port of loopback, in front of servers of the test's own:
/// each connection goes to the next one that is ready, wherever its client was before.
class HaProxy {
public:
    /// Where a server is reached, and where it says whether it is ready.
    struct Server {
        QString address;
        int port = 0;
        int operatorsPort = 0;
    };

    ~HaProxy();

    /// False if it does not start, with the reason in the log.
    bool start(const QList<Server> &servers);
    QUrl url() const;
    /// The server \a number is elsewhere from now on.
    bool move(int number, const Server &server);

private:
    bool listen();
    QByteArray configuration(const QList<Server> &servers) const;
    bool command(const QString &text);

    QTemporaryDir m_folder;
    QProcess m_process;
    int m_listener = -1;
    int m_port = 0;
};

} // namespace Dispatch::Faults
