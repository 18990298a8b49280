// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "fakeserver.h"

#include <DispatchClient>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString SetUserInfo = u"@@KOJI_DISPATCH/SET_USER_INFO"_s;
const QString Identify = u"@@KOJI_DISPATCH/IDENTIFY"_s;

template<typename T>
DispatchError::Code errorOf(QFuture<T> future)
{
    try {
        future.result();
    } catch (const DispatchError &error) {
        return error.code();
    }
    return DispatchError::NoError;
}

} // namespace

/// What a client does when something goes wrong, against a server that does it on purpose.
class tst_Faults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void asksForWhatIsWished_data();
    void asksForWhatIsWished();
    void authorizationGoesInAHeader();

    void comesBackAfter_data();
    void comesBackAfter();
    void staysAwayAfter_data();
    void staysAwayAfter();
    void isRefusedForGoodBy_data();
    void isRefusedForGoodBy();
    void triesAgainAfter_data();
    void triesAgainAfter();
    void fullShardIsTriedAgainByWhoWasThere();
    void redirectionIsNotFollowed();
    void firstConnectMayComeBeforeTheServer();
    void serverThatSaysNothingIsGivenUp();
    void serverThatDoesNotGreetIsGivenUp();
    void greetingWithoutIdIsNoGreeting();
    void triesWithoutLimitByDefault();
    void givesUpWhenThePolicySaysSo();
    void silentPeerIsNoticedWithinTheBound();
    void peerThatAnswersPingsIsKept();

    void queuedEventsArriveOnceAndInOrder();
    void eventsEmittedInConnectedComeAfterTheQueue();
    void identityAndUserInfoComeBeforeTheQueue();
    void queueRejectsWhenFull();
    void queueDropsTheOldestAndSaysSo();
    void queueDropsWhatIsTooOld();
    void queueOfNothingRefuses();
    void disconnectDropsTheQueueAndSaysSo();
    void peerThatDoesNotReadMakesEventsWait();
    void goodbyeComesAfterAllThatWasEmitted();

    void connectTimesOutButTheWishStays();
    void connectIsCancelledByAnotherConnect();
    void connectWithTheSameWishWaitsToo();
    void connectEndsWithTheClient();
    void deletingTheClientIsFineIn_data();
    void deletingTheClientIsFineIn();
    void handlersMayDisconnectAndConnect();

    void platformEventsOutOfTurnAreIgnored();
    void serversErrorsAreReported();
    void oldConnectionIsNotHeard();
    void clientsAreKeptWhileRecovering();
    void presenceIsAnnouncedOncePerTurn();
    void whatCameBeforeTheEndIsDelivered();
    void floodDoesNotFreezeTheWindow();
    void handlerMaySpinAnEventLoop();
    void brokenMessagesAreIgnored();
    void tooLargeAMessageEndsTheConnection();
    void retryCountsDown();

private:
    bool join()
    {
        m_client->setActive(true);
        return QTest::qWaitFor([this] { return m_client->state() == DispatchClient::Connected; });
    }
    /// The names of the events that came to the server over all connections, in order.
    QStringList eventsAtServer() const
    {
        QStringList names;
        for (const auto &peer : m_server->peers()) {
            for (const QString &name : peer->eventNames()) {
                if (!name.startsWith("@@"_L1))
                    names.append(name);
            }
        }
        return names;
    }

    std::unique_ptr<FakeServer> m_server;
    std::unique_ptr<DispatchClient> m_client;
};

void tst_Faults::init()
{
    m_server = std::make_unique<FakeServer>();
    QVERIFY(m_server->listen());
    m_client = std::make_unique<DispatchClient>();
    m_client->setUrl(m_server->url());
    m_client->setReconnectPolicy({.minDelay = 5, .maxDelay = 20});
}

void tst_Faults::cleanup()
{
    m_client.reset();
    m_server.reset();
}

void tst_Faults::asksForWhatIsWished_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("project");
    QTest::addColumn<QString>("shard");
    QTest::addColumn<QString>("target");
    QTest::newRow("nothing") << u""_s << u""_s << u""_s << u"/?maxConnectionsPerShard=100"_s;
    QTest::newRow("all") << u"/"_s << u"p"_s << u"s"_s
                         << u"/?projectId=p&shardName=s&maxConnectionsPerShard=100"_s;
    QTest::newRow("to be encoded")
        << u""_s << u""_s << u"a+b c&d/é"_s
        << u"/?shardName=a%2Bb%20c%26d%2F%C3%A9&maxConnectionsPerShard=100"_s;
    QTest::newRow("path and query")
        << u"/x/y?z=1"_s << u""_s << u""_s << u"/x/y?z=1&maxConnectionsPerShard=100"_s;
}

