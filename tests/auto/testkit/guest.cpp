// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "guest.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtCore/qmetaobject.h>

using namespace Qt::StringLiterals;

namespace {

QString yesNo(bool yes)
{
    return yes ? u"yes"_s : u"no"_s;
}

} // namespace

QString jsonOf(const QJsonValue &value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
}

QString Transcript::nameOf(const QString &id) const
{
    return m_names.value(id, id.isEmpty() ? u"nobody"_s : u"a stranger"_s);
}

QStringList Transcript::lines() const
{
    QStringList all;
    for (auto client = m_lines.constBegin(); client != m_lines.constEnd(); ++client) {
        for (const QString &line : *client)
            all += client.key() + u": "_s + line;
    }
    return all;
}

Guest::Guest(Stage &stage, Transcript &transcript, const QString &name)
    : m_stage(stage)
    , m_transcript(transcript)
    , m_name(name)
{
    setUrl(stage.url());
    setProjectId(u"contract"_s);
    setUserInfo({{u"name"_s, name}});
    setReconnectPolicy({.minDelay = 10, .maxDelay = 50});
    QObject::connect(this, &DispatchClient::stateChanged, this,
                     [this](State state) { note(QMetaEnum::fromType<State>().valueToKey(state)); });
    QObject::connect(this, &DispatchClient::connected, this,
                     [this](const DispatchConnectionInfo &info) {
                         const bool isKnown = m_transcript.nameOf(info.clientId) == m_name;
                         m_transcript.name(info.clientId, m_name);
                         note(u"joined, extended %1, recovered %2, same id %3"_s.arg(
                             yesNo(info.extended), yesNo(info.recovered), yesNo(isKnown)));
                     });
    QObject::connect(this, &DispatchClient::connectionRestored, this, [this] { ++m_returns; });
    QObject::connect(
        this, &DispatchClient::errorOccurred, this, [this](const DispatchError &error) {
            ++m_errors;
            // What is told of a network is another thing with another network.
            const QString text = error.reason().isEmpty() ? QString() : u" "_s + error.message();
            note(u"error %1 '%2', retry %3%4"_s.arg(
                QMetaEnum::fromType<DispatchError::Code>().valueToKey(error.code()), error.reason(),
                yesNo(error.isRetryable()), text));
        });
    QObject::connect(this, &DispatchClient::eventDropped, this,
                     [this](const QString &eventName, const QJsonValue &, const DispatchError &) {
                         note(u"dropped "_s + eventName);
                     });
    QObject::connect(this, &DispatchClient::eventReceived, this, &Guest::heard);
}

void Guest::heard(const QString &eventName, const QJsonValue &payload,
                  const DispatchEventMetadata &about)
{
    ++m_events;
    note(u"hears %1 %2 from %3 '%4' seq %5 own %6 replayed %7 time %8"_s.arg(
        eventName, jsonOf(payload), m_transcript.nameOf(about.senderId), about.senderUserId,
        QString::number(about.sequence), yesNo(about.own), yesNo(about.replayed),
        yesNo(about.serverTime > 0)));
}

void Guest::join(const QString &shard)
{
    waitForEnd(connectToServer({.shardName = shard}));
}

void Guest::waitForEvents(int count)
{
    m_stage.waitFor(u"%1: event %2"_s.arg(m_name).arg(count), [&] { return m_events >= count; });
}

DispatchSharedState &Guest::state()
{
    if (m_state.client())
        return m_state;
    QObject::connect(&m_state, &DispatchSharedState::valueChanged, this,
                     [this](const QString &key, const QJsonValue &value, const auto &about) {
                         const QString what = value.isUndefined() ? u"nothing"_s : jsonOf(value);
                         note(u"sees %1 = %2 by %3 '%4' seq %5 own %6 owned by %7"_s.arg(
                             key, what, m_transcript.nameOf(about.senderId), about.senderUserId,
                             QString::number(about.sequence), yesNo(about.own),
                             m_transcript.nameOf(m_state.ownerId(key))));
                     });
    QObject::connect(&m_state, &DispatchSharedState::changeFailed, this,
                     [this](const QString &key, const DispatchError &error) {
                         note(u"could not change %1: %2"_s.arg(key, error.reason()));
                     });
    m_state.setClient(this);
    return m_state;
}

void Guest::waitForState(const QJsonObject &values)
{
    m_stage.waitFor(m_name + u": "_s + jsonOf(values), [&] {
        QJsonObject there;
        for (const QString &key : state().keys())
            there.insert(key, state().value(key));
        return there == values;
    });
}

void Guest::waitForErrors(int count)
{
    m_stage.waitFor(u"%1: error %2"_s.arg(m_name).arg(count), [&] { return m_errors >= count; });
}

void Guest::waitForReturn(int count)
{
    m_stage.waitFor(u"%1: return %2"_s.arg(m_name).arg(count), [&] { return m_returns >= count; });
}

QStringList Guest::people() const
{
    QStringList names;
    for (const DispatchConnectedClient &client : connectedClients())
        names += client.userInfo[u"name"_s].toString();
    names.sort();
    return names;
}

void Guest::waitForPeople(const QStringList &names)
{
    m_stage.waitFor(m_name + u": "_s + names.join(u", "_s), [&] { return people() == names; });
    for (const QString &name : names) {
        for (const DispatchConnectedClient &client : connectedClients()) {
            if (client.userInfo[u"name"_s] == name)
                note(u"sees %1 '%2' self %3 alive %4"_s.arg(jsonOf(client.userInfo), client.userId,
                                                            yesNo(client.isSelf),
                                                            yesNo(client.lastPing.isValid())));
        }
    }
}
