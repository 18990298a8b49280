// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "errorof.h"
#include "kittest.h"

#include <DispatchSharedState>
#include <QtCore/qregularexpression.h>
#include <QtCore/qthread.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the test kit's server is to those who test their apps with it: who is in a room, and what
/// each hears.
class tst_Server : public KitTest {
    Q_OBJECT

private Q_SLOTS:
    void clientsJoinWithoutTime();
    void acknowledgesAtOnceWhatComesAtOnce();
    void everythingHappensByTheEventLoopAlone();
    void eventsReachEverybody();
    void tellsWhatClientsDo();
    void peopleComeGoAndChange();
    void peopleWaitForTheFirstClient();
    void peopleTakeSeats();
    void newRoomsHaveNamesOfTheirOwn();
    void peopleHearAndAnswer();
    void peopleShareAState();
    void tellsWhatClientsShare();
    void keepsNoStateIfItShallNot();
    void identifies();
    void givesHistory();
    void infoListsRooms();
    void standsInForAnyUrl();
    void standsInForUrlsWithTheUsualPort_data();
    void standsInForUrlsWithTheUsualPort();
    void theLatestStandsIn();
    void clientsOfOtherThreadsAreTurnedAway();
};

void tst_Server::acknowledgesAtOnceWhatComesAtOnce()
{
    const auto client = join();
    m_server->settle();
    const auto first = client->emitAcknowledged(u"x"_s, 1);
    const auto second = client->emitAcknowledged(u"x"_s, 2);
    m_server->settle();
    // Only the number of the last one is told.
    QCOMPARE(first.result().sequence, 0);
    QCOMPARE(second.result().sequence, 2);
    DispatchSharedState state(client.get());
    const auto change = state.set(u"a"_s, 1);
    const auto later = state.set(u"b"_s, 1);
    m_server->settle();
    QCOMPARE(change.result().sequence, 3);
    QCOMPARE(later.result().sequence, 4);
}

void tst_Server::clientsJoinWithoutTime()
{
    const auto client = makeClient();
    auto joined = client->connectToServer({.shardName = u"lobby"_s});
    m_server->settle();
    QVERIFY(joined.isFinished());
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(joined.result().shardName, u"lobby"_s);
    QVERIFY(joined.result().extended);
    QCOMPARE(client->latency(), 0.0);
    QCOMPARE(m_server->elapsed(), 0ms);
    QCOMPARE(m_server->connections(), 1);
}

void tst_Server::everythingHappensByTheEventLoopAlone()
{
    const auto client = makeClient();
    client->setActive(true);
    QTRY_COMPARE(client->state(), DispatchClient::Connected);
    m_server->join(u"Ann"_s)->emitEvent(u"hello"_s);
    QTRY_COMPARE(namesIn(*client), QStringList({u"self"_s, u"Ann"_s}));
    QCOMPARE(m_server->elapsed(), 0ms);
}

void tst_Server::eventsReachEverybody()
{
    const auto one = join();
    const auto two = join();
    const auto elsewhere = join(u"kitchen"_s);
    QStringList heard;
    const auto listen = [&](DispatchClient &client, const QString &name) {
        client.on(u"message"_s, this,
                  [&heard, name](const QJsonValue &payload, const DispatchEventMetadata &about) {
                      heard += name + payload.toString() + (about.own ? u" own"_s : QString());
                  });
    };
    listen(*one, u"1"_s);
    listen(*two, u"2"_s);
    listen(*elsewhere, u"3"_s);
    one->emitEvent(u"message"_s, u"a"_s);
    m_server->settle();
    QCOMPARE(heard, QStringList({u"1a own"_s, u"2a"_s}));
    heard.clear();
    one->emitEvent(u"message"_s, u"b"_s, {elsewhere->clientId()});
    m_server->settle();
    QCOMPARE(heard, QStringList({u"3b"_s}));
}