void tst_Faults::asksForWhatIsWished()
{
    QFETCH(QString, path);
    QFETCH(QString, project);
    QFETCH(QString, shard);
    QFETCH(QString, target);
    m_client->setUrl(QUrl(m_server->url().toString() + path));
    m_client->setProjectId(project);
    m_client->setShardName(shard);
    QVERIFY(join());
    QCOMPARE(m_server->last()->target(), target);
}

void tst_Faults::authorizationGoesInAHeader()
{
    m_client->connectToServer({.authorization = u"secret"_s});
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->last()->header("Authorization"), "Bearer secret"_ba);
    QVERIFY(!m_server->last()->target().contains(u"secret"_s));
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QCOMPARE(m_server->last()->header("Authorization"), "Bearer secret"_ba);
}

void tst_Faults::comesBackAfter_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("a connection that broke (1006)") << -1;
    QTest::newRow("an empty close frame (1005)") << 0;
    for (int code : {1000, 1001, 1002, 1008, 1009, 1011, 1012, 1013, 4008, 4009})
        QTest::addRow("%d", code) << code;
}

void tst_Faults::comesBackAfter()
{
    QFETCH(int, code);
    m_client->setProjectId(u"p"_s);
    m_client->setShardName(u"room"_s);
    m_client->setMaxConnectionsPerShard(7);
    m_client->setUserInfo({{u"name"_s, u"Ann"_s}});
    m_client->identify(u"token"_s);
    QVERIFY(join());
    const QString oldId = m_client->clientId();
    FakePeer *first = m_server->last();
    QTRY_COMPARE(first->messages().size(), 2);

    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    QList<DispatchClient::State> states;
    connect(m_client.get(), &DispatchClient::stateChanged, this,
            [&](auto state) { states.append(state); });
    if (code < 0)
        first->drop();
    else
        first->sendClose(code == 0 ? std::nullopt : std::optional(quint16(code)));
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(
        states,
        (QList{DispatchClient::Waiting, DispatchClient::Recovering, DispatchClient::Connected}));
    QCOMPARE(disconnected.size(), 1);
    QVERIFY(disconnected.first().first().value<DispatchError>().isRetryable());
    QVERIFY(m_client->clientId() != oldId);
    QCOMPARE(m_client->error(), DispatchError::NoError);

    FakePeer *second = m_server->last();
    QCOMPARE(second->target(), first->target());
    QTRY_COMPARE(second->eventNames(), (QStringList{Identify, SetUserInfo}));
    QCOMPARE(second->messages(), first->messages());
}

void tst_Faults::staysAwayAfter_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("1000 that says why") << 1000 << "done"_ba;
    QTest::newRow("4500") << 4500 << ""_ba;
    QTest::newRow("4501") << 4501 << "too many bad tokens"_ba;
}

void tst_Faults::staysAwayAfter()
{
    QFETCH(int, code);
    QFETCH(QByteArray, reason);
    QVERIFY(join());
    QSignalSpy failed(m_client.get(), &DispatchClient::failed);
    m_server->last()->sendClose(quint16(code), reason);
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_client->error(), DispatchError::ClosedByServer);
    QVERIFY(m_client->errorString().contains(QString::fromUtf8(reason)));
    QCOMPARE(failed.size(), 1);
    QVERIFY(m_client->isActive());
    // Another wish is another chance.
    m_client->connectToServer();
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::isRefusedForGoodBy_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<DispatchError::Code>("code");
    QTest::newRow("400") << 400 << DispatchError::InvalidParameters;
    QTest::newRow("401") << 401 << DispatchError::Unauthorized;
    QTest::newRow("403") << 403 << DispatchError::Unauthorized;
    QTest::newRow("404") << 404 << DispatchError::InvalidParameters;
    QTest::newRow("409") << 409 << DispatchError::ShardFull;
}

