// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString Clients = u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s;
const QString Connected = u"@@KOJI_DISPATCH/CONNECTED"_s;
const QString Error = u"@@KOJI_DISPATCH/ERROR"_s;

QByteArray nested(int levels)
{
    return QByteArray(levels, '[') + QByteArray(levels, ']');
}

QByteArray listOf(int clients)
{
    QByteArray list;
    for (int i = 0; i < clients; ++i)
        list += (i ? ",\"" : "\"") + QByteArray::number(i) + "\":{}";
    return "{\"connectedClients\":{" + list + "}}";
}

} // namespace

/// Messages of a server that means harm: what they say is told from what they are.
class tst_HostileMessages : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void deepPayloadIsNoHarm_data();
    void deepPayloadIsNoHarm();
    void longListOfClientsIsIgnored();
    void greetingOfNoSenseIsNoGreeting_data();
    void greetingOfNoSenseIsNoGreeting();
    void wrongTypesAreNoHarm_data();
    void wrongTypesAreNoHarm();
    void platformEventsCountInTheirPlaceOnly();
    void errorsAreCutAndCleaned();
    void logIsNotFilled();
};

void tst_HostileMessages::deepPayloadIsNoHarm_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("payload");
    const QByteArray deep = nested(400'000);
    QTest::newRow("event") << u"x"_s << deep;
    QTest::newRow("event, objects")
        << u"x"_s << QByteArray("{\"a\":").repeated(150'000) + "1" + QByteArray(150'000, '}');
    QTest::newRow("event that does not end") << u"x"_s << QByteArray(800'000, '[');
    QTest::newRow("greeting") << Connected << deep;
    QTest::newRow("error") << Error << deep;
    QTest::newRow("list of clients") << Clients << deep;
    QTest::newRow("a client") << Clients
                              << R"({"connectedClients":{"a":{"x":)" + deep + R"(},"b":{}}})";
}

void tst_HostileMessages::deepPayloadIsNoHarm()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, payload);
    QVERIFY(join());
    QList<QJsonValue> values;
    QList<QVariant> variants;
    m_client->on(u"x"_s, this, [&](const DispatchEvent &event) {
        variants.append(event.toVariant());
        values.append(event.payload());
    });
    QSignalSpy events(m_client.get(), &DispatchClient::eventReceived);
    m_server->last()->sendText(message(name, payload));
    m_server->last()->sendText(message(u"x"_s, "1"));
    QTRY_VERIFY(!values.isEmpty() && values.last() == QJsonValue(1));
    for (const QVariant &variant : variants)
        QVERIFY(!variant.isValid() || variant == QVariant(1));
    QVERIFY(events.size() >= 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->count(), 1);
}

