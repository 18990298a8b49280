// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtestperson.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchtestserver.h"
#include "hub_p.h"
#include "jsontext_p.h"
#include "text_p.h"
#include "utf8_p.h"
#include "validation_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qpointer.h>

#include <utility>

using namespace Qt::StringLiterals;
using namespace Dispatch;
using namespace Dispatch::TestKit;

class Q_DECL_HIDDEN DispatchTestPerson::Private final : public Member {
public:
    Private(DispatchTestPerson *person, Hub &itsHub)
        : q(person)
        , hub(itsHub)
    {
    }

    /// False, with a warning, if the server refuses it; then all is as it was.
    bool setInfo(const QJsonObject &info);
    bool emitEvent(const QString &eventName, const QJsonValue &payload,
                   const QStringList *recipients, std::string_view reply = {});

    void hear(const RoomEvent &event) override
    {
        if (!event.isExtended)
            receive(event);
    }
    void hearDirectly(const RoomEvent &event) override { receive(event); }
    void see(const std::string &) override { wasBroughtIn(); }

    /// Whether there is one, or a warning.
    bool requireRoom() const;
    void receive(const RoomEvent &event);
    void wasBroughtIn();

    DispatchTestPerson *const q;
    Hub &hub;
    QJsonObject info;
    QHash<QString, QJsonValue> answers;
    bool isPresent = false;
};

bool DispatchTestPerson::Private::setInfo(const QJsonObject &newInfo)
{
    auto read = readUserInfo(hub.parser(), jsonText(newInfo));
    if (const auto *fault = std::get_if<ClientMessageError>(&read)) {
        warnOfRefusal(u"The user info was not changed"_s, fault->refusal, fault->detail);
        return false;
    }
    info = newInfo;
    userInfo = std::get<std::string>(std::move(read));
    if (room)
        room->changed(*this);
    return true;
}

bool DispatchTestPerson::Private::emitEvent(const QString &eventName, const QJsonValue &payload,
                                            const QStringList *recipients, std::string_view reply)
{
    if (!requireRoom())
        return false;
    std::optional<std::vector<std::string>> ids;
    if (recipients) {
        ids.emplace();
        for (const QString &recipient : *recipients)
            ids->push_back(recipient.toStdString());
    }
    const std::string text = jsonText(payload);
    if (!mayEmit(hub.parser(), eventName, text, ids, jsonValue(reply).toString()))
        return false;
    const std::string name = Text::jsonString(eventName.toStdString());
    RoomEvent event{name, text, 0, {}};
    event.details.from = clientId;
    event.details.fromUser = userId;
    event.details.reply = reply;
    if (ids)
        hub.emitTo(room->name().first, *ids, event);
    else
        hub.emitEvent(event, room);
    return true;
}

bool DispatchTestPerson::Private::requireRoom() const
{
    if (!room)
        qWarning("A person that is in no room can't say anything there.");
    return room != nullptr;
}

/// In an event of its own: who hears of it may change who is in the room.
void DispatchTestPerson::Private::receive(const RoomEvent &event)
{
    hub.clock().soon([person = QPointer(q), name = jsonValue(event.rawName).toString(),
                      payload = jsonValue(event.payload), from = toQString(event.details.from),
                      request = std::string(event.details.request)] {
        if (!person)
            return;
        const auto answer = person->d->answers.constFind(name);
        if (!request.empty() && answer != person->d->answers.constEnd()) {
            const QStringList asker{from};
            person->d->emitEvent(name, *answer, &asker, request);
        }
        if (person)
            Q_EMIT person->eventReceived(name, payload, from);
    });
}

void DispatchTestPerson::Private::wasBroughtIn()
{
    if (!std::exchange(isPresent, true))
        hub.clock().soon([person = QPointer(q)] {
            if (person)
                Q_EMIT person->presentChanged();
        });
}

DispatchTestPerson::DispatchTestPerson(Hub &hub, const QJsonObject &userInfo,
                                       const QString &shardName, DispatchTestServer *server)
    : QObject(server)
    , d(std::make_unique<Private>(this, hub))
{
    d->clientId = hub.newClientId();
    d->setInfo(userInfo);
    hub.bringIn(*d, shardName.toStdString());
    d->isPresent = d->room != nullptr;
}

DispatchTestPerson::~DispatchTestPerson()
{
    requireThreadOfDying(this, Q_FUNC_INFO);
    d->hub.takeOut(*d);
}

QString DispatchTestPerson::clientId() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return QString::fromStdString(d->clientId);
}

QString DispatchTestPerson::userId() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return QString::fromStdString(d->userId);
}

void DispatchTestPerson::setUserId(const QString &userId)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (std::exchange(d->userId, userId.toStdString()) == d->userId)
        return;
    if (d->room)
        d->room->changed(*d);
    Q_EMIT userIdChanged();
}

QJsonObject DispatchTestPerson::userInfo() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->info;
}

void DispatchTestPerson::setUserInfo(const QJsonObject &userInfo)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (d->info != userInfo && d->setInfo(userInfo))
        Q_EMIT userInfoChanged();
}

bool DispatchTestPerson::isPresent() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->room != nullptr;
}

bool DispatchTestPerson::emitEvent(const QString &eventName, const QJsonValue &payload)
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->emitEvent(eventName, payload, nullptr);
}

bool DispatchTestPerson::emitEvent(const QString &eventName, const QJsonValue &payload,
                                   const QStringList &recipients)
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->emitEvent(eventName, payload, &recipients);
}

bool DispatchTestPerson::setState(const QString &key, const QJsonValue &value, bool owned)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (!d->requireRoom())
        return false;
    const std::string text = value.isUndefined() ? std::string() : jsonText(value);
    const std::string payload =
        stateWishPayload({.key = key.toStdString(), .value = text, .isOwned = owned});
    const auto outcome = d->room->changeState(*d, payload);
    const auto *fault = std::get_if<StateFault>(&outcome);
    if (fault)
        warnOfRefusal(u"The shared state was not changed"_s, fault->refusal, fault->detail);
    return !fault;
}

void DispatchTestPerson::answer(const QString &eventName, const QJsonValue &payload)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (payload.isUndefined())
        d->answers.remove(eventName);
    else
        d->answers.insert(eventName, payload);
}

void DispatchTestPerson::leave()
{
    requireThreadOf(this, Q_FUNC_INFO);
    const bool wasPresent = isPresent();
    d->hub.takeOut(*d);
    d->isPresent = false;
    if (wasPresent)
        Q_EMIT presentChanged();
}