void tst_Faults::isRefusedForGoodBy()
{
    QFETCH(int, status);
    QFETCH(DispatchError::Code, code);
    m_server->onRequest = [status](FakePeer *peer) { peer->answerHttp(status); };
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), code);
    QCOMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_client->error(), code);
    QVERIFY(!m_client->errorString().isEmpty());
    QCOMPARE(m_server->count(), 1);
}

void tst_Faults::triesAgainAfter_data()
{
    QTest::addColumn<int>("status");
    for (int status : {200, 302, 408, 429, 500, 502, 503})
        QTest::addRow("%d", status) << status;
}

void tst_Faults::triesAgainAfter()
{
    QFETCH(int, status);
    m_server->onRequest = [&](FakePeer *peer) {
        peer->answerHttp(status);
        if (m_server->count() == 3)
            m_server->onRequest = nullptr;
    };
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::NoError);
    QCOMPARE(m_server->count(), 4);
}

void tst_Faults::fullShardIsTriedAgainByWhoWasThere()
{
    m_client->setShardName(u"tiny"_s);
    QVERIFY(join());
    m_server->onRequest = [&](FakePeer *peer) {
        peer->answerHttp(409);
        if (m_server->count() == 3)
            m_server->onRequest = nullptr;
    };
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 4);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::redirectionIsNotFollowed()
{
    FakeServer elsewhere;
    QVERIFY(elsewhere.listen());
    m_server->onRequest = [&](FakePeer *peer) {
        peer->answerHttp(302, "Location: " + elsewhere.url().toEncoded() + "\r\n");
    };
    m_client->connectToServer({.authorization = u"secret"_s});
    QTRY_VERIFY(m_server->count() >= 2);
    QCOMPARE(elsewhere.count(), 0);
}

void tst_Faults::firstConnectMayComeBeforeTheServer()
{
    const quint16 port = m_server->port();
    m_server->stop();
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(errors.size() >= 2);
    QCOMPARE(m_client->error(), DispatchError::NetworkError);
    QVERIFY(m_client->state() == DispatchClient::Waiting
            || m_client->state() == DispatchClient::Recovering);
    QVERIFY(m_server->listen(port));
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::NoError);
    // It never was connected before.
    QCOMPARE(disconnected.size(), 0);
}

void tst_Faults::serverThatSaysNothingIsGivenUp()
{
    m_client->setAttemptTimeout(50);
    m_server->onRequest = [](FakePeer *) {};
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->setActive(true);
    QTRY_VERIFY(m_server->count() >= 2);
    QCOMPARE(errors.first().first().value<DispatchError>().code(), DispatchError::Timeout);
    m_server->onRequest = nullptr;
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::serverThatDoesNotGreetIsGivenUp()
{
    m_client->setAttemptTimeout(50);
    m_server->greets = false;
    m_client->setActive(true);
    QTRY_VERIFY(m_server->count() >= 2);
    QCOMPARE(m_client->error(), DispatchError::Timeout);
    m_server->greets = true;
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::greetingWithoutIdIsNoGreeting()
{
    m_server->onRequest = [this](FakePeer *peer) {
        peer->acceptUpgrade();
        peer->greet({}, u"s"_s);
        m_server->onRequest = nullptr;
    };
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QVERIFY(join());
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.first().first().value<DispatchError>().code(), DispatchError::ProtocolError);
}

void tst_Faults::triesWithoutLimitByDefault()
{
    QCOMPARE(DispatchReconnectPolicy().maxAttempts, -1);
    m_client->setReconnectPolicy({.minDelay = 1, .maxDelay = 1});
    m_server->onRequest = [](FakePeer *peer) { peer->drop(); };
    m_client->setActive(true);
    QTRY_VERIFY(m_server->count() >= 25);
    QVERIFY(m_client->state() != DispatchClient::Failed);
    m_server->onRequest = nullptr;
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::givesUpWhenThePolicySaysSo()
{
    m_client->setReconnectPolicy({.minDelay = 1, .maxDelay = 1, .maxAttempts = 3});
    m_server->onRequest = [](FakePeer *peer) { peer->drop(); };
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::TooManyAttempts);
    QCOMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_server->count(), 4);
}

