// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "errorof.h"
#include "kittest.h"

#include <DispatchEventModel>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Ending = void (*)(DispatchTestServer &server, const QString &clientId);
Q_DECLARE_METATYPE(Ending)

/// What can be made to go wrong, by the network or by the server, and when clients notice: by a
/// clock that only the test moves on.
class tst_Faults : public KitTest {
    Q_OBJECT

private Q_SLOTS:
    void joinsTakeTheirTripsOverASlowNetwork_data();
    void joinsTakeTheirTripsOverASlowNetwork();
    void anHourOfRetriesTakesNoTime();
    void retriesComeWhenTheJitterSays();
    void timersFireInOrder();
    void losesAndRecovers();
    void losesAndDoesNotRecover_data();
    void losesAndDoesNotRecover();
    void endsThoseWhoAreAway_data();
    void endsThoseWhoAreAway();
    void showsTheSameOrderToAllWhoLostTheirSessions_data();
    void showsTheSameOrderToAllWhoLostTheirSessions();
    void queuesOffline();
    void aSilentNetworkIsNoticedByTheHeartbeat();
    void whatASilentNetworkHeldUpArrives();
    void isOfflineWhenItIsGone();
    void refusesJoinsByCode_data();
    void refusesJoinsByCode();
    void refusesWhatIsNoCode();
    void refusesEvents();
    void kicks();
    void drains();
    void paces();
    void clientsCanBeDeletedInAnyHandler_data();
    void clientsCanBeDeletedInAnyHandler();
};

namespace {

/// What \a model shows as arrived: a role of each such row.
QVariantList arrivedIn(const DispatchEventModel &model, int role)
{
    QVariantList arrived;
    for (int row = 0; row < model.count(); ++row) {
        const QModelIndex index = model.index(row);
        if (index.data(DispatchEventModel::SequenceRole).toLongLong() > 0)
            arrived.append(index.data(role));
    }
    return arrived;
}

} // namespace

void tst_Faults::joinsTakeTheirTripsOverASlowNetwork_data()
{
    QTest::addColumn<int>("latency");
    QTest::addColumn<bool>("baseProfileOnly");
    for (const int latency : {1, 50, 200}) {
        QTest::addRow("%d ms", latency) << latency << false;
        QTest::addRow("%d ms, base profile", latency) << latency << true;
    }
}

/// As docs/howto/testing.md says it: four times the latency, and twice.
void tst_Faults::joinsTakeTheirTripsOverASlowNetwork()
{
    QFETCH(int, latency);
    QFETCH(bool, baseProfileOnly);
    m_server->setLatency(latency);
    m_server->setBaseProfileOnly(baseProfileOnly);
    const auto client = join();
    m_server->advance(4 * latency - 1);
    QCOMPARE(client->state(), DispatchClient::Connecting);
    m_server->advance(1);
    QCOMPARE(client->state(), DispatchClient::Connected);
    m_server->advance(2 * latency);
    QCOMPARE(client->latency(), double(latency));
    int heard = 0;
    client->on(u"tap"_s, this, [&] { ++heard; });
    QCOMPARE(client->emitEvent(u"tap"_s), DispatchClient::Sent);
    m_server->advance(2 * latency - 1);
    QCOMPARE(heard, 0);
    m_server->advance(1);
    QCOMPARE(heard, 1);
}

void tst_Faults::anHourOfRetriesTakesNoTime()
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

void tst_Faults::retriesComeWhenTheJitterSays()
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

void tst_Faults::timersFireInOrder()
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

void tst_Faults::losesAndRecovers()
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

void tst_Faults::losesAndDoesNotRecover_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<bool>("sameId");
    QTest::newRow("sessions are forgotten") << 0 << false;
    QTest::newRow("away for too long") << 1 << false;
    QTest::newRow("missed too much") << 2 << true;
    QTest::newRow("the server was drained") << 3 << false;
}

void tst_Faults::losesAndDoesNotRecover()
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

void tst_Faults::endsThoseWhoAreAway_data()
{
    QTest::addColumn<Ending>("end");
    QTest::newRow("sessions are forgotten")
        << Ending([](DispatchTestServer &server, const QString &) { server.forgetSessions(); });
    QTest::newRow("the server was drained")
        << Ending([](DispatchTestServer &server, const QString &) { server.drain(); });
    QTest::newRow("banned") << Ending([](DispatchTestServer &server, const QString &clientId) {
        QVERIFY(server.kick(clientId, u"banned"_s));
    });
}

