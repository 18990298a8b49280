// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "errorof.h"

#include <DispatchClient>
#include <DispatchTestRecorder>
#include <DispatchTestServer>

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the test kit promises to those who test their apps with it.
class tst_TestServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void clientsJoinWithoutTime();
    void joinsTakeTheirTripsOverASlowNetwork();
    void everythingHappensByTheEventLoopAlone();
    void anHourOfRetriesTakesNoTime();
    void retriesComeWhenTheJitterSays();
    void timersFireInOrder();
    void eventsReachEverybody();
    void peopleComeGoAndChange();
    void peopleWaitForTheFirstClient();
    void peopleTakeSeats();
    void peopleHearAndAnswer();
    void losesAndRecovers();
    void losesAndDoesNotRecover_data();
    void losesAndDoesNotRecover();
    void queuesOffline();
    void aSilentNetworkIsNoticedByTheHeartbeat();
    void whatASilentNetworkHeldUpArrives();
    void refusesJoinsByCode_data();
    void refusesJoinsByCode();
    void refusesWhatIsNoCode();
    void refusesEvents();
    void kicks();
    void drains();
    void paces();
    void identifies();
    void givesHistory();
    void standsInForAnyUrl();
    void isOfflineWhenItIsGone();
    void infoListsRooms();
    void replaysWhatWasRecorded();
    void recordsUpToItsLimit();
    void replaysNothingThatIsNoRecording_data();
    void replaysNothingThatIsNoRecording();
    void tellsWhatClientsDo();
    void clientsCanBeDeletedInAnyHandler_data();
    void clientsCanBeDeletedInAnyHandler();
    void clientsOfOtherThreadsAreTurnedAway();

private:
    std::unique_ptr<DispatchClient> makeClient();
    std::unique_ptr<DispatchClient> join(const QString &shard = u"lobby"_s);
    static QStringList namesIn(const DispatchClient &client);

    std::unique_ptr<DispatchTestServer> m_server;
};

void tst_TestServer::init()
{
    m_server = std::make_unique<DispatchTestServer>();
}

void tst_TestServer::cleanup()
{
    m_server.reset();
}

std::unique_ptr<DispatchClient> tst_TestServer::makeClient()
{
    auto client = std::make_unique<DispatchClient>();
    client->setUrl(m_server->url());
    return client;
}

std::unique_ptr<DispatchClient> tst_TestServer::join(const QString &shard)
{
    auto client = makeClient();
    client->setShardName(shard);
    client->setActive(true);
    m_server->settle();
    return client;
}

QStringList tst_TestServer::namesIn(const DispatchClient &client)
{
    QStringList names;
    for (const DispatchConnectedClient &there : client.connectedClients())
        names += there.isSelf ? u"self"_s : there.userInfo[u"name"_s].toString();
    return names;
}

void tst_TestServer::clientsJoinWithoutTime()
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

void tst_TestServer::joinsTakeTheirTripsOverASlowNetwork()
{
    m_server->setLatency(200);
    const auto client = join();
    m_server->advance(799ms);
    QCOMPARE(client->state(), DispatchClient::Connecting);
    m_server->advance(1ms);
    QCOMPARE(client->state(), DispatchClient::Connected);
    m_server->advance(400ms);
    QCOMPARE(client->latency(), 200.0);
    int heard = 0;
    client->on(u"tap"_s, this, [&] { ++heard; });
    QCOMPARE(client->emitEvent(u"tap"_s), DispatchClient::Sent);
    m_server->advance(399ms);
    QCOMPARE(heard, 0);
    m_server->advance(1ms);
    QCOMPARE(heard, 1);
}

void tst_TestServer::everythingHappensByTheEventLoopAlone()
{
    const auto client = makeClient();
    client->setActive(true);
    QTRY_COMPARE(client->state(), DispatchClient::Connected);
    m_server->join(u"Ann"_s)->emitEvent(u"hello"_s);
    QTRY_COMPARE(namesIn(*client), QStringList({u"self"_s, u"Ann"_s}));
    QCOMPARE(m_server->elapsed(), 0ms);
}