void tst_Faults::silentPeerIsNoticedWithinTheBound()
{
    const int interval = 100;
    const int timeout = 100;
    m_client->setHeartbeat(interval, timeout);
    QVERIFY(join());
    FakePeer *peer = m_server->last();
    QTRY_VERIFY(m_client->latency() >= 0);
    peer->answerPings(false);
    QElapsedTimer clock;
    clock.start();
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    QVERIFY(disconnected.wait(5'000));
    QVERIFY2(clock.elapsed() < 2 * (interval + timeout),
             qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(disconnected.first().first().value<DispatchError>().code(),
             DispatchError::HeartbeatTimeout);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::peerThatAnswersPingsIsKept()
{
    m_client->setHeartbeat(20, 500);
    QVERIFY(join());
    QTRY_VERIFY(m_server->last()->pings() >= 5);
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::queuedEventsArriveOnceAndInOrder()
{
    QVERIFY(join());
    QStringList expected;
    const quint16 port = m_server->port();
    for (int round = 0; round < 3; ++round) {
        m_server->stop();
        QTRY_VERIFY(m_client->state() != DispatchClient::Connected);
        for (int i = 0; i < 50; ++i) {
            expected.append(u"event %1.%2"_s.arg(round).arg(i));
            QCOMPARE(m_client->emitEvent(expected.last()), DispatchClient::Queued);
        }
        QCOMPARE(m_client->queuedEvents(), 50);
        QVERIFY(m_server->listen(port));
        QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
        QCOMPARE(m_client->queuedEvents(), 0);
        QTRY_COMPARE(eventsAtServer().size(), expected.size());
    }
    QCOMPARE(eventsAtServer(), expected);
}

void tst_Faults::eventsEmittedInConnectedComeAfterTheQueue()
{
    m_client->emitEvent(u"first"_s);
    m_client->emitEvent(u"second"_s);
    connect(m_client.get(), &DispatchClient::stateChanged, this, [this](auto state) {
        if (state == DispatchClient::Connected)
            m_client->emitEvent(u"third"_s);
    });
    connect(m_client.get(), &DispatchClient::connected, this,
            [this] { m_client->emitEvent(u"fourth"_s); });
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), (QStringList{u"first"_s, u"second"_s, u"third"_s, u"fourth"_s}));
}

void tst_Faults::identityAndUserInfoComeBeforeTheQueue()
{
    m_client->emitEvent(u"queued"_s);
    m_client->setUserInfo({{u"name"_s, u"Ann"_s}});
    m_client->identify(u"token"_s);
    QVERIFY(join());
    QTRY_COMPARE(m_server->last()->eventNames(), (QStringList{Identify, SetUserInfo, u"queued"_s}));
    QCOMPARE(m_server->last()->messages().first()["payload"_L1]["token"_L1].toString(), u"token"_s);
    // A token that is forgotten is not sent again.
    m_client->identify({});
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_server->last()->eventNames(), QStringList{SetUserInfo});
}

void tst_Faults::queueRejectsWhenFull()
{
    m_client->setQueuePolicy({.maxMessages = 2});
    QCOMPARE(m_client->emitEvent(u"a"_s), DispatchClient::Queued);
    QCOMPARE(m_client->emitEvent(u"b"_s), DispatchClient::Queued);
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QCOMPARE(m_client->emitEvent(u"c"_s), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::QueueFull);
    QCOMPARE(errors.size(), 1);
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), (QStringList{u"a"_s, u"b"_s}));
}

void tst_Faults::queueDropsTheOldestAndSaysSo()
{
    m_client->setQueuePolicy({.maxMessages = 2, .overflow = DispatchQueuePolicy::DropOldest});
    QSignalSpy dropped(m_client.get(), &DispatchClient::eventDropped);
    m_client->emitEvent(u"a"_s, QJsonObject{{u"n"_s, 1}});
    m_client->emitEvent(u"b"_s);
    QCOMPARE(m_client->emitEvent(u"c"_s), DispatchClient::Queued);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][0].toString(), u"a"_s);
    QCOMPARE(dropped[0][1].toJsonValue(), QJsonValue(QJsonObject{{u"n"_s, 1}}));
    QCOMPARE(dropped[0][2].value<DispatchError>().code(), DispatchError::QueueFull);
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), (QStringList{u"b"_s, u"c"_s}));
}