void tst_Faults::endsThoseWhoAreAway()
{
    QFETCH(Ending, end);
    const auto client = join();
    const QString id = client->clientId();
    QSignalSpy left(m_server.get(), &DispatchTestServer::clientLeft);
    m_server->setOffline(true);
    end(*m_server, id);
    QCOMPARE(left.size(), 1);
    QCOMPARE(left.first().first().toString(), id);
    m_server->setOffline(false);
    m_server->advance(20s);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE_NE(client->clientId(), id);
}

void tst_Faults::showsTheSameOrderToAllWhoLostTheirSessions_data()
{
    QTest::addColumn<int>("lostAfter");
    for (int ms = 0; ms <= 400; ms += 20)
        QTest::addRow("%d ms", ms) << ms;
}

void tst_Faults::showsTheSameOrderToAllWhoLostTheirSessions()
{
    QFETCH(int, lostAfter);
    m_server->setMaxHistory(100);
    m_server->setLatency(80);
    DispatchEventModel models[2];
    std::unique_ptr<DispatchClient> clients[2];
    for (int i = 0; i < 2; ++i) {
        clients[i] = makeClient();
        clients[i]->setHistory(100);
        clients[i]->setShardName(u"lobby"_s);
        models[i].setClient(clients[i].get());
        models[i].setEventName(u"m"_s);
        new QAbstractItemModelTester(
            &models[i], QAbstractItemModelTester::FailureReportingMode::QtTest, &models[i]);
        clients[i]->setActive(true);
    }
    m_server->join(u"Cleo"_s, {}, u"lobby"_s);
    m_server->advance(2s);
    for (int i = 0; i < 3; ++i) {
        for (int who = 0; who < 2; ++who)
            clients[who]->emitEvent(u"m"_s, QString(QChar(u'a' + who)) + QString::number(i));
    }
    m_server->advance(std::chrono::milliseconds(lostAfter));
    m_server->forgetSessions();
    m_server->drop();
    m_server->advance(60s);
    QCOMPARE(arrivedIn(models[0], DispatchEventModel::PayloadRole),
             arrivedIn(models[1], DispatchEventModel::PayloadRole));
    QVariantList sequences;
    for (qint64 sequence = 1; sequence <= arrivedIn(models[0], Qt::DisplayRole).size(); ++sequence)
        sequences.append(sequence);
    QCOMPARE(arrivedIn(models[0], DispatchEventModel::SequenceRole), sequences);
}

void tst_Faults::queuesOffline()
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

void tst_Faults::aSilentNetworkIsNoticedByTheHeartbeat()
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

void tst_Faults::whatASilentNetworkHeldUpArrives()
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

void tst_Faults::isOfflineWhenItIsGone()
{
    const auto client = join();
    m_server.reset();
    QTRY_COMPARE(client->state(), DispatchClient::Waiting);
    QCOMPARE(client->error(), DispatchError::NetworkError);
}

void tst_Faults::refusesJoinsByCode_data()
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

void tst_Faults::refusesJoinsByCode()
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

void tst_Faults::refusesWhatIsNoCode()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"'full' is no code of a refusal"_s));
    QVERIFY(!m_server->refuseJoins(u"full"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"'rate_limited' refuses no join"_s));
    QVERIFY(!m_server->refuseJoins(u"rate_limited"_s));
}

void tst_Faults::refusesEvents()
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

void tst_Faults::kicks()
{
    const auto client = join();
    QSignalSpy left(m_server.get(), &DispatchTestServer::clientLeft);
    QVERIFY(!m_server->kick(u"nobody"_s));
    QVERIFY(m_server->kick(client->clientId(), u"banned"_s));
    QCOMPARE(client->state(), DispatchClient::Failed);
    QCOMPARE(client->lastError().reason(), u"banned"_s);
    QCOMPARE(left.size(), 1);
}

void tst_Faults::drains()
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

void tst_Faults::paces()
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

void tst_Faults::clientsCanBeDeletedInAnyHandler_data()
{
    QTest::addColumn<int>("handler");
    QTest::newRow("connected") << 0;
    QTest::newRow("an event") << 1;
    QTest::newRow("disconnected") << 2;
    QTest::newRow("an error") << 3;
    QTest::newRow("a timer") << 4;
}

void tst_Faults::clientsCanBeDeletedInAnyHandler()
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

QTEST_GUILESS_MAIN(tst_Faults)
#include "tst_faults.moc"
