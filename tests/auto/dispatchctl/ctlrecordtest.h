// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ctlserver.h"

#include <QtCore/qmap.h>
#include <QtCore/qset.h>

/// \a value as JSON text.
QString compact(const QJsonValue &value);

/// What a client sees of the others: who they are, and what each says, in order.
class View {
public:
    explicit View(const DispatchClient &client)
        : m_client(client)
    {
        QObject::connect(&client, &DispatchClient::connectedClientsChanged, &m_context,
                         [this] { look(); });
        QObject::connect(&client, &DispatchClient::eventReceived, &m_context,
                         [this](const QString &name, const QJsonValue &payload,
                                const DispatchEventMetadata &about) {
                             m_said[about.senderId] += name + QChar(u' ') + compact(payload);
                         });
        look();
    }

    QSet<QString> infos; ///< but for empty ones

    /// By name. Who comes and goes at once is told of by no list, and has none.
    QMap<QString, QStringList> said() const
    {
        QMap<QString, QStringList> byName;
        for (const QString &clientId : m_said.keys())
            byName[m_names[clientId]] += m_said[clientId];
        return byName;
    }
    QStringList saidByAnybody() const
    {
        QStringList all;
        for (const QStringList &one : m_said)
            all += one;
        return all;
    }

private:
    void look()
    {
        for (const DispatchConnectedClient &there : m_client.connectedClients()) {
            if (there.isSelf || there.userInfo.isEmpty())
                continue;
            infos += compact(there.userInfo);
            m_names.insert(there.clientId, there.userInfo[QStringLiteral("name")].toString());
        }
    }

    const DispatchClient &m_client;
    QObject m_context;
    QMap<QString, QStringList> m_said; ///< by client id
    QMap<QString, QString> m_names;
};

/// How a recording begins.
inline const QByteArray Head = "{\"dispatchRecording\":1}\n";

/// A room that is recorded, and stages that recordings are played on.
class CtlRecordTest : public QObject {
    Q_OBJECT

protected:
    /// Starts to record in "room" of "game", into a file or to stdout; waits until it is there.
    bool startRecording(const QStringList &arguments);
    /// Somebody in "room".
    std::unique_ptr<DispatchClient> join(const QString &name);
    QByteArray written(const QString &name = QStringLiteral("room.jsonl")) const;

    std::unique_ptr<CtlServer> m_server;
    std::unique_ptr<CtlProcess> m_ctl;
    QString m_path;

private Q_SLOTS:
    void init();
};