void tst_Faults::queueDropsWhatIsTooOld()
{
    m_client->setQueuePolicy({.maxAge = 30});
    QSignalSpy dropped(m_client.get(), &DispatchClient::eventDropped);
    m_client->emitEvent(u"a"_s);
    QTRY_COMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][2].value<DispatchError>().code(), DispatchError::Expired);
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_Faults::queueOfNothingRefuses()
{
    m_client->setQueuePolicy({.maxMessages = 0});
    QCOMPARE(m_client->emitEvent(u"a"_s), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::NotConnected);
    QVERIFY(join());
    QCOMPARE(m_client->emitEvent(u"b"_s), DispatchClient::Sent);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"b"_s});
}

void tst_Faults::disconnectDropsTheQueueAndSaysSo()
{
    QSignalSpy dropped(m_client.get(), &DispatchClient::eventDropped);
    m_server->stop();
    m_client->setActive(true);
    m_client->emitEvent(u"a"_s);
    m_client->emitEvent(u"b"_s);
    m_client->disconnectFromServer();
    QCOMPARE(dropped.size(), 2);
    QCOMPARE(dropped[1][0].toString(), u"b"_s);
    QCOMPARE(dropped[1][2].value<DispatchError>().code(), DispatchError::Discarded);
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_Faults::peerThatDoesNotReadMakesEventsWait()
{
    m_client->setQueuePolicy({.maxMessages = 1000, .maxBytes = 1024 * 1024});
    m_server->relays = false;
    QVERIFY(join());
    m_server->last()->stopReading();
    const QJsonValue payload = QString(100'000, u'x');
    int sent = 0;
    int queued = 0;
    int refused = 0;
    // Far more than the kernel's buffers take.
    for (int i = 0; i < 500; ++i) {
        switch (m_client->emitEvent(u"x"_s, payload)) {
        case DispatchClient::Sent:
            ++sent;
            break;
        case DispatchClient::Queued:
            ++queued;
            break;
        case DispatchClient::Refused:
            ++refused;
            break;
        }
        if (i % 10 == 0)
            QTest::qWait(0);
    }
    QVERIFY2(sent > 0 && sent < 200, qPrintable(QString::number(sent)));
    QVERIFY(queued > 0);
    QVERIFY(refused > 200);
    QVERIFY(m_client->queuedEvents() <= 10);
    QCOMPARE(m_client->error(), DispatchError::QueueFull);
}

void tst_Faults::goodbyeComesAfterAllThatWasEmitted()
{
    m_server->relays = false;
    QVERIFY(join());
    FakePeer *peer = m_server->last();
    const QJsonValue payload = QString(100'000, u'x');
    QStringList expected;
    while (m_client->emitEvent(u"event %1"_s.arg(expected.size()), payload) == DispatchClient::Sent)
        expected.append(u"event %1"_s.arg(expected.size()));
    QVERIFY(expected.size() >= 9);
    m_client->disconnectFromServer();
    QTRY_VERIFY(peer->closeCode());
    QCOMPARE(*peer->closeCode(), quint16(1000));
    QCOMPARE(peer->eventNames(), expected);
}

void tst_Faults::connectTimesOutButTheWishStays()
{
    m_client->setConnectTimeout(60);
    m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(503); };
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::Timeout);
    QVERIFY(m_client->isActive());
    m_server->onRequest = nullptr;
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::connectIsCancelledByAnotherConnect()
{
    const auto first = m_client->connectToServer({.shardName = u"a"_s});
    const auto second = m_client->connectToServer({.shardName = u"b"_s});
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(errorOf(first), DispatchError::Cancelled);
    QCOMPARE(errorOf(second), DispatchError::NoError);
    QCOMPARE(second.result().shardName, u"b"_s);
    QCOMPARE(m_server->count(), 1);
}

void tst_Faults::connectWithTheSameWishWaitsToo()
{
    const auto first = m_client->connectToServer();
    const auto second = m_client->connectToServer();
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(first.result(), second.result());
}

void tst_Faults::connectEndsWithTheClient()
{
    const auto future = m_client->connectToServer();
    int failures = 0;
    auto chained = QFuture(future)
                       .then(this, [](const DispatchConnectionInfo &) {})
                       .onFailed(this, [&](const DispatchError &error) {
                           failures += error.code() == DispatchError::Cancelled;
                       });
    m_client.reset();
    QTRY_VERIFY(chained.isFinished());
    QCOMPARE(failures, 1);
}

void tst_Faults::deletingTheClientIsFineIn_data()
{
    QTest::addColumn<QString>("where");
    for (const char *name : {"stateChanged Connecting",
                             "stateChanged Connected",
                             "stateChanged Waiting",
                             "connected",
                             "clientIdChanged",
                             "currentShardNameChanged",
                             "disconnected",
                             "errorOccurred",
                             "errorChanged",
                             "failed",
                             "connectedClientsChanged",
                             "rowsInserted",
                             "countChanged",
                             "eventReceived",
                             "handler",
                             "second handler",
                             "eventDropped",
                             "queuedEventsChanged",
                             "latencyChanged",
                             "nextRetryInChanged",
                             "userInfoChanged",
                             "shardNameChanged",
                             "activeChanged",
                             "connect's future",
                             "info's future"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void tst_Faults::deletingTheClientIsFineIn()
{
    QFETCH(QString, where);
    auto *client = m_client.release();
    QPointer<DispatchClient> watch = client;
    const auto destroy = [&watch] { delete watch.data(); };
    const auto inState = [&](const QString &name) {
        connect(client, &DispatchClient::stateChanged, this, [=](DispatchClient::State state) {
            if (where.endsWith(QLatin1StringView(
                    QMetaEnum::fromType<DispatchClient::State>().valueToKey(state))))
                destroy();
        });
        Q_UNUSED(name)
    };
    using C = DispatchClient;
    if (where.startsWith("stateChanged"_L1))
        inState(where);
    const auto in = [&](const char *name, auto signal) {
        if (where == QLatin1StringView(name))
            connect(client, signal, this, destroy);
    };
    in("connected", &C::connected);
    in("clientIdChanged", &C::clientIdChanged);
    in("currentShardNameChanged", &C::currentShardNameChanged);
    in("disconnected", &C::disconnected);
    in("errorOccurred", &C::errorOccurred);
    in("errorChanged", &C::errorChanged);
    in("failed", &C::failed);
    in("connectedClientsChanged", &C::connectedClientsChanged);
    in("eventReceived", &C::eventReceived);
    in("eventDropped", &C::eventDropped);
    in("queuedEventsChanged", &C::queuedEventsChanged);
    in("latencyChanged", &C::latencyChanged);
    in("nextRetryInChanged", &C::nextRetryInChanged);
    in("userInfoChanged", &C::userInfoChanged);
    in("shardNameChanged", &C::shardNameChanged);
    in("activeChanged", &C::activeChanged);
    if (where == "rowsInserted"_L1)
        connect(client->clients(), &QAbstractItemModel::rowsInserted, this, destroy);
    if (where == "countChanged"_L1)
        connect(client->clients(), &DispatchClientsModel::countChanged, this, destroy);
    if (where == "handler"_L1)
        client->on(u"x"_s, this, destroy);
    client->on(u"x"_s, client, [] {});
    if (where == "second handler"_L1) {
        client->on(u"x"_s, client, destroy);
        client->on(u"x"_s, client, [] { QFAIL("called after the client's end"); });
    }

    // A life with all of it; each step may be the last.
    client->setQueuePolicy({.maxMessages = 1, .overflow = DispatchQueuePolicy::DropOldest});
    const auto future = client->connectToServer({.shardName = u"s"_s});
    if (where == "connect's future"_L1)
        QFuture(future).then(this, [=](const DispatchConnectionInfo &) { destroy(); });
    if (watch)
        watch->emitEvent(u"x"_s, 1);
    if (watch)
        watch->emitEvent(u"x"_s, 2);
    if (watch)
        watch->setUserInfo({{u"name"_s, u"Ann"_s}});
    if (watch && where == "info's future"_L1) {
        m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(200, {}, "[]"); };
        watch->info().then(this, [=](const QList<DispatchShardInfo> &) { destroy(); });
        QTRY_VERIFY(!watch);
        return;
    }
    QTRY_VERIFY(!watch
                || (watch->state() == C::Connected && watch->clients()->count() == 1
                    && watch->latency() >= 0));
    if (watch)
        watch->emitEvent(u"x"_s, 3);
    QTest::qWait(10);
    if (watch)
        m_server->last()->drop();
    QTRY_VERIFY(!watch || m_server->count() == 2);
    QTRY_VERIFY(!watch || watch->state() == C::Connected);
    if (watch)
        m_server->last()->sendClose(4500);
    QTRY_VERIFY2(!watch, "the signal did not come");
}

void tst_Faults::handlersMayDisconnectAndConnect()
{
    QStringList log;
    connect(m_client.get(), &DispatchClient::stateChanged, this, [&](DispatchClient::State state) {
        log.append(QString::number(state));
        // What is told is what is the case.
        QCOMPARE(m_client->state(), state);
    });
    int rounds = 0;
    connect(m_client.get(), &DispatchClient::connected, this, [&] {
        QCOMPARE(m_client->state(), DispatchClient::Connected);
        if (++rounds < 3)
            m_client->disconnectFromServer();
    });
    connect(m_client.get(), &DispatchClient::disconnected, this, [&] {
        QCOMPARE(m_client->state(), DispatchClient::Disconnected);
        m_client->connectToServer();
    });
    m_client->connectToServer();
    QTRY_COMPARE(rounds, 3);
    const QStringList round{u"1"_s, u"2"_s, u"0"_s};
    QCOMPARE(log, (round + round + QStringList{u"1"_s, u"2"_s}));
}

void tst_Faults::platformEventsOutOfTurnAreIgnored()
{
    m_server->onRequest = [](FakePeer *peer) {
        peer->acceptUpgrade();
        peer->sendEvent(
            u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
            QJsonObject{{u"connectedClients"_s, QJsonObject{{u"ghost"_s, QJsonObject()}}}});
        peer->sendEvent(u"early"_s, 1);
        peer->greet(u"me"_s, u"s"_s);
        peer->greet(u"somebody else"_s, u"t"_s);
        peer->sendEvent(u"@@KOJI_DISPATCH/NEWS"_s, 1);
        peer->sendEvent(u"late"_s, 2);
    };
    QSignalSpy events(m_client.get(), &DispatchClient::eventReceived);
    QVERIFY(join());
    QTRY_COMPARE(events.size(), 1);
    QCOMPARE(events.first().first().toString(), u"late"_s);
    QCOMPARE(m_client->clientId(), u"me"_s);
    QCOMPARE(m_client->connectedClients(), QList<DispatchConnectedClient>());
}

void tst_Faults::serversErrorsAreReported()
{
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, u"too_deep"_s},
                                            {u"message"_s, u"Flatten it."_s},
                                            {u"closing"_s, false},
                                            {u"retry"_s, false}});
    QTRY_COMPARE(errors.size(), 1);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::RefusedByServer);
    QCOMPARE(error.reason(), u"too_deep"_s);
    QCOMPARE(error.message(), u"Flatten it."_s);
    QVERIFY(!error.isRetryable());
    QCOMPARE(m_client->errorString(), u"Flatten it."_s);
}