void tst_Server::tellsWhatClientsDo()
{
    QSignalSpy joined(m_server.get(), &DispatchTestServer::clientJoined);
    QSignalSpy emitted(m_server.get(), &DispatchTestServer::eventEmitted);
    QSignalSpy left(m_server.get(), &DispatchTestServer::clientLeft);
    const auto client = join();
    QCOMPARE(joined.size(), 1);
    QCOMPARE(joined.first().first().toString(), client->clientId());
    client->emitEvent(u"message"_s, 1);
    client->emitEvent(u"message"_s, 2, {u"user:17"_s});
    client->disconnectFromServer();
    m_server->settle();
    QCOMPARE(emitted.size(), 2);
    QVERIFY(emitted.first().at(3).toJsonValue().isNull());
    QCOMPARE(emitted.last().at(3).toJsonValue()[0].toString(), u"user:17"_s);
    QCOMPARE(left.size(), 1);
}

void tst_Server::peopleComeGoAndChange()
{
    const auto client = join();
    QSignalSpy rows(client->clients(), &QAbstractItemModel::rowsInserted);
    auto *ann = m_server->join(u"Ann"_s, {{u"mood"_s, u"fine"_s}});
    m_server->settle();
    QCOMPARE(namesIn(*client), QStringList({u"self"_s, u"Ann"_s}));
    QCOMPARE(rows.size(), 1);
    ann->setUserInfo({{u"name"_s, u"Anna"_s}});
    m_server->settle();
    QCOMPARE(namesIn(*client), QStringList({u"self"_s, u"Anna"_s}));
    QStringList heard;
    client->on(u"message"_s, this,
               [&](const QJsonValue &payload, const DispatchEventMetadata &about) {
                   heard += payload.toString() + u' ' + about.senderUserId;
               });
    ann->setUserId(u"user:17"_s);
    ann->emitEvent(u"message"_s, u"hello"_s);
    ann->emitEvent(u"message"_s, u"psst"_s, {client->clientId()});
    m_server->settle();
    QCOMPARE(heard, QStringList({u"hello user:17"_s, u"psst user:17"_s}));
    ann->leave();
    m_server->settle();
    QCOMPARE(namesIn(*client), QStringList(u"self"_s));
}

void tst_Server::peopleWaitForTheFirstClient()
{
    auto *ann = m_server->join(u"Ann"_s);
    QVERIFY(!ann->isPresent());
    QSignalSpy present(ann, &DispatchTestPerson::presentChanged);
    const auto client = join();
    QCOMPARE(namesIn(*client), QStringList({u"Ann"_s, u"self"_s}));
    QVERIFY(ann->isPresent());
    QCOMPARE(present.size(), 1);
}

void tst_Server::peopleTakeSeats()
{
    const auto first = makeClient();
    first->setMaxConnectionsPerShard(3);
    first->connectToServer({.shardName = u"small"_s});
    m_server->settle();
    m_server->join(u"Ann"_s);
    m_server->join(u"Bob"_s);
    const auto late = makeClient();
    late->connectToServer({.shardName = u"small"_s});
    m_server->settle();
    QCOMPARE(late->state(), DispatchClient::Failed);
    QCOMPARE(late->error(), DispatchError::ShardFull);
    late->connectToServer({.shardName = QString()});
    m_server->settle();
    QCOMPARE(late->state(), DispatchClient::Connected);
    QCOMPARE_NE(late->currentShardName(), u"small"_s);
}

void tst_Server::newRoomsHaveNamesOfTheirOwn()
{
    const auto first = makeClient();
    first->setMaxConnectionsPerShard(1);
    first->connectToServer({.shardName = u"room-2"_s});
    m_server->settle();
    const auto second = join(QString());
    QCOMPARE(first->state(), DispatchClient::Connected);
    QCOMPARE(second->state(), DispatchClient::Connected);
    QCOMPARE_NE(second->currentShardName(), first->currentShardName());
    QCOMPARE(namesIn(*second), QStringList(u"self"_s));
}

void tst_Server::peopleHearAndAnswer()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    QSignalSpy heard(ann, &DispatchTestPerson::eventReceived);
    client->emitEvent(u"message"_s, QJsonObject{{u"body"_s, u"hello"_s}});
    m_server->settle();
    QCOMPARE(heard.size(), 1);
    QCOMPARE(heard.first().at(1).toJsonValue()[u"body"_s].toString(), u"hello"_s);
    QCOMPARE(heard.first().at(2).toString(), client->clientId());
    ann->answer(u"roll"_s, 4);
    auto reply = client->request(u"roll"_s);
    auto nobody = client->request(u"flip"_s);
    m_server->settle();
    QVERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload().toInt(), 4);
    QVERIFY(!nobody.isFinished());
    m_server->advance(1min);
    QVERIFY(nobody.isFinished());
}

