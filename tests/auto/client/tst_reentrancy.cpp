// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What handlers may do to the client that called them, and how its futures end.
class tst_Reentrancy : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void connectTimesOutButTheWishStays();
    void connectIsCancelledByAnotherConnect();
    void connectWithTheSameWishWaitsToo();
    void connectEndsWithTheClient();
    void deletingTheClientIsFineIn_data();
    void deletingTheClientIsFineIn();
    void handlersMayDisconnectAndConnect();
    void handlerMaySpinAnEventLoop();
    void whileAHandlerSpinsAnEventLoop_data();
    void whileAHandlerSpinsAnEventLoop();
};

void tst_Reentrancy::connectTimesOutButTheWishStays()
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

void tst_Reentrancy::connectIsCancelledByAnotherConnect()
{
    const auto first = m_client->connectToServer({.shardName = u"a"_s});
    const auto second = m_client->connectToServer({.shardName = u"b"_s});
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(errorOf(first), DispatchError::Cancelled);
    QCOMPARE(errorOf(second), DispatchError::NoError);
    QCOMPARE(second.result().shardName, u"b"_s);
    QCOMPARE(m_server->count(), 1);
}

void tst_Reentrancy::connectWithTheSameWishWaitsToo()
{
    const auto first = m_client->connectToServer();
    const auto second = m_client->connectToServer();
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(first.result(), second.result());
}

void tst_Reentrancy::connectEndsWithTheClient()
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

void tst_Reentrancy::deletingTheClientIsFineIn_data()
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

void tst_Reentrancy::deletingTheClientIsFineIn()
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

void tst_Reentrancy::handlersMayDisconnectAndConnect()
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

void tst_Reentrancy::handlerMaySpinAnEventLoop()
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

void tst_Reentrancy::whileAHandlerSpinsAnEventLoop_data()
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    for (const char *where : {"handler", "connected", "latencyChanged", "rowsInserted",
                              "disconnected", "refused", "countdown"}) {
        for (const char *what :
             {"delete", "disconnect", "disconnect, break", "break", "close", "move"})
            QTest::addRow("%s: %s", where, what)
                << QString::fromLatin1(where) << QString::fromLatin1(what);
    }
}

/// As behind a modal dialog: the handler waits, and meanwhile its client's connection ends, or the
/// client itself.
void tst_Reentrancy::whileAHandlerSpinsAnEventLoop()
{
    QFETCH(QString, where);
    QFETCH(QString, what);
    const QPointer<DispatchClient> client = m_client.release();
    const auto act = [&] {
        if (what == "delete"_L1)
            delete client.data();
        else if (what == "move"_L1)
            client->setShardName(u"elsewhere"_s);
        else if (what == "close"_L1 && m_server->last())
            m_server->last()->sendClose(1001);
        else if (what.startsWith("disconnect"_L1))
            client->disconnectFromServer();
        if (what.endsWith("break"_L1) && m_server->last())
            m_server->last()->drop();
    };
    bool entered = false;
    bool left = false;
    const auto handler = [&] {
        if (std::exchange(entered, true))
            return;
        QEventLoop loop;
        QTimer turns;
        int turn = 0;
        connect(&turns, &QTimer::timeout, &loop, [&] {
            if (++turn == 1)
                act();
            // Time for what act() began to come to its end, inside this loop.
            else if (turn == 15)
                loop.quit();
        });
        turns.start(1);
        loop.exec();
        left = true;
    };
    int countdowns = 0;
    if (where == "handler"_L1)
        client->on(u"x"_s, this, handler);
    else if (where == "connected"_L1)
        connect(client, &DispatchClient::connected, this, handler);
    else if (where == "latencyChanged"_L1)
        connect(client, &DispatchClient::latencyChanged, this, handler);
    else if (where == "rowsInserted"_L1)
        connect(client->clients(), &QAbstractItemModel::rowsInserted, this, handler);
    else if (where == "disconnected"_L1)
        connect(client, &DispatchClient::disconnected, this, handler);
    else if (where == "refused"_L1)
        connect(client, &DispatchClient::errorOccurred, this, handler);
    else
        connect(client, &DispatchClient::nextRetryInChanged, this, [&] {
            if (++countdowns == 2)
                handler();
        });

    if (where == "refused"_L1 || where == "countdown"_L1)
        m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(503); };
    if (where == "countdown"_L1)
        client->setReconnectPolicy({.minDelay = 60'000, .maxDelay = 60'000});
    client->setActive(true);
    if (where == "handler"_L1 || where == "disconnected"_L1) {
        QTRY_COMPARE(client->state(), DispatchClient::Connected);
        if (where == "handler"_L1)
            m_server->last()->sendEvent(u"x"_s, 1);
        else
            m_server->last()->drop();
    }
    QTRY_VERIFY(left);
    m_server->onRequest = nullptr;
    if (what == "delete"_L1) {
        QVERIFY(!client);
        return;
    }
    m_client.reset(client);
    if (what.startsWith("disconnect"_L1)) {
        QTRY_COMPARE(client->state(), DispatchClient::Disconnected);
    } else {
        client->retryNow();
        QTRY_COMPARE(client->state(), DispatchClient::Connected);
    }
}

QTEST_GUILESS_MAIN(tst_Reentrancy)
#include "tst_reentrancy.moc"