void tst_TestServer::anHourOfRetriesTakesNoTime()
{
    QElapsedTimer real;
    real.start();
    m_server->setOffline(true);
    const auto client = join();
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    m_server->advance(1h);
    QVERIFY(errors.size() > 100);
    QCOMPARE(client->state(), DispatchClient::Waiting);
    m_server->setOffline(false);
    m_server->advance(20s);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QVERIFY2(real.elapsed() < 10'000, qPrintable(QString::number(real.elapsed())));
}

void tst_TestServer::retriesComeWhenTheJitterSays()
{
    m_server->setJitter(0.25);
    const auto client = join();
    client->setReconnectPolicy({.minDelay = 1'000, .maxDelay = 8'000});
    m_server->setOffline(true);
    QCOMPARE(client->state(), DispatchClient::Waiting);
    QCOMPARE(client->nextRetryIn(), 250);
    m_server->advance(250ms);
    QCOMPARE(client->nextRetryIn(), 500);
    m_server->setOffline(false);
    m_server->advance(499ms);
    QCOMPARE(client->nextRetryIn(), 1);
    QCOMPARE(client->state(), DispatchClient::Waiting);
    m_server->advance(1ms);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_TestServer::timersFireInOrder()
{
    const auto client = join();
    client->setLossGrace(3'000);
    client->setReconnectPolicy({.minDelay = 20'000, .maxDelay = 20'000});
    client->setQueuePolicy({.maxAge = 1'000});
    QStringList seen;
    const auto note = [&](const QString &what) {
        seen += what + u'@' + QString::number(m_server->elapsed().count());
    };
    connect(client.get(), &DispatchClient::lostConnection, this, [&] { note(u"lost"_s); });
    connect(client.get(), &DispatchClient::eventDropped, this, [&] { note(u"dropped"_s); });
    connect(client.get(), &DispatchClient::connectionRestored, this, [&] { note(u"restored"_s); });
    m_server->drop();
    client->emitEvent(u"tap"_s);
    m_server->advance(1min);
    QCOMPARE(seen, QStringList({u"dropped@1000"_s, u"lost@3000"_s, u"restored@10000"_s}));
}

void tst_TestServer::eventsReachEverybody()
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

void tst_TestServer::peopleComeGoAndChange()
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

void tst_TestServer::peopleWaitForTheFirstClient()
{
    auto *ann = m_server->join(u"Ann"_s);
    QVERIFY(!ann->isPresent());
    QSignalSpy present(ann, &DispatchTestPerson::presentChanged);
    const auto client = join();
    QCOMPARE(namesIn(*client), QStringList({u"Ann"_s, u"self"_s}));
    QVERIFY(ann->isPresent());
    QCOMPARE(present.size(), 1);
}

void tst_TestServer::peopleTakeSeats()
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

void tst_TestServer::peopleHearAndAnswer()
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

void tst_TestServer::losesAndRecovers()
{
    const auto client = join();
    const QString id = client->clientId();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    QStringList heard;
    client->on(u"message"_s, this, [&](const QJsonValue &payload) { heard += payload.toString(); });
    QSignalSpy restored(client.get(), &DispatchClient::connectionRestored);
    QSignalSpy rows(client->clients(), &QAbstractItemModel::rowsRemoved);
    m_server->drop();
    QCOMPARE(client->state(), DispatchClient::Waiting);
    QCOMPARE(m_server->connections(), 0);
    ann->emitEvent(u"message"_s, u"one"_s);
    ann->emitEvent(u"message"_s, u"for you"_s, {id});
    ann->emitEvent(u"message"_s, u"two"_s);
    m_server->advance(1s);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(heard, QStringList({u"one"_s, u"for you"_s, u"two"_s}));
    QCOMPARE(restored.size(), 1);
    QVERIFY(restored.first().first().value<DispatchConnectionInfo>().recovered);
    QCOMPARE(client->clientId(), id);
    QCOMPARE(rows.size(), 0);
}

void tst_TestServer::losesAndDoesNotRecover_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<bool>("sameId");
    QTest::newRow("sessions are forgotten") << 0 << false;
    QTest::newRow("away for too long") << 1 << false;
    QTest::newRow("missed too much") << 2 << true;
    QTest::newRow("the server was drained") << 3 << false;
}

void tst_TestServer::losesAndDoesNotRecover()
{
    QFETCH(int, way);
    QFETCH(bool, sameId);
    const auto client = join();
    const QString id = client->clientId();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    QSignalSpy restored(client.get(), &DispatchClient::connectionRestored);
    m_server->setMaxReplayEvents(1);
    if (way == 3)
        m_server->drain(100);
    else
        m_server->setOffline(true);
    for (int i = 0; way == 2 && i < 2; ++i)
        ann->emitEvent(u"message"_s);
    if (way == 0)
        m_server->forgetSessions();
    if (way == 1)
        m_server->advance(31s);
    m_server->setOffline(false);
    m_server->advance(20s);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(restored.size(), 1);
    QVERIFY(!restored.first().first().value<DispatchConnectionInfo>().recovered);
    QCOMPARE(client->clientId() == id, sameId);
}

void tst_TestServer::queuesOffline()
{
    const auto client = join();
    m_server->setOffline(true);
    auto *pending = client->pendingEvents();
    QCOMPARE(client->emitEvent(u"message"_s, u"a"_s), DispatchClient::Queued);
    QCOMPARE(client->emitEvent(u"message"_s, u"b"_s), DispatchClient::Queued);
    m_server->settle();
    QCOMPARE(client->queuedEvents(), 2);
    QCOMPARE(pending->rowCount(), 2);
    QSignalSpy emitted(m_server.get(), &DispatchTestServer::eventEmitted);
    m_server->setOffline(false);
    client->retryNow();
    m_server->settle();
    QCOMPARE(emitted.size(), 2);
    QCOMPARE(emitted.last().at(2).toJsonValue(), QJsonValue(u"b"_s));
    QCOMPARE(client->queuedEvents(), 0);
    QCOMPARE(pending->rowCount(), 0);
}

void tst_TestServer::aSilentNetworkIsNoticedByTheHeartbeat()
{
    const auto client = join();
    m_server->setSilent(true);
    m_server->advance(20s);
    QCOMPARE(client->state(), DispatchClient::Connected);
    m_server->advance(20s);
    QCOMPARE(client->error(), DispatchError::HeartbeatTimeout);
    m_server->setSilent(false);
    m_server->advance(30s);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_TestServer::whatASilentNetworkHeldUpArrives()
{
    const auto client = join();
    int heard = 0;
    client->on(u"tap"_s, this, [&] { ++heard; });
    m_server->setSilent(true);
    client->emitEvent(u"tap"_s);
    m_server->advance(5s);
    QCOMPARE(heard, 0);
    m_server->setSilent(false);
    QCOMPARE(heard, 1);
}

void tst_TestServer::refusesJoinsByCode_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<DispatchError::Code>("error");
    QTest::addColumn<bool>("comesBack");
    QTest::newRow("banned") << u"banned"_s << DispatchError::Unauthorized << false;
    QTest::newRow("unauthorized") << u"unauthorized"_s << DispatchError::Unauthorized << false;
    QTest::newRow("shard_full") << u"shard_full"_s << DispatchError::ShardFull << false;
    QTest::newRow("server_full") << u"server_full"_s << DispatchError::ServerUnavailable << true;
    QTest::newRow("draining") << u"draining"_s << DispatchError::ServerUnavailable << true;
}

void tst_TestServer::refusesJoinsByCode()
{
    QFETCH(QString, code);
    QFETCH(DispatchError::Code, error);
    QFETCH(bool, comesBack);
    QVERIFY(m_server->refuseJoins(code));
    const auto client = join();
    QCOMPARE(client->error(), error);
    QCOMPARE(client->lastError().reason(), code);
    QCOMPARE(client->state(), comesBack ? DispatchClient::Waiting : DispatchClient::Failed);
    client->retryNow();
    m_server->settle();
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_TestServer::refusesWhatIsNoCode()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"'full' is no code of a refusal"_s));
    QVERIFY(!m_server->refuseJoins(u"full"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"'rate_limited' refuses no join"_s));
    QVERIFY(!m_server->refuseJoins(u"rate_limited"_s));
}

void tst_TestServer::refusesEvents()
{
    const auto client = join();
    QVERIFY(m_server->refuseEvents(u"message"_s, u"rate_limited"_s, 1, 500));
    client->emitEvent(u"another"_s);
    auto refused = client->emitAcknowledged(u"message"_s);
    auto taken = client->emitAcknowledged(u"message"_s);
    m_server->settle();
    QVERIFY(refused.isFinished());
    QCOMPARE(client->lastError().reason(), u"rate_limited"_s);
    QCOMPARE(client->lastError().retryAfter(), std::optional(500ms));
    QCOMPARE(errorOf(refused), DispatchError::RefusedByServer);
    QCOMPARE(taken.result().sequence, 2);
}

void tst_TestServer::kicks()
{
    const auto client = join();
    QSignalSpy left(m_server.get(), &DispatchTestServer::clientLeft);
    QVERIFY(!m_server->kick(u"nobody"_s));
    QVERIFY(m_server->kick(client->clientId(), u"banned"_s));
    QCOMPARE(client->state(), DispatchClient::Failed);
    QCOMPARE(client->lastError().reason(), u"banned"_s);
    QCOMPARE(left.size(), 1);
}

void tst_TestServer::drains()
{
    const auto client = join();
    m_server->drain(2'000);
    QCOMPARE(client->state(), DispatchClient::Waiting);
    QCOMPARE(client->lastError().reason(), u"draining"_s);
    m_server->advance(1999ms);
    QCOMPARE(client->state(), DispatchClient::Waiting);
    m_server->advance(501ms);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_TestServer::paces()
{
    m_server->setMessageRate(10, 10);
    const auto client = join();
    QSignalSpy emitted(m_server.get(), &DispatchTestServer::eventEmitted);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    for (int i = 0; i < 30; ++i)
        client->emitEvent(u"tap"_s, i);
    m_server->settle();
    QVERIFY(client->queuedEvents() > 0);
    m_server->advance(10s);
    QCOMPARE(emitted.size(), 30);
    QCOMPARE(errors.size(), 0);
}

void tst_TestServer::identifies()
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

void tst_TestServer::givesHistory()
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

void tst_TestServer::standsInForAnyUrl()
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
    QCOMPARE(client.state(), DispatchClient::Connected);
}

void tst_TestServer::isOfflineWhenItIsGone()
{
    const auto client = join();
    m_server.reset();
    QTRY_COMPARE(client->state(), DispatchClient::Waiting);
    QCOMPARE(client->error(), DispatchError::NetworkError);
}

void tst_TestServer::infoListsRooms()
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

void tst_TestServer::replaysWhatWasRecorded()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s, {{u"mood"_s, u"fine"_s}});
    m_server->settle();
    DispatchTestRecorder recorder;
    recorder.setClient(client.get());
    m_server->advance(1s);
    ann->emitEvent(u"message"_s, u"hello"_s);
    client->emitEvent(u"message"_s, u"mine"_s);
    m_server->advance(500ms);
    ann->setUserInfo({{u"name"_s, u"Anna"_s}});
    m_server->join(u"Bob"_s);
    m_server->emitEvent(u"news"_s, QJsonObject{{u"n"_s, 1}});
    m_server->advance(1s);
    ann->leave();
    m_server->settle();

    DispatchTestServer other;
    DispatchClient app;
    app.setUrl(other.url());
    QStringList seen;
    const auto note = [&](const QString &what) {
        seen += QString::number(other.elapsed().count()) + u' ' + what;
    };
    connect(&app, &DispatchClient::connectedClientsChanged, this,
            [&] { note(namesIn(app).join(u',')); });
    connect(&app, &DispatchClient::eventReceived, this,
            [&](const QString &name, const QJsonValue &payload, const auto &about) {
                note(name + u' ' + payload.toString()
                     + (about.senderId.isEmpty() ? u"-"_s : QString()));
            });
    QSignalSpy replayed(&other, &DispatchTestServer::replayed);
    app.setActive(true);
    other.settle();
    QVERIFY(other.replay(recorder.recording()));
    other.advance(1min);
    QCOMPARE(replayed.size(), 1);
    QCOMPARE(seen,
             QStringList({u"0 self"_s, u"0 self,Ann"_s, u"1000 message hello"_s, u"1500 news -"_s,
                          u"1500 self,Anna,Bob"_s, u"2500 self,Bob"_s}));
}

void tst_TestServer::recordsUpToItsLimit()
{
    const auto client = join();
    auto *ann = m_server->join(u"Ann"_s);
    m_server->settle();
    DispatchTestRecorder recorder;
    recorder.setMaxBytes(200);
    recorder.setClient(client.get());
    for (int i = 0; i < 10; ++i)
        ann->emitEvent(u"message"_s, i);
    m_server->settle();
    QVERIFY(recorder.isFull());
    QVERIFY(recorder.recording().size() <= 200);
    DispatchTestServer other;
    QVERIFY(other.replay(recorder.recording()));
}

void tst_TestServer::replaysNothingThatIsNoRecording_data()
{
    const QByteArray head = "{\"dispatchRecording\":1}\n";
    QTest::addColumn<QByteArray>("recording");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("hello");
    QTest::newRow("another version") << QByteArray("{\"dispatchRecording\":2}");
    QTest::newRow("no step") << head + "{\"at\":1}";
    QTest::newRow("two steps in one")
        << head + "{\"at\":1,\"person\":\"1\",\"leaves\":true,\"emits\":\"x\"}";
    QTest::newRow("nobody leaves") << head + "{\"at\":1,\"leaves\":true}";
    QTest::newRow("no time") << head + "{\"emits\":\"x\"}";
    QTest::newRow("back in time") << head
            + "{\"at\":2,\"emits\":\"x\"}\n{\"at\":1,\"emits\":\"x\"}";
}

void tst_TestServer::replaysNothingThatIsNoRecording()
{
    QFETCH(QByteArray, recording);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"This is no recording: "_s));
    QVERIFY(!m_server->replay(recording));
}

