// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtestserver.h"
#include "frames_p.h"
#include "hub_p.h"
#include "jsontext_p.h"
#include "replay_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qpointer.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The rooms of a test's server, and what is told of them.
class Q_DECL_HIDDEN DispatchTestServer::Private final : public Dispatch::TestKit::Witness {
public:
    explicit Private(DispatchTestServer *server)
        : q(server)
        , hub(this)
    {
    }

    void setUrl(const QUrl &newUrl)
    {
        url = newUrl;
        Dispatch::setEnvironmentAt(url, hub.sharedNetwork());
    }

    template<typename T>
    void change(T &setting, T value)
    {
        if (std::exchange(setting, value) != value)
            Q_EMIT q->settingsChanged();
    }

    /// In an event of its own, as all that tests may react to.
    template<typename Signal>
    void tell(Signal signal)
    {
        hub.clock().soon([server = QPointer(q), signal] {
            if (server)
                signal(*server);
        });
    }

    void clientJoined(const Dispatch::TestKit::Member &client) override
    {
        tell([id = QString::fromStdString(client.clientId)](DispatchTestServer &server) {
            Q_EMIT server.clientJoined(id);
            Q_EMIT server.connectionsChanged();
        });
    }
    void clientAway(const Dispatch::TestKit::Member &) override
    {
        tell([](DispatchTestServer &server) { Q_EMIT server.connectionsChanged(); });
    }
    void clientLeft(const Dispatch::TestKit::Member &client) override
    {
        tell([id = QString::fromStdString(client.clientId)](DispatchTestServer &server) {
            Q_EMIT server.clientLeft(id);
            Q_EMIT server.connectionsChanged();
        });
    }
    void clientEmitted(const Dispatch::TestKit::Member &client,
                       const Dispatch::ClientMessage &message) override
    {
        QJsonValue recipients;
        if (message.recipients) {
            QJsonArray ids;
            for (const std::string &id : *message.recipients)
                ids.append(QString::fromStdString(id));
            recipients = ids;
        }
        tell([id = QString::fromStdString(client.clientId),
              name = QString::fromStdString(message.eventName),
              payload = Dispatch::TestKit::jsonValue(message.payload),
              recipients](DispatchTestServer &server) {
            Q_EMIT server.eventEmitted(id, name, payload, recipients);
        });
    }

    void clientChangedState(const Dispatch::TestKit::Member &client,
                            const Dispatch::StateWish &wish) override
    {
        tell([id = QString::fromStdString(client.clientId), key = QString::fromStdString(wish.key),
              value = wish.value.empty() ? QJsonValue(QJsonValue::Undefined)
                                         : Dispatch::TestKit::jsonValue(wish.value)](
                 DispatchTestServer &server) { Q_EMIT server.stateChanged(id, key, value); });
    }

    /// Scripts refusals of what has that event's name.
    bool refuse(std::string eventName, const QString &code, int times, int retryAfter);

    DispatchTestServer *const q;
    Dispatch::TestKit::Hub hub;
    QUrl url;
    std::vector<std::unique_ptr<Dispatch::TestKit::Replay>> replays;
    std::unique_ptr<Dispatch::TestKit::Frames> frames; ///< if it drives animations
};