void tst_Faults::oldConnectionIsNotHeard()
{
    QVERIFY(join());
    FakePeer *old = m_server->last();
    QList<int> heard;
    m_client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    m_client->setShardName(u"elsewhere"_s);
    QTRY_COMPARE(m_client->currentShardName(), u"elsewhere"_s);
    old->sendEvent(u"x"_s, 1);
    m_server->last()->sendEvent(u"x"_s, 2);
    QTRY_COMPARE(heard, QList<int>{2});
    old->drop();
    m_server->last()->sendEvent(u"x"_s, 3);
    QTRY_COMPARE(heard, (QList<int>{2, 3}));
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::clientsAreKeptWhileRecovering()
{
    QVERIFY(join());
    QTRY_COMPARE(m_client->connectedClients().size(), 1);
    m_client->setReconnectPolicy({.minDelay = 60'000, .maxDelay = 60'000});
    m_server->last()->drop();
    QTRY_VERIFY(m_client->state() != DispatchClient::Connected);
    QCOMPARE(m_client->connectedClients().size(), 1);
    QTest::qWait(0);
    QCOMPARE(m_client->clients()->count(), 1);
    m_client->disconnectFromServer();
    QCOMPARE(m_client->connectedClients().size(), 0);
    QTRY_COMPARE(m_client->clients()->count(), 0);
}

void tst_Faults::presenceIsAnnouncedOncePerTurn()
{
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 1);
    QSignalSpy changes(m_client.get(), &DispatchClient::connectedClientsChanged);
    QJsonObject list;
    for (int i = 1; i <= 200; ++i) {
        list.insert(u"id %1"_s.arg(i), QJsonObject());
        m_server->last()->sendEvent(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
                                    QJsonObject{{u"connectedClients"_s, list}});
    }
    QTRY_COMPARE(m_client->clients()->count(), 200);
    QVERIFY2(changes.size() < 40, qPrintable(QString::number(changes.size())));
    QCOMPARE(changes.last().first().value<QList<DispatchConnectedClient>>().size(), 200);
}

