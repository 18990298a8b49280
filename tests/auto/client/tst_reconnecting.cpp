// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString SetUserInfo = u"@@KOJI_DISPATCH/SET_USER_INFO"_s;
const QString Identify = u"@@KOJI_DISPATCH/IDENTIFY"_s;

} // namespace

/// How a client comes in, when it comes back and when it stays away.
class tst_Reconnecting : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void asksForWhatIsWished_data();
    void asksForWhatIsWished();
    void authorizationGoesInAHeader();
    void comesBackAfter_data();
    void comesBackAfter();
    void codeThatQtCannotReadIsNoBrokenFrame();
    void comesBackWhenTheServerSaysSo_data();
    void comesBackWhenTheServerSaysSo();
    void staysAwayAfter_data();
    void staysAwayAfter();
    void isRefusedForGoodBy_data();
    void isRefusedForGoodBy();
    void triesAgainAfter_data();
    void triesAgainAfter();
    void fullShardIsTriedAgainByWhoWasThere();
    void redirectionIsNotFollowed();
    void infoFollowsNoRedirection_data();
    void infoFollowsNoRedirection();
    void firstConnectMayComeBeforeTheServer();
    void serverThatSaysNothingIsGivenUp();
    void serverThatDoesNotGreetIsGivenUp();
    void greetingWithoutIdIsNoGreeting();
    void triesWithoutLimitByDefault();
    void givesUpWhenThePolicySaysSo();
    void silentPeerIsNoticedWithinTheBound();
    void peerThatAnswersPingsIsKept();
    void retryCountsDown();
    void clientsAreKeptWhileRecovering();
};

void tst_Reconnecting::asksForWhatIsWished_data()
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

void tst_Reconnecting::asksForWhatIsWished()
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

void tst_Reconnecting::authorizationGoesInAHeader()
{
    m_client->connectToServer({.authorization = u"secret"_s});
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(m_server->last()->header("Authorization"), "Bearer secret"_ba);
    QVERIFY(!m_server->last()->target().contains(u"secret"_s));
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QCOMPARE(m_server->last()->header("Authorization"), "Bearer secret"_ba);
}

void tst_Reconnecting::comesBackAfter_data()
{
    QTest::addColumn<int>("code");
    QTest::newRow("a connection that broke (1006)") << -1;
    QTest::newRow("an empty close frame (1005)") << 0;
    for (int code : {1000, 1001, 1002, 1008, 1009, 1011, 1012, 1013, 4008, 4009})
        QTest::addRow("%d", code) << code;
}

void tst_Reconnecting::comesBackAfter()
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

void tst_Reconnecting::codeThatQtCannotReadIsNoBrokenFrame()
{
    for (const quint16 code : {quint16(1012), quint16(1013), quint16(1002)}) {
        QVERIFY(join());
        QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
        m_server->last()->sendClose(code, "restart");
        QTRY_COMPARE(disconnected.size(), 1);
        const auto error = disconnected.first().first().value<DispatchError>();
        QVERIFY(error.isRetryable());
        QCOMPARE(error.code(), DispatchError::ServerUnavailable);
        QVERIFY2(error.message().contains(QString::number(code)), qPrintable(error.message()));
        QCOMPARE(error.message().contains(u"broke the rules"_s), code == 1002);
        QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    }
}

void tst_Reconnecting::comesBackWhenTheServerSaysSo_data()
{
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<int>("least"); // ms
    QTest::addColumn<int>("most");
    constexpr int Backoff = 20;
    QTest::newRow("in a while") << R"("closing":true,"retryAfterMs":60000)"_ba << 50'000 << 75'000;
    QTest::newRow("for ever") << R"("closing":true,"retryAfterMs":1e15)"_ba << 50'000 << 75'000;
    QTest::newRow("when it likes") << R"("closing":true)"_ba << 0 << Backoff;
    QTest::newRow("no number") << R"("closing":true,"retryAfterMs":"soon")"_ba << 0 << Backoff;
    QTest::newRow("no time") << R"("closing":true,"retryAfterMs":-60000)"_ba << 0 << Backoff;
    QTest::newRow("of a message") << R"("closing":false,"retryAfterMs":60000)"_ba << 0 << Backoff;
}

