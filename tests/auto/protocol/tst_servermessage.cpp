// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "padded.h"
#include "presencemessage_p.h"
#include "servermessage_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <limits>

using namespace Dispatch;

class TestServerMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventIsWrittenAroundItsPayload();
    void latencyIsAlwaysANumberFromZeroOn_data();
    void latencyIsAlwaysANumberFromZeroOn();
    void envelopeIsRead();
    void whatIsNoEnvelopeIsNothing_data();
    void whatIsNoEnvelopeIsNothing();
    void greetingNamesClientAndShard();
    void presenceIsWritten();
    void presenceIsCutIntoItsClients();
    void whatIsNoPresenceIsNothing_data();
    void whatIsNoPresenceIsNothing();

private:
    ServerMessageParser m_parser;
};

static QByteArray bytes(std::string_view view)
{
    return QByteArray(view.data(), qsizetype(view.size()));
}

void TestServerMessage::eventIsWrittenAroundItsPayload()
{
    std::string out = "before";
    appendServerMessage(out, "\"e\\u0041\"", "[1.0,-0]", 1.5);
    QCOMPARE(
        out,
        std::string("before{\"eventName\":\"e\\u0041\",\"payload\":[1.0,-0],\"latencyMs\":1.500}"));
}

void TestServerMessage::latencyIsAlwaysANumberFromZeroOn_data()
{
    QTest::addColumn<double>("latency");
    QTest::addColumn<double>("written");
    QTest::newRow("zero") << 0.0 << 0.0;
    QTest::newRow("some") << 12.345 << 12.345;
    QTest::newRow("negative") << -3.0 << 0.0;
    QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN() << 0.0;
    QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << 0.0;
    QTest::newRow("huge") << 1e300 << 1e9;
}

void TestServerMessage::latencyIsAlwaysANumberFromZeroOn()
{
    QFETCH(double, latency);
    QFETCH(double, written);
    std::string out;
    appendServerMessage(out, "\"e\"", "{}", latency);
    QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(out))["latencyMs"].toDouble(-1),
             written);
}

void TestServerMessage::envelopeIsRead()
{
    const Padded text("{\"seq\":1,\"payload\": {\"a\":[1,\"}\"]} "
                      ",\"latencyMs\":2,\"eventName\":\"\\u0041b\",\"x\":{}}");
    const auto message = m_parser.parse(text.view());
    QVERIFY(message);
    QCOMPARE(bytes(message->eventName), "Ab");
    QCOMPARE(bytes(message->payload), "{\"a\":[1,\"}\"]}");
    QCOMPARE(message->latencyMs, 2.0);

    const Padded bare("{\"eventName\":\"e\"}");
    QCOMPARE(bytes(m_parser.parse(bare.view())->payload), "{}");
    const Padded scalar("{\"eventName\":\"e\",\"payload\":\"x\" ,\"latencyMs\":null}");
    QCOMPARE(bytes(m_parser.parse(scalar.view())->payload), "\"x\"");
}

void TestServerMessage::whatIsNoEnvelopeIsNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "x", "1", "[]", "{}", "{\"eventName\":1}", "{\"eventName\":\"\"}",
                             "{\"payload\":1}", "{\"eventName\":\"e\"", "{\"eventName\":\"e\"} {}",
                             "{\"eventName\":\"e\",\"payload\":[}", "{\"eventName\":\"\xFF\"}"}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TestServerMessage::whatIsNoEnvelopeIsNothing()
{
    QFETCH(QByteArray, text);
    const Padded padded(text);
    QVERIFY(!m_parser.parse(padded.view()));
}

void TestServerMessage::greetingNamesClientAndShard()
{
    const QByteArray text =
        QByteArray::fromStdString(connectedPayload("id", "a \"room\"", "{\"recipients\":3}"));
    const QJsonObject expected{{"clientId", "id"},
                               {"shardName", "a \"room\""},
                               {"limits", QJsonObject{{"recipients", 3}}}};
    QCOMPARE(QJsonDocument::fromJson(text).object(), expected);
}

void TestServerMessage::presenceIsWritten()
{
    PresenceWriter writer;
    writer.add({"a", "\"name\":\"Ann\"", "", 1'700'000'000'123});
    writer.add({"b\"", "", "user", 2});
    writer.add({"c", "\"name\":\"Cem\"", "", 3, true});
    const QByteArray text = QByteArray::fromStdString(writer.take());
    QCOMPARE(text,
             "{\"a\":{\"name\":\"Ann\",\"lastPing\":1700000000123},"
             "\"b\\\"\":{\"userId\":\"user\",\"lastPing\":2},"
             "\"c\":{\"truncated\":true,\"lastPing\":3}}");
    QCOMPARE(connectedClientsPayload(PresenceWriter().take()),
             std::string("{\"connectedClients\":{}}"));
}

void TestServerMessage::presenceIsCutIntoItsClients()
{
    const QByteArray payload =
        "{\"x\":1,\"connectedClients\":{\"b\":{\"n\":{\"}\":[1.0]}}, \"\\u0061\" : {} }}";
    const auto slices =
        parsePresence(std::string_view(payload.constData(), std::size_t(payload.size())));
    QVERIFY(slices);
    QCOMPARE(slices->size(), std::size_t(2));
    QCOMPARE((*slices)[0].clientId, std::string("b"));
    QCOMPARE(bytes((*slices)[0].entry), "{\"n\":{\"}\":[1.0]}}");
    QCOMPARE((*slices)[1].clientId, std::string("a"));
    QCOMPARE(bytes((*slices)[1].entry), "{}");
}

void TestServerMessage::whatIsNoPresenceIsNothing_data()
{
    QTest::addColumn<QByteArray>("payload");
    for (const char *payload :
         {"", "{}", "[]", "null", "{\"connectedClients\":null}", "{\"connectedClients\":[]}",
          "{\"connectedClients\":{\"a\":1}}", "{\"connectedClients\":{\"a\":{}"}) {
        QTest::newRow(payload) << QByteArray(payload);
    }
}

void TestServerMessage::whatIsNoPresenceIsNothing()
{
    QFETCH(QByteArray, payload);
    QVERIFY(!parsePresence(std::string_view(payload.constData(), std::size_t(payload.size()))));
}

QTEST_APPLESS_MAIN(TestServerMessage)
#include "tst_servermessage.moc"
