// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qproperty.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <chrono>
#include <functional>
#include <limits>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// How an asynchronous call, or what was chained to it, came to its end.
struct End {
    std::function<bool()> isFinished;
    std::function<bool()> isCancelled;
    /// Not to be asked of one that was cancelled, which Qt 6.4 would wait for.
    std::function<DispatchError::Code()> error;
};

template<typename T>
End endOf(const QFuture<T> &future)
{
    return {[future] { return future.isFinished(); }, [future] { return future.isCanceled(); },
            [future] { return errorOf(future); }};
}

/// A call of \a client, with a continuation if there is a \a context; \a ran counts these.
using Call = std::function<End(DispatchClient &client, QObject *context, int &ran)>;

template<typename Asked>
Call call(Asked asked)
{
    return [asked](DispatchClient &client, QObject *context, int &ran) {
        auto future = asked(client);
        if (!context)
            return endOf(future);
        return endOf(future.then(context, [&ran](const auto &) {
            ++ran;
            return 1;
        }));
    };
}

} // namespace

using Setter = std::function<void(DispatchClient &client, int value)>;
using Getter = std::function<int(const DispatchClient &client)>;

Q_DECLARE_METATYPE(Call)
Q_DECLARE_METATYPE(Setter)
Q_DECLARE_METATYPE(Getter)

/// Futures end, whoever ends before them; bindings, durations, and other settings.
class tst_Futures : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void theClientsEndIsThatOfItsFutures_data() { calls(); }
    void theClientsEndIsThatOfItsFutures();
    void aContinuationWhoseContextIsGoneDoesNotRun_data() { calls(); }
    void aContinuationWhoseContextIsGoneDoesNotRun();
    void aContinuationRunsOnTheThreadOfItsContext();
    void aFailureSkipsContinuationsUpToOnFailed();
    void aCallFromAnotherThreadEndsWithTheClientToo();
    void bindingsFollowTheClient();
    void whatOneChangeTellsBindingsComesInOneStep();
    void aBindingMayDeleteTheClient();
    void timesAreDurations();
    void whatASettingCannotBeIsRefusedWithAWarning_data();
    void whatASettingCannotBeIsRefusedWithAWarning();

private:
    static void calls();
    /// The client is connected to a server that answers nothing.
    void meetSilence();
};

void tst_Futures::calls()
{
    QTest::addColumn<Call>("start");
    QTest::newRow("connectToServer") << call(
        [](DispatchClient &client) { return client.connectToServer({.shardName = u"other"_s}); });
    QTest::newRow("info") << call([](DispatchClient &client) { return client.info(); });
    QTest::newRow("emitAcknowledged")
        << call([](DispatchClient &client) { return client.emitAcknowledged(u"x"_s); });
    QTest::newRow("request") << call([](DispatchClient &client) { return client.request(u"x"_s); });
    QTest::newRow("request as a type")
        << call([](DispatchClient &client) { return client.request<int>(u"x"_s); });
}

void tst_Futures::meetSilence()
{
    greetWith(greeting());
    QVERIFY(join());
    m_server->onRequest = [](FakePeer *) {};
}

void tst_Futures::theClientsEndIsThatOfItsFutures()
{
    QFETCH(Call, start);
    meetSilence();
    int ran = 0;
    const auto plain = start(*m_client, nullptr, ran);
    const auto chained = start(*m_client, this, ran);
    m_client.reset();
    QTRY_VERIFY(plain.isFinished() && chained.isFinished());
    for (const End &end : {plain, chained}) {
        const auto error = end.error();
        QVERIFY(error == DispatchError::Cancelled || error == DispatchError::FateUnknown);
    }
    QCOMPARE(ran, 0);
}

void tst_Futures::aContinuationWhoseContextIsGoneDoesNotRun()
{
    QFETCH(Call, start);
    meetSilence();
    int ran = 0;
    auto context = std::make_unique<QObject>();
    const auto chained = start(*m_client, context.get(), ran);
    context.reset();
    // Qt cancels it when what it waits for ends.
    m_client.reset();
    QTRY_VERIFY(chained.isFinished());
    QVERIFY(chained.isCancelled());
    QCOMPARE(ran, 0);
}