void tst_Reconnecting::comesBackWhenTheServerSaysSo()
{
    QFETCH(QByteArray, refusal);
    QFETCH(int, least);
    QFETCH(int, most);
    QVERIFY(join());
    int wait = -1;
    connect(m_client.get(), &DispatchClient::stateChanged, this, [&](DispatchClient::State state) {
        if (state == DispatchClient::Waiting)
            wait = m_client->nextRetryIn();
    });
    m_server->last()->sendText(
        R"({"eventName":"@@KOJI_DISPATCH/ERROR","payload":{"code":"draining",)"
        R"("message":"The server is stopping.","retry":true,)"
        + refusal + "},\"latencyMs\":0}");
    m_server->last()->sendClose(1012, "draining");
    QTRY_VERIFY(wait >= 0);
    QVERIFY2(wait >= least && wait <= most, qPrintable(QString::number(wait)));
    // Nobody has to wait who does not want to.
    m_client->retryNow();
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Reconnecting::staysAwayAfter_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("1000 that says why") << 1000 << "done"_ba;
    QTest::newRow("4500") << 4500 << ""_ba;
    QTest::newRow("4501") << 4501 << "too many bad tokens"_ba;
}

void tst_Reconnecting::staysAwayAfter()
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

void tst_Reconnecting::isRefusedForGoodBy_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<DispatchError::Code>("code");
    QTest::newRow("400") << 400 << DispatchError::InvalidParameters;
    QTest::newRow("401") << 401 << DispatchError::Unauthorized;
    QTest::newRow("403") << 403 << DispatchError::Unauthorized;
    QTest::newRow("404") << 404 << DispatchError::InvalidParameters;
    QTest::newRow("409") << 409 << DispatchError::ShardFull;
}

void tst_Reconnecting::isRefusedForGoodBy()
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

void tst_Reconnecting::triesAgainAfter_data()
{
    QTest::addColumn<int>("status");
    for (int status : {200, 302, 408, 429, 500, 502, 503})
        QTest::addRow("%d", status) << status;
}

void tst_Reconnecting::triesAgainAfter()
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

void tst_Reconnecting::fullShardIsTriedAgainByWhoWasThere()
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

void tst_Reconnecting::redirectionIsNotFollowed()
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

void tst_Reconnecting::infoFollowsNoRedirection_data()
{
    QTest::addColumn<bool>("elsewhere");
    QTest::newRow("to another server") << true;
    QTest::newRow("to another path") << false;
}

void tst_Reconnecting::infoFollowsNoRedirection()
{
    QFETCH(bool, elsewhere);
    FakeServer other;
    QVERIFY(other.listen());
    const QByteArray host =
        elsewhere ? "http://127.0.0.1:" + QByteArray::number(other.port()) : QByteArray();
    m_server->onRequest = [host](FakePeer *peer) {
        peer->answerHttp(302, "Location: " + host + "/login\r\n", "[]");
    };
    const auto future = m_client->info();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::ProtocolError);
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(other.count(), 0);
}

void tst_Reconnecting::firstConnectMayComeBeforeTheServer()
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

void tst_Reconnecting::serverThatSaysNothingIsGivenUp()
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

void tst_Reconnecting::serverThatDoesNotGreetIsGivenUp()
{
    m_client->setAttemptTimeout(50);
    m_server->greets = false;
    m_client->setActive(true);
    QTRY_VERIFY(m_server->count() >= 2);
    QCOMPARE(m_client->error(), DispatchError::Timeout);
    m_server->greets = true;
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Reconnecting::greetingWithoutIdIsNoGreeting()
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

void tst_Reconnecting::triesWithoutLimitByDefault()
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

void tst_Reconnecting::givesUpWhenThePolicySaysSo()
{
    m_client->setReconnectPolicy({.minDelay = 1, .maxDelay = 1, .maxAttempts = 3});
    m_server->onRequest = [](FakePeer *peer) { peer->drop(); };
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::TooManyAttempts);
    QCOMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_server->count(), 4);
}

void tst_Reconnecting::silentPeerIsNoticedWithinTheBound()
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

void tst_Reconnecting::peerThatAnswersPingsIsKept()
{
    m_client->setHeartbeat(20, 500);
    QVERIFY(join());
    QTRY_VERIFY(m_server->last()->pings() >= 5);
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Reconnecting::retryCountsDown()
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

void tst_Reconnecting::clientsAreKeptWhileRecovering()
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

QTEST_GUILESS_MAIN(tst_Reconnecting)
#include "tst_reconnecting.moc"