void tst_Server::peopleShareAState()
{
    const auto client = join();
    DispatchSharedState state(client.get());
    auto *ann = m_server->join(u"Ann"_s);
    QVERIFY(ann->setState(u"turn"_s, u"ann"_s, true));
    QVERIFY(ann->setState(u"word"_s, 1));
    QVERIFY(ann->setState(u"word"_s, QJsonValue::Undefined));
    QVERIFY(ann->setState(u"round"_s, 2));
    m_server->settle();
    QCOMPARE(state.keys(), QStringList({u"round"_s, u"turn"_s}));
    QCOMPARE(state.ownerId(u"turn"_s), ann->clientId());
    state.set(u"round"_s, 3, {.owned = true});
    m_server->settle();
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"The shared state was not changed: .?state_owned"_s));
    QVERIFY(!ann->setState(u"round"_s, 4));
    ann->leave();
    m_server->settle();
    QCOMPARE(state.keys(), QStringList{u"round"_s});
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"A person that is in no room can't say anything"_s));
    QVERIFY(!ann->setState(u"turn"_s, 1));
}

void tst_Server::tellsWhatClientsShare()
{
    const auto client = join();
    DispatchSharedState state(client.get());
    QSignalSpy told(m_server.get(), &DispatchTestServer::stateChanged);
    QSignalSpy failed(&state, &DispatchSharedState::changeFailed);
    QVERIFY(m_server->refuseStateChanges(u"state_full"_s));
    state.set(u"a"_s, 1);
    m_server->settle();
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed.first().at(1).value<DispatchError>().reason(), u"state_full"_s);
    QCOMPARE(told.size(), 0);
    state.set(u"a"_s, 2);
    state.remove(u"b"_s);
    m_server->settle();
    QCOMPARE(told.size(), 2);
    QCOMPARE(told.first(),
             QVariantList({client->clientId(), u"a"_s, QVariant::fromValue(QJsonValue(2))}));
    QVERIFY(told.last().at(2).toJsonValue().isUndefined());
}

void tst_Server::keepsNoStateIfItShallNot()
{
    m_server->setMaxStateKeys(0);
    const auto client = join();
    DispatchSharedState state(client.get());
    QVERIFY(!state.isAvailable());
    const auto change = state.set(u"a"_s, 1);
    m_server->settle();
    QCOMPARE(errorOf(change), DispatchError::NotSupported);
}

void tst_Server::identifies()
{
    m_server->setUserOfToken(u"good"_s, u"user:17"_s);
    const auto client = makeClient();
    client->setTokenProvider([] { return u"good"_s; });
    client->setActive(true);
    m_server->settle();
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(client->connectedClients().first().userId, u"user:17"_s);
    const auto stranger = makeClient();
    stranger->connectToServer({.authorization = u"bad"_s});
    m_server->settle();
    QCOMPARE(stranger->error(), DispatchError::Unauthorized);
}

void tst_Server::givesHistory()
{
    m_server->setMaxHistory(2);
    const auto first = join();
    for (const QString &body : {u"a"_s, u"b"_s, u"c"_s})
        first->emitEvent(u"message"_s, body);
    m_server->settle();
    const auto late = makeClient();
    late->setShardName(u"lobby"_s);
    late->setHistory(10);
    QStringList heard;
    late->on(u"message"_s, this,
             [&](const QJsonValue &payload, const DispatchEventMetadata &about) {
                 heard += payload.toString() + (about.replayed ? u" replayed"_s : QString());
             });
    late->setActive(true);
    m_server->settle();
    QCOMPARE(heard, QStringList({u"b replayed"_s, u"c replayed"_s}));
}

