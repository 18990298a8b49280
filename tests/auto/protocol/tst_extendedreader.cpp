// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedreader_p.h"
#include "padded.h"
#include "servermessage_p.h"
#include "vectors.h"

using namespace Dispatch;
using namespace Qt::StringLiterals;

/// What a client reads in the extended profile.
class tst_ExtendedReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void greetingsAreRead_data() { addVectorRows(u"greetings"_s); }
    void greetingsAreRead();
    void aGreetingOfTheBaseProfileIsRead();
    void theRatesAreRead();
    void theListPointsIntoTheText();
    void whatIsNoGreetingIsNothing_data();
    void whatIsNoGreetingIsNothing();
    void acknowledgementsAreRead_data();
    void acknowledgementsAreRead();
    void whatIsNoAcknowledgementIsNothing_data();
    void whatIsNoAcknowledgementIsNothing();
    void presenceIsRead_data() { addVectorRows(u"presence"_s); }
    void presenceIsRead();
    void whatIsNoPresenceIsNothing_data();
    void whatIsNoPresenceIsNothing();
    void eventsAreRead_data() { addVectorRows(u"events"_s); }
    void eventsAreRead();
    void oddDetailsLoseNoEvent();
};

namespace {

QJsonObject parsed(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray(json.data(), qsizetype(json.size()))).object();
}

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QJsonObject toJson(const std::vector<PresenceSlice> &slices)
{
    QJsonObject list;
    for (const PresenceSlice &slice : slices)
        list[QString::fromStdString(slice.clientId)] = parsed(slice.entry);
    return list;
}

} // namespace

void tst_ExtendedReader::greetingsAreRead()
{
    QFETCH(const QJsonObject, vector);
    const std::string text = vector["text"_L1].toString().toStdString();
    const QJsonObject expected = parsed(text);
    const auto greeting = readGreeting(text);
    QVERIFY(greeting);
    QCOMPARE(QString::fromStdString(greeting->clientId), expected["clientId"_L1].toString());
    QCOMPARE(QString::fromStdString(greeting->shardName), expected["shardName"_L1].toString());
    QCOMPARE(QString::fromStdString(epochText(greeting->position.epoch)),
             expected["epoch"_L1].toString());
    QCOMPARE(qint64(greeting->position.seq), expected["seq"_L1].toInteger());
    QCOMPARE(qint64(greeting->position.direct), expected["direct"_L1].toInteger());
    QCOMPARE(qint64(greeting->messageUtf16Units),
             expected["limits"_L1]["messageUtf16Units"_L1].toInteger());
    QCOMPARE(QString::fromStdString(greeting->session), expected["session"_L1].toString());
    QCOMPARE(greeting->isRecovered, expected["recovered"_L1].toBool());
    QCOMPARE(qint64(greeting->lastEmit), expected["lastEmit"_L1].toInteger());
    QCOMPARE(qint64(greeting->refusedSince), expected["refusedSince"_L1].toInteger(1));
    QJsonArray refused;
    for (const ReceivedRefusal &refusal : greeting->refused) {
        refused.append(QJsonObject{{u"emit"_s, qint64(refusal.emit)},
                                   {u"code"_s, QString::fromStdString(refusal.code)}});
    }
    QCOMPARE(refused, expected["refused"_L1].toArray());
    QCOMPARE(qint64(greeting->replay), expected["replay"_L1].toInteger());
    QCOMPARE(qint64(greeting->revision), expected["revision"_L1].toInteger());
    QCOMPARE(qint64(greeting->serverTime), expected["serverTime"_L1].toInteger());
    const auto clients = readClients(greeting->connectedClients);
    QVERIFY(clients);
    QCOMPARE(toJson(*clients), expected["connectedClients"_L1].toObject());
}

void tst_ExtendedReader::aGreetingOfTheBaseProfileIsRead()
{
    const auto greeting = readGreeting(R"({"clientId":"id","shardName":"a\"b","limits":{}})");
    QVERIFY(greeting);
    QCOMPARE(greeting->clientId, "id");
    QCOMPARE(greeting->shardName, "a\"b");
    QVERIFY(greeting->connectedClients.empty());
}

void tst_ExtendedReader::theRatesAreRead()
{
    const auto told = readGreeting(
        R"({"clientId":"id","limits":{"messagesPerSecond":1,"messageBurst":2,"bytesPerSecond":3,)"
        R"("byteBurst":4,"userInfosPerSecond":5,"userInfoBurst":6}})");
    QVERIFY(told);
    QVERIFY(told->rates == (SendingRates{1, 2, 3, 4, 5, 6}));
    const auto untold = readGreeting(R"({"clientId":"id","limits":{}})");
    QVERIFY(untold);
    QVERIFY(untold->rates == SendingRates());
}

void tst_ExtendedReader::theListPointsIntoTheText()
{
    const std::string_view text = R"({"clientId":"id", "connectedClients": {"id":{}} })";
    const auto greeting = readGreeting(text);
    QVERIFY(greeting);
    QCOMPARE(greeting->connectedClients, R"({"id":{}})");
    QVERIFY(greeting->connectedClients.data() > text.data()
            && greeting->connectedClients.data() < text.data() + text.size());
}