void tst_Futures::aContinuationRunsOnTheThreadOfItsContext()
{
    QThread thread;
    QObject context;
    context.moveToThread(&thread);
    thread.start();
    const QFuture<QThread *> ranOn = m_client->connectToServer().then(
        &context, [](const DispatchConnectionInfo &) { return QThread::currentThread(); });
    QTRY_VERIFY(ranOn.isFinished());
    QCOMPARE(ranOn.result(), &thread);
    thread.quit();
    QVERIFY(thread.wait());
}

void tst_Futures::aFailureSkipsContinuationsUpToOnFailed()
{
    m_server->onRequest = [](FakePeer *peer) { peer->sendClose(4500); };
    m_client->setUrl(QUrl(u"http://not.a.websocket"_s));
    int skipped = 0;
    const QFuture<QString> ended =
        m_client->connectToServer()
            .then(this,
                  [&](const DispatchConnectionInfo &info) {
                      ++skipped;
                      return info.shardName;
                  })
            .onFailed(this, [](const DispatchError &error) { return error.message(); });
    QTRY_VERIFY(ended.isFinished());
    QCOMPARE(skipped, 0);
    QVERIFY(ended.result().contains("ws://"_L1));
}

void tst_Futures::aCallFromAnotherThreadEndsWithTheClientToo()
{
    QFuture<DispatchEvent> reply;
    QFuture<DispatchAcknowledgement> acknowledgement;
    std::thread([&] {
        reply = m_client->request(u"x"_s);
        acknowledgement = m_client->emitAcknowledged(u"x"_s);
    }).join();
    // It has not heard of them yet.
    m_client.reset();
    QTRY_VERIFY(reply.isFinished() && acknowledgement.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::Cancelled);
    QCOMPARE(errorOf(acknowledgement), DispatchError::Cancelled);
}

void tst_Futures::bindingsFollowTheClient()
{
    QProperty<QString> title;
    title.setBinding([&] {
        return m_client->state() == DispatchClient::Connected
            ? m_client->currentShardName() + u" as "_s + m_client->clientId()
            : u"away"_s;
    });
    QProperty<bool> isQuick([&] { return m_client->latency() >= 0; });
    QList<DispatchClient::State> states;
    const auto notifier = m_client->bindableState().addNotifier(
        [&] { states.append(m_client->bindableState().value()); });
    QCOMPARE(title.value(), u"away"_s);
    greetWith(greeting());
    QVERIFY(join());
    QCOMPARE(title.value(), u"s as me"_s);
    QTRY_VERIFY(isQuick.value());
    m_client->disconnectFromServer();
    QCOMPARE(title.value(), u"away"_s);
    QCOMPARE(states,
             (QList{DispatchClient::Connecting, DispatchClient::Connected,
                    DispatchClient::Disconnected}));
    // They are facts: nobody sets them.
    QVERIFY(m_client->bindableState().isReadOnly());
}

void tst_Futures::whatOneChangeTellsBindingsComesInOneStep()
{
    QStringList seen;
    const auto note = [&] {
        seen.append(u"%1 %2"_s.arg(m_client->state()).arg(m_client->clientId()));
    };
    const auto byState = m_client->bindableState().addNotifier(note);
    const auto byId = m_client->bindableClientId().addNotifier(note);
    connect(m_client.get(), &DispatchClient::stateChanged, this, note);
    greetWith(greeting());
    QVERIFY(join());
    QCOMPARE(seen, (QStringList{u"1 "_s, u"1 "_s, u"2 me"_s, u"2 me"_s, u"2 me"_s}));
}

void tst_Futures::aBindingMayDeleteTheClient()
{
    bool told = false;
    const auto notifier = m_client->bindableState().addNotifier([&] {
        if (m_client && m_client->state() == DispatchClient::Connected) {
            told = true;
            m_client.reset();
        }
    });
    m_client->setActive(true);
    QTRY_VERIFY(!m_client);
    QVERIFY(told);
}