void tst_TestServer::tellsWhatClientsDo()
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

void tst_TestServer::clientsCanBeDeletedInAnyHandler_data()
{
    QTest::addColumn<int>("handler");
    QTest::newRow("connected") << 0;
    QTest::newRow("an event") << 1;
    QTest::newRow("disconnected") << 2;
    QTest::newRow("an error") << 3;
    QTest::newRow("a timer") << 4;
}

void tst_TestServer::clientsCanBeDeletedInAnyHandler()
{
    QFETCH(int, handler);
    auto client = makeClient();
    const auto destroy = [&client] { client.reset(); };
    if (handler == 0)
        connect(client.get(), &DispatchClient::connected, this, destroy);
    if (handler == 1)
        client->on(u"tap"_s, this, destroy);
    if (handler == 2)
        connect(client.get(), &DispatchClient::disconnected, this, destroy);
    if (handler == 3)
        connect(client.get(), &DispatchClient::errorOccurred, this, destroy);
    if (handler == 4)
        connect(client.get(), &DispatchClient::lostConnection, this, destroy);
    client->setActive(true);
    m_server->settle();
    if (client)
        client->emitEvent(u"tap"_s);
    m_server->settle();
    m_server->setOffline(true);
    m_server->advance(1min);
    QVERIFY(!client);
}

void tst_TestServer::clientsOfOtherThreadsAreTurnedAway()
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

QTEST_GUILESS_MAIN(tst_TestServer)
#include "tst_testserver.moc"