void tst_Faults::whatCameBeforeTheEndIsDelivered()
{
    QVERIFY(join());
    QList<int> heard;
    QList<int> expected;
    m_client->on(u"x"_s, this, [&](const QJsonValue &value) {
        heard.append(value.toInt());
        QTest::qSleep(1);
    });
    for (int i = 0; i < 100; ++i) {
        expected.append(i);
        m_server->last()->sendEvent(u"x"_s, i);
    }
    m_server->last()->sendClose(1012);
    QTRY_COMPARE(m_server->count(), 2);
    QCOMPARE(heard, expected);
}

void tst_Faults::floodDoesNotFreezeTheWindow()
{
    QVERIFY(join());
    QList<int> heard;
    const int count = 3'000;
    m_client->on(u"x"_s, this, [&](const QJsonObject &payload) {
        heard.append(payload["n"_L1].toInt());
        QElapsedTimer work;
        work.start();
        while (work.nsecsElapsed() < 200'000) { }
    });
    // More than may wait: reading has to pause in between.
    const QString filling(2'000, u'x');
    for (int i = 0; i < count; ++i)
        m_server->last()->sendEvent(u"x"_s, QJsonObject{{u"n"_s, i}, {u"filling"_s, filling}});

    QElapsedTimer gap;
    qint64 longest = 0;
    QTimer frames;
    connect(&frames, &QTimer::timeout, this, [&] {
        if (gap.isValid())
            longest = qMax(longest, gap.elapsed());
        gap.start();
    });
    frames.start(16);
    QTRY_COMPARE_WITH_TIMEOUT(heard.size(), count, 30'000);
    for (int i = 0; i < count; ++i)
        QCOMPARE(heard[i], i);
    // 600 ms of work; a turn has 8. The rest is what other programs of this machine take.
    QVERIFY2(longest < 250, qPrintable(QString::number(longest)));
    QCOMPARE(m_server->count(), 1);
}

void tst_Faults::handlerMaySpinAnEventLoop()
{
    QVERIFY(join());
    QList<int> heard;
    m_client->on(u"x"_s, this, [&](const QJsonValue &value) {
        heard.append(value.toInt());
        QTest::qWait(20);
        heard.append(-value.toInt());
    });
    for (int i = 1; i <= 3; ++i)
        m_server->last()->sendEvent(u"x"_s, i);
    // One after the other, not one inside the other.
    QTRY_COMPARE(heard, (QList<int>{1, -1, 2, -2, 3, -3}));
}

void tst_Faults::brokenMessagesAreIgnored()
{
    QVERIFY(join());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no event"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no event"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"can't read"_s));
    int calls = 0;
    m_client->on(u"x"_s, this, [&] { ++calls; });
    m_server->last()->sendText("nonsense");
    m_server->last()->sendText("[1,2]");
    m_server->last()->sendText(
        R"({"eventName":"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED","payload":{"connectedClients":null}})");
    m_server->last()->sendText(R"({"payload":1,"more":[{}],"eventName":"x"})");
    QTRY_COMPARE(calls, 1);
    QTRY_COMPARE(m_client->clients()->count(), 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::tooLargeAMessageEndsTheConnection()
{
    QVERIFY(join());
    m_server->last()->sendText(QByteArray(1100 * 1024, ' '));
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Faults::retryCountsDown()
{
    m_server->stop();
    m_client->setReconnectPolicy({.minDelay = 600'000, .maxDelay = 600'000});
    QCOMPARE(m_client->nextRetryIn(), 0);
    QSignalSpy changes(m_client.get(), &DispatchClient::nextRetryInChanged);
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Waiting);
    const int before = m_client->nextRetryIn();
    QVERIFY(before <= 600'000);
    QTRY_VERIFY(changes.size() >= 3);
    QVERIFY(m_client->nextRetryIn() < before || before == 0);
    m_client->disconnectFromServer();
    QCOMPARE(m_client->nextRetryIn(), 0);
}

QTEST_GUILESS_MAIN(tst_Faults)
#include "tst_faults.moc"