void tst_Futures::timesAreDurations()
{
    m_client->setAttemptTimeout(2s);
    QCOMPARE(m_client->attemptTimeout(), 2'000);
    m_client->setConnectTimeout(1min);
    QCOMPARE(m_client->connectTimeout(), 60'000);
    m_client->setLossGrace(1500us);
    QCOMPARE(m_client->lossGrace(), 2);
    m_client->setTokenTimeout(24h * 1'000);
    QCOMPARE(m_client->tokenTimeout(), std::numeric_limits<int>::max());
    m_client->setHeartbeat(10s, 3s);
    QCOMPARE(m_client->heartbeatInterval(), 10'000);
    QCOMPARE(m_client->heartbeatTimeout(), 3'000);
    m_client->setReconnectPolicy({.minDelay = 1s, .maxDelay = 20'000});
    QCOMPARE(m_client->reconnectPolicy().minDelay, 1'000);
    QCOMPARE(m_client->reconnectPolicy().maxDelay.duration(), 20s);
    m_client->setQueuePolicy({.maxAge = 1h});
    QCOMPARE(m_client->queuePolicy().maxAge, 3'600'000);
    // As QML reads and writes them.
    const QMetaProperty property = DispatchReconnectPolicy::staticMetaObject.property(
        DispatchReconnectPolicy::staticMetaObject.indexOfProperty("minDelay"));
    DispatchReconnectPolicy policy;
    QVERIFY(property.writeOnGadget(&policy, 7));
    QCOMPARE(property.readOnGadget(&policy), QVariant(7));
}

void tst_Futures::whatASettingCannotBeIsRefusedWithAWarning_data()
{
    using C = DispatchClient;
    QTest::addColumn<Setter>("set");
    QTest::addColumn<Getter>("get");
    QTest::addColumn<int>("wished");
    QTest::addColumn<QString>("warning");
    const auto row = [](const char *name, const Setter &set, const Getter &get,
                        std::initializer_list<int> nonsense, const char *possible, int present) {
        for (const int wished : nonsense) {
            QTest::addRow("%s %d", name, wished)
                << set << get << wished
                << u"%1 can't be %2: give %3. It stays %4.$"_s.arg(
                       QLatin1StringView(name), QString::number(wished),
                       QLatin1StringView(possible), QString::number(present));
        }
    };
    constexpr int Least = std::numeric_limits<int>::min();
    row("attemptTimeout", &C::setAttemptTimeout, &C::attemptTimeout, {0, -1, Least}, "1 or more",
        10'000);
    row("connectTimeout", &C::setConnectTimeout, &C::connectTimeout, {0, -1, Least}, "1 or more",
        30'000);
    row("tokenTimeout", &C::setTokenTimeout, &C::tokenTimeout, {0, -1, Least}, "1 or more", 10'000);
    row("lossGrace", &C::setLossGrace, &C::lossGrace, {-1, Least}, "0 or more", 2'000);
    row(
        "heartbeatInterval", [](C &client, int ms) { client.setHeartbeat(ms, 10'000); },
        &C::heartbeatInterval, {0, -1, Least}, "1 or more", 25'000);
    row(
        "heartbeatTimeout", [](C &client, int ms) { client.setHeartbeat(25'000, ms); },
        &C::heartbeatTimeout, {0, -1, Least}, "1 or more", 10'000);
    row("history", &C::setHistory, &C::history, {-1, Least}, "0 or more", 0);
    row("maxConnectionsPerShard", &C::setMaxConnectionsPerShard, &C::maxConnectionsPerShard,
        {0, 1'001, Least}, "1 to 1000", 100);
}

void tst_Futures::whatASettingCannotBeIsRefusedWithAWarning()
{
    QFETCH(Setter, set);
    QFETCH(Getter, get);
    QFETCH(int, wished);
    QFETCH(QString, warning);
    const int before = get(*m_client);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(warning));
    set(*m_client, wished);
    QCOMPARE(get(*m_client), before);
}

QTEST_GUILESS_MAIN(tst_Futures)
#include "tst_futures.moc"
