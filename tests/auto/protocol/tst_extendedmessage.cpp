// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "greetingmessage_p.h"
#include "presencemessage_p.h"
#include "servermessage_p.h"
#include "vectors.h"

#include <algorithm>

using namespace Dispatch;
using namespace Qt::StringLiterals;

/// What the server writes in the extended profile.
class tst_ExtendedMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsAreWritten_data() { addVectorRows(u"events"_s); }
    void eventsAreWritten();
    void greetingsAreWritten_data() { addVectorRows(u"greetings"_s); }
    void greetingsAreWritten();
    void presenceIsWritten_data() { addVectorRows(u"presence"_s); }
    void presenceIsWritten();
    void presenceOfTheVectorsIsWhatItSays_data() { addVectorRows(u"presence"_s); }
    void presenceOfTheVectorsIsWhatItSays();
};

namespace {

std::string text(const QJsonObject &json, QLatin1StringView key)
{
    return json[key].toString().toStdString();
}

std::string compact(const QJsonValue &object)
{
    return QJsonDocument(object.toObject()).toJson(QJsonDocument::Compact).toStdString();
}

QJsonObject parsed(const std::string &json)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

std::string entriesOf(const QJsonValue &list)
{
    PresenceWriter writer;
    for (const QJsonValue &value : list.toArray()) {
        const QJsonObject entry = value.toObject();
        writer.add({text(entry, "clientId"_L1), text(entry, "info"_L1), text(entry, "userId"_L1),
                    entry["lastPing"_L1].toInteger(), entry["truncated"_L1].toBool()});
    }
    return writer.take();
}

} // namespace

void tst_ExtendedMessage::eventsAreWritten()
{
    QFETCH(const QJsonObject, vector);
    const std::string from = text(vector, "from"_L1);
    const std::string fromUser = text(vector, "fromUser"_L1);
    const std::string request = text(vector, "request"_L1);
    const std::string reply = text(vector, "reply"_L1);
    const EventDetails details{static_cast<std::uint64_t>(vector["seq"_L1].toInteger()),
                               from,
                               fromUser,
                               vector["time"_L1].toInteger(),
                               request,
                               reply};
    const std::string name = text(vector, "name"_L1);
    const std::string payload = text(vector, "payload"_L1);
    const double latencyMs = vector["latencyMs"_L1].toDouble();
    std::string out;
    if (vector.contains("time"_L1))
        appendServerMessage(out, name, payload, latencyMs, details);
    else
        appendServerMessage(out, name, payload, latencyMs);
    QCOMPARE(QString::fromStdString(out), vector["text"_L1].toString());
}

void tst_ExtendedMessage::greetingsAreWritten()
{
    QFETCH(const QJsonObject, vector);
    const QJsonObject payload = parsed(text(vector, "text"_L1));
    const std::string clientId = text(payload, "clientId"_L1);
    const std::string shardName = text(payload, "shardName"_L1);
    const std::string userId = text(payload, "userId"_L1);
    const std::string limits = compact(payload["limits"_L1]);
    const std::string session = text(payload, "session"_L1);
    std::vector<RefusedEmit> refused;
    for (const QJsonValue &value : payload["refused"_L1].toArray()) {
        const std::string code = value["code"_L1].toString().toStdString();
        const auto row = std::ranges::find(refusals(), code, &RefusalInfo::slug);
        QVERIFY(row != refusals().end());
        refused.push_back({static_cast<std::uint64_t>(value["emit"_L1].toInteger()), row->refusal});
    }
    const std::string clients = compact(payload["connectedClients"_L1]);
    Greeting greeting;
    greeting.clientId = clientId;
    greeting.shardName = shardName;
    greeting.limits = limits;
    greeting.position = {parseEpoch(text(payload, "epoch"_L1)).value(),
                         static_cast<std::uint64_t>(payload["seq"_L1].toInteger()),
                         static_cast<std::uint64_t>(payload["direct"_L1].toInteger())};
    greeting.session = session;
    greeting.sessionWindow = payload["windowMs"_L1].toInt();
    greeting.recovered = payload["recovered"_L1].toBool();
    greeting.lastEmit = static_cast<std::uint64_t>(payload["lastEmit"_L1].toInteger());
    greeting.refused = refused;
    greeting.refusedSince =
        static_cast<std::uint64_t>(payload.value("refusedSince"_L1).toInteger(1));
    greeting.replay = static_cast<std::uint64_t>(payload["replay"_L1].toInteger());
    greeting.userId = userId;
    greeting.revision = static_cast<std::uint64_t>(payload["revision"_L1].toInteger());
    greeting.serverTime = payload["serverTime"_L1].toInteger();
    greeting.heartbeatInterval = payload["heartbeatMs"_L1].toInt();
    greeting.heartbeatTimeout = payload["heartbeatTimeoutMs"_L1].toInt();
    greeting.connectedClients = clients;
    QCOMPARE(parsed(greetingPayload(greeting)), payload);
}

void tst_ExtendedMessage::presenceIsWritten()
{
    QFETCH(const QJsonObject, vector);
    std::vector<std::string> left;
    for (const QJsonValue &clientId : vector["left"_L1].toArray())
        left.push_back(clientId.toString().toStdString());
    const std::string payload =
        presencePayload(static_cast<std::uint64_t>(vector["revision"_L1].toInteger()),
                        entriesOf(vector["joined"_L1]), entriesOf(vector["changed"_L1]), left);
    QCOMPARE(QString::fromStdString(payload), vector["text"_L1].toString());
}

void tst_ExtendedMessage::presenceOfTheVectorsIsWhatItSays()
{
    QFETCH(const QJsonObject, vector);
    const QJsonObject payload = parsed(text(vector, "text"_L1));
    QJsonObject list = vector["before"_L1].toObject();
    for (const auto &part : {payload["joined"_L1].toObject(), payload["changed"_L1].toObject()}) {
        for (auto entry = part.begin(); entry != part.end(); ++entry)
            list[entry.key()] = entry.value();
    }
    for (const QJsonValue &clientId : payload["left"_L1].toArray())
        list.remove(clientId.toString());
    QCOMPARE(list, vector["after"_L1].toObject());
}

QTEST_APPLESS_MAIN(tst_ExtendedMessage)
#include "tst_extendedmessage.moc"