void tst_Server::infoListsRooms()
{
    m_server->setLatency(100);
    const auto client = join();
    m_server->advance(1s);
    m_server->join(u"Ann"_s);
    auto listed = client->info();
    m_server->advance(399ms);
    QVERIFY(!listed.isFinished());
    m_server->advance(1ms);
    QCOMPARE(listed.result().size(), 1);
    QCOMPARE(listed.result().first().shardName, u"lobby"_s);
    QCOMPARE(listed.result().first().numConnectedClients, 2);
    m_server->setOffline(true);
    auto failed = client->info();
    m_server->advance(1s);
    QVERIFY(failed.isFinished());
    QCOMPARE(errorOf(failed), DispatchError::NetworkError);
}

void tst_Server::standsInForAnyUrl()
{
    DispatchClient client; // of an app that knows its server
    client.setUrl(QUrl(u"wss://chat.example.org/socket"_s));
    m_server->setUrl(QUrl(u"wss://chat.example.org"_s));
    client.setActive(true);
    QTRY_COMPARE(client.state(), DispatchClient::Connected);
    QCOMPARE(m_server->connections(), 1);
    DispatchTestServer other;
    client.setUrl(other.url());
    QTRY_COMPARE(other.connections(), 1);
    QCOMPARE(m_server->connections(), 0);
    QTRY_COMPARE(client.state(), DispatchClient::Connected);
}

void tst_Server::standsInForUrlsWithTheUsualPort_data()
{
    QTest::addColumn<QUrl>("url");
    QTest::addColumn<QUrl>("asked");
    QTest::addColumn<bool>("standsIn");
    const auto row = [](const char *url, const char *asked, bool standsIn) {
        QTest::addRow("%s for %s", url, asked)
            << QUrl(QString::fromLatin1(url)) << QUrl(QString::fromLatin1(asked)) << standsIn;
    };
    row("wss://chat.example.org", "wss://chat.example.org:443/socket", true);
    row("wss://chat.example.org:443", "wss://chat.example.org/socket", true);
    row("wss://chat.example.org:443", "wss://chat.example.org:443", true);
    row("ws://127.0.0.1", "ws://127.0.0.1:80", true);
    row("ws://127.0.0.1:80", "ws://127.0.0.1", true);
    row("ws://[::1]:80", "ws://[::1]", true);
    row("wss://Chat.Example.org", "WSS://chat.example.org:443", true);
    row("wss://chat.example.org", "wss://chat.example.org:80", false);
    row("wss://chat.example.org", "wss://chat.example.org:8443", false);
    row("ws://127.0.0.1", "ws://127.0.0.1:443", false);
    row("ws://127.0.0.1", "wss://127.0.0.1", false);
    row("ws://127.0.0.1:443", "wss://127.0.0.1", false);
}

void tst_Server::standsInForUrlsWithTheUsualPort()
{
    QFETCH(QUrl, url);
    QFETCH(QUrl, asked);
    QFETCH(bool, standsIn);
    DispatchTestServer other;
    other.setUrl(asked);
    m_server->setUrl(url);
    QCOMPARE(m_server->url(), url);
    DispatchClient client;
    client.setUrl(asked);
    client.setActive(true);
    QTRY_COMPARE(client.state(), DispatchClient::Connected);
    QCOMPARE(m_server->connections(), standsIn ? 1 : 0);
    QCOMPARE(other.connections(), standsIn ? 0 : 1);
}

void tst_Server::theLatestStandsIn()
{
    const QUrl url(u"wss://chat.example.org"_s);
    DispatchTestServer latest;
    m_server->setUrl(url);
    latest.setUrl(url);
    m_server->setUrl(QUrl(u"wss://elsewhere.example.org"_s));
    DispatchClient client;
    client.setUrl(url);
    client.setActive(true);
    QTRY_COMPARE(client.state(), DispatchClient::Connected);
    QCOMPARE(latest.connections(), 1);
}

void tst_Server::clientsOfOtherThreadsAreTurnedAway()
{
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"lives on another thread: make clients on"_s));
    const std::unique_ptr<QThread> thread(QThread::create([url = m_server->url()] {
        DispatchClient client;
        client.setUrl(url);
    }));
    thread->start();
    QVERIFY(thread->wait());
}

QTEST_GUILESS_MAIN(tst_Server)
#include "tst_server.moc"