void tst_ExtendedReader::whatIsNoGreetingIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "{}", "[]", R"({"clientId":""})", R"({"clientId":1})",
          R"({"clientId":"a","epoch":"xyz"})", R"({"clientId":"a","seq":-1})",
          R"({"clientId":"a","seq":9007199254740992})", R"({"clientId":"a","replay":"1"})",
          R"({"clientId":"a","connectedClients":[]})", R"({"clientId":"a","limits":[]})",
          R"({"clientId":"a","recovered":1})", R"({"clientId":"a","session":1})",
          R"({"clientId":"a","refused":[1]})", R"({"clientId":"a","refused":[{"emit":"1"}]})",
          R"({"clientId":"a","limits":{"messageUtf16Units":"1"}})", R"({"clientId":"a"} x)"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_ExtendedReader::whatIsNoGreetingIsNothing()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!readGreeting(std::string_view(text)));
}

void tst_ExtendedReader::acknowledgementsAreRead_data()
{
    QTest::addColumn<quint64>("emit");
    QTest::addColumn<quint64>("seq");
    QTest::newRow("for the shard") << quint64(17) << quint64(42);
    QTest::newRow("for recipients") << quint64(17) << quint64(0);
    QTest::newRow("the highest") << quint64(HighestNumber) << quint64(HighestNumber);
}

void tst_ExtendedReader::acknowledgementsAreRead()
{
    QFETCH(const quint64, emit);
    QFETCH(const quint64, seq);
    const auto ack = readAcknowledgement(ackPayload(emit, seq));
    QVERIFY(ack);
    QCOMPARE(*ack, (Acknowledgement{emit, seq}));
}

void tst_ExtendedReader::whatIsNoAcknowledgementIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "[]", "{}", R"({"emit":0})", R"({"emit":"1"})", R"({"emit":1,"seq":[]})"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_ExtendedReader::whatIsNoAcknowledgementIsNothing()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!readAcknowledgement(std::string_view(text)));
}

void tst_ExtendedReader::presenceIsRead()
{
    QFETCH(const QJsonObject, vector);
    const std::string text = vector["text"_L1].toString().toStdString();
    const QJsonObject expected = parsed(text);
    const auto difference = readPresenceDifference(text);
    QVERIFY(difference);
    QCOMPARE(qint64(difference->revision), expected["revision"_L1].toInteger());
    QCOMPARE(toJson(difference->joined), expected["joined"_L1].toObject());
    QCOMPARE(toJson(difference->changed), expected["changed"_L1].toObject());
    QJsonArray left;
    for (const std::string &clientId : difference->left)
        left.append(QString::fromStdString(clientId));
    QCOMPARE(left, expected["left"_L1].toArray());
}

void tst_ExtendedReader::whatIsNoPresenceIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "[]", R"({"revision":"1"})", R"({"joined":[]})", R"({"joined":{"a":1}})",
          R"({"changed":{"a":[]}})", R"({"left":{}})", R"({"left":[1]})", R"({"revision":1},)"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_ExtendedReader::whatIsNoPresenceIsNothing()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!readPresenceDifference(std::string_view(text)));
}

void tst_ExtendedReader::eventsAreRead()
{
    QFETCH(const QJsonObject, vector);
    ServerMessageParser parser;
    const Padded text(vector["text"_L1].toString().toUtf8());
    const auto message = parser.parse(text.view());
    QVERIFY(message);
    QCOMPARE(toQString(message->payload), vector["payload"_L1].toString());
    QCOMPARE(message->latencyMs, vector["latencyMs"_L1].toDouble());
    QCOMPARE(qint64(message->details.seq), vector["seq"_L1].toInteger());
    QCOMPARE(toQString(message->details.from), vector["from"_L1].toString());
    QCOMPARE(toQString(message->details.fromUser), vector["fromUser"_L1].toString());
    QCOMPARE(message->details.time, vector["time"_L1].toInteger());
    // What is written as JSON text is read as the text that it stands for.
    for (const auto &[key, id] : {std::pair("request"_L1, message->details.request),
                                  std::pair("reply"_L1, message->details.reply)}) {
        const QByteArray json = '[' + vector[key].toString().toUtf8() + ']';
        QCOMPARE(toQString(id), QJsonDocument::fromJson(json)[0].toString());
    }
}

void tst_ExtendedReader::oddDetailsLoseNoEvent()
{
    ServerMessageParser parser;
    const Padded text(
        R"({"eventName":"e","seq":"x","from":1,"fromUser":["u"],"time":{"a":1},"request":1,"reply":[],"payload":7})");
    const auto message = parser.parse(text.view());
    QVERIFY(message);
    QCOMPARE(message->payload, "7");
    QCOMPARE(message->details.seq, 0u);
    QVERIFY(message->details.from.empty());
    QVERIFY(message->details.fromUser.empty());
    QVERIFY(message->details.request.empty());
    QVERIFY(message->details.reply.empty());
    QCOMPARE(message->details.time, 0);
}

QTEST_APPLESS_MAIN(tst_ExtendedReader)
#include "tst_extendedreader.moc"