void tst_HostileMessages::longListOfClientsIsIgnored()
{
    m_client->setIncomingLimits({.maxConnectedClients = 1'000});
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 1);
    m_server->last()->sendText(message(Clients, listOf(1'000)));
    QTRY_COMPARE(m_client->clients()->count(), 1'000);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"too long"_s));
    m_server->last()->sendText(message(Clients, listOf(1'001)));
    m_server->last()->sendText(message(Clients, listOf(60'000)));
    int calls = 0;
    m_client->on(u"x"_s, this, [&] { ++calls; });
    m_server->last()->sendText(message(u"x"_s, "1"));
    QTRY_COMPARE(calls, 1);
    QCOMPARE(m_client->connectedClients().size(), 1'000);
    m_server->last()->sendText(message(Clients, listOf(2)));
    QTRY_COMPARE(m_client->clients()->count(), 2);
}

void tst_HostileMessages::greetingOfNoSenseIsNoGreeting_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("null") << "null"_ba;
    QTest::newRow("a list") << "[1]"_ba;
    QTest::newRow("a text") << "\"me\""_ba;
    QTest::newRow("no id") << R"({"shardName":"s"})"_ba;
    QTest::newRow("a number for an id") << R"({"clientId":1,"shardName":"s"})"_ba;
    QTest::newRow("a long id") << "{\"clientId\":\"" + QByteArray(300, 'x') + "\"}";
    QTest::newRow("a long name") << R"({"clientId":"a","shardName":")" + QByteArray(300, 'x')
            + "\"}";
}

void tst_HostileMessages::greetingOfNoSenseIsNoGreeting()
{
    QFETCH(QByteArray, payload);
    m_server->onRequest = [&](FakePeer *peer) {
        peer->acceptUpgrade();
        peer->sendText(message(Connected, payload));
        m_server->onRequest = nullptr;
    };
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QVERIFY(join());
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.first().first().value<DispatchError>().code(), DispatchError::ProtocolError);
    QCOMPARE(m_server->count(), 2);
}

void tst_HostileMessages::wrongTypesAreNoHarm_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArrayList values{
        "null", "true", "1", "-1e300", "\"x\"", "[]", "[{}]", "{}", "{\"a\":[1,{\"b\":null}]}"};
    for (const QByteArray &value : values) {
        for (const QString &name : {Clients, Error, u"@@KOJI_DISPATCH/NEWS"_s}) {
            QTest::addRow("%s %s", qPrintable(name.section(u'/', 1)), value.constData())
                << message(name, value);
        }
        const auto row = [&](const char *what, const QByteArray &text) {
            QTest::addRow("%s %s", what, value.constData()) << text;
        };
        row("list", message(Clients, "{\"connectedClients\":" + value + "}"));
        row("client", message(Clients, "{\"connectedClients\":{\"a\":" + value + "}}"));
        row("members of a client",
            message(Clients,
                    R"({"connectedClients":{"a":{"userId":)" + value + ",\"lastPing\":" + value
                        + "}}}"));
        row("members of an error",
            message(Error,
                    "{\"code\":" + value + ",\"message\":" + value + ",\"closing\":" + value
                        + ",\"retry\":" + value + "}"));
        row("eventName", "{\"eventName\":" + value + ",\"payload\":1}");
        row("latency", "{\"eventName\":\"y\",\"payload\":1,\"latencyMs\":" + value + "}");
        row("message", value);
    }
}

void tst_HostileMessages::wrongTypesAreNoHarm()
{
    QFETCH(QByteArray, text);
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
    const auto restore = qScopeGuard([] { qInstallMessageHandler(nullptr); });
    QVERIFY(join());
    QList<double> latencies;
    connect(m_client.get(), &DispatchClient::eventReceived, this,
            [&](const QString &, const QJsonValue &, const DispatchEventMetadata &metadata) {
                latencies.append(metadata.latencyMs);
            });
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_server->last()->sendText(text);
    m_server->last()->sendText(message(u"x"_s, "1"));
    QTRY_VERIFY(!latencies.isEmpty());
    QTest::qWait(0);
    for (const double latency : latencies)
        QVERIFY(latency >= 0);
    for (const auto &error : errors)
        QVERIFY(!error.first().value<DispatchError>().message().isEmpty());
    for (const DispatchConnectedClient &client : m_client->connectedClients())
        QVERIFY(!client.clientId.isEmpty());
    QCOMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->count(), 1);
}

void tst_HostileMessages::platformEventsCountInTheirPlaceOnly()
{
    const QByteArray ghosts = R"({"connectedClients":{"ghost":{}}})";
    m_server->onRequest = [&](FakePeer *peer) {
        peer->acceptUpgrade();
        peer->sendText(message(Clients, ghosts));
        peer->sendText(message(u"@@KOJI_DISPATCH/IDENTIFY"_s, R"({"token":"x"})"));
        peer->sendText(message(u"early"_s, "1"));
        peer->greet(u"me"_s, u"s"_s);
        peer->greet(u"somebody else"_s, u"t"_s);
        peer->sendText(message(u"@@KOJI_DISPATCH/SET_USER_INFO"_s, R"({"name":"Eve"})"));
        peer->sendText(message(u"@@koji_dispatch/connected"_s, R"({"clientId":"x"})"));
        peer->sendText(message(u"late"_s, "2"));
    };
    m_client->identify(u"my-token"_s);
    QSignalSpy events(m_client.get(), &DispatchClient::eventReceived);
    QSignalSpy connected(m_client.get(), &DispatchClient::connected);
    QVERIFY(join());
    QTRY_COMPARE(events.size(), 1);
    QCOMPARE(events.first().first().toString(), u"late"_s);
    QCOMPARE(connected.size(), 1);
    QCOMPARE(m_client->clientId(), u"me"_s);
    QCOMPARE(m_client->currentShardName(), u"s"_s);
    QCOMPARE(m_client->userInfo(), QJsonObject());
    QCOMPARE(m_client->connectedClients(), QList<DispatchConnectedClient>());
    // A second greeting is no reason to tell the token again.
    QTRY_COMPARE(m_server->last()->eventNames(), QStringList{u"@@KOJI_DISPATCH/IDENTIFY"_s});
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_HostileMessages::errorsAreCutAndCleaned()
{
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_server->last()->sendEvent(
        Error,
        QJsonObject{{u"code"_s, QString(100'000, u'c')},
                    {u"message"_s, u"a\n\u202E"_s + QString(100'000, u'm')}});
    QTRY_COMPARE(errors.size(), 1);
    const auto error = errors.first().first().value<DispatchError>();
    QVERIFY(error.message().size() < 2'000 && error.reason().size() < 2'000);
    QVERIFY(error.message().startsWith(u"a mmm"_s));
    m_server->last()->sendClose(4500, "a\x1b[2Jb");
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
    QVERIFY(!m_client->errorString().contains(u'\x1b'));
}

void tst_HostileMessages::logIsNotFilled()
{
    static int warnings;
    warnings = 0;
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext &, const QString &) {
        warnings += type == QtWarningMsg;
    });
    const auto restore = qScopeGuard([] { qInstallMessageHandler(nullptr); });
    QVERIFY(join());
    int calls = 0;
    m_client->on(u"x"_s, this, [&] { ++calls; });
    for (int i = 0; i < 1'000; ++i) {
        m_server->last()->sendText("nonsense");
        m_server->last()->sendText(message(Clients, "null"));
    }
    m_server->last()->sendText(message(u"x"_s, "1"));
    QTRY_COMPARE(calls, 1);
    QCOMPARE(warnings, 1);
}

QTEST_GUILESS_MAIN(tst_HostileMessages)
#include "tst_hostilemessages.moc"
