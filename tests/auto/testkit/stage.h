// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonvalue.h>
#include <QtCore/qstringlist.h>
#include <QtCore/qurl.h>

#include <functional>
#include <memory>

/// A server that a behaviour is played on: the test kit's, or a real one behind a bad network.
class Stage {
public:
    /// What both servers are set to.
    struct Config {
        int maxHistory = 0;
        int maxReplayEvents = 1'000;
        int sessionWindow = 30'000;
        int messagesPerSecond = 0;
        int messageBurst = 0;
    };

    static std::unique_ptr<Stage> ofTestKit();
    static std::unique_ptr<Stage> ofRealServer();
    virtual ~Stage() = default;

    virtual void configure(const Config &config) = 0;
    virtual QUrl url() const = 0;
    /// Breaks all connections; clients can come back at once.
    virtual void drop() = 0;
    /// Sends all away, and is another server from then on.
    virtual void drain() = 0;
    /// Has a stranger emit that to a shard of \a project that is open, unchecked; the code with
    /// which he is refused, or nothing.
    virtual QString emitOfStranger(const QString &project, const QString &shard,
                                   const QString &eventName, const QJsonValue &payload) = 0;
    /// Waits until \a condition holds, or notes that \a what did not happen.
    void waitFor(const QString &what, const std::function<bool()> &condition);
    /// What did not happen.
    const QStringList &failures() const { return m_failures; }

protected:
    virtual bool wait(const std::function<bool()> &condition) = 0;

private:
    QStringList m_failures;
};
