// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "checker.h"
#include "nativeactor.h"
#include "sleeperprocess.h"

#include <DispatchServer>

#include <QtCore/qelapsedtimer.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Dispatch::Faults;
using namespace Qt::StringLiterals;

namespace {

constexpr int Guard = 30'000;
constexpr int LooksPerFence = 25;
const std::vector<std::string> Everybody{"sleeper", "talker"};

/// Each time is shorter by that; with 1 server and clients have their defaults.
int scaleOfRun()
{
    return qEnvironmentVariableIsSet("DISPATCH_FREEZE_SECONDS") ? 1 : 40;
}

std::vector<Entry::Joined> joinsOf(const History &history)
{
    std::vector<Entry::Joined> joins;
    for (const AnyEntry &entry : history.entries) {
        if (const auto *joined = std::get_if<Entry::Joined>(&entry))
            joins.push_back(*joined);
    }
    return joins;
}

} // namespace

/// A client whose process is stopped for a while, as by a laptop's sleep, among others who talk on.
/// In seconds of the defaults: 5 s, after which the connection is good still; 60 s, after which the
/// server has noticed, and may keep the session still or not; 600 s, after which it has not. With
/// DISPATCH_FREEZE_SECONDS=5,60,600 in the environment they are real ones.
class tst_Freeze : public QObject {
    Q_OBJECT

public:
    static void initMain();

private Q_SLOTS:
    void init();
    void cleanup();
    void aFrozenClientGoesOnOrBeginsAnew_data();
    void aFrozenClientGoesOnOrBeginsAnew();

private:
    bool isSettled();
    void checkSessions();

    const int m_scale = scaleOfRun();
    std::unique_ptr<DispatchServer> m_server;
    std::unique_ptr<QSignalSpy> m_left;
    std::unique_ptr<NativeActor> m_talker;
    std::unique_ptr<SleeperProcess> m_sleeper;
    QTimer m_talking;
    int m_fence = 0;
    int m_looks = 0; ///< since the last one
};

void tst_Freeze::initMain()
{
    // Qt Test ends a function that takes longer than 5 minutes.
    qputenv("QTEST_FUNCTION_TIMEOUT", "3600000");
}

void tst_Freeze::init()
{
    DispatchServerSettings settings;
    settings.heartbeatInterval /= m_scale;
    settings.heartbeatTimeout /= m_scale;
    settings.sessionWindow /= m_scale;
    settings.presenceInterval /= m_scale;
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    QVERIFY(m_server->listen());
    m_left = std::make_unique<QSignalSpy>(m_server.get(), &DispatchServer::clientLeft);
    const int pace = std::max(100 / m_scale, 5);
    m_talker = std::make_unique<NativeActor>(u"talker"_s, Actor::Place{m_server->url(), u"s"_s},
                                             NativeActor::Extended, NativeActor::defaults(m_scale));
    m_talker->start();
    m_sleeper = std::make_unique<SleeperProcess>(m_server->url(), u"s"_s, m_scale, pace);
    connect(&m_talking, &QTimer::timeout, m_talker.get(), [this] { m_talker->emitNext({}); });
    m_talking.start(pace);
    m_fence = 0;
    m_looks = 0;
}

void tst_Freeze::cleanup()
{
    m_talking.stop();
    m_talking.disconnect();
    m_sleeper.reset();
    m_talker.reset();
    m_server.reset();
}

/// A session that the server keeps goes on without a gap; one that it has ended is told to be new.
void tst_Freeze::checkSessions()
{
    const auto hasLeft = [this](const std::string &clientId) {
        return std::ranges::any_of(*m_left, [&clientId](const QVariantList &one) {
            return one[2].toString().toStdString() == clientId;
        });
    };
    std::string current;
    for (const Entry::Joined &joined : joinsOf(m_sleeper->history())) {
        const bool isSame = joined.clientId == current;
        QCOMPARE(joined.recovered, isSame);
        QTRY_VERIFY(isSame || current.empty() || hasLeft(current));
        current = joined.clientId;
    }
    QVERIFY(!hasLeft(current));
}

/// Both heard the last fence of both, and have nothing on its way. Asks for another fence from time
/// to time, for one may be lost with a session.
bool tst_Freeze::isSettled()
{
    m_sleeper->ask();
    if (m_fence == 0 || ++m_looks == LooksPerFence) {
        m_looks = 0;
        ++m_fence;
        m_talker->emitFence(m_fence);
        m_sleeper->emitFence(m_fence);
    }
    const auto hasHeard = [this](const History &history, const std::string &emitter) {
        return std::ranges::any_of(history.entries, [&](const AnyEntry &entry) {
            const auto *received = std::get_if<Entry::Received>(&entry);
            return received && received->id == EventId{"fence of " + emitter, m_fence};
        });
    };
    const History &sleeper = m_sleeper->history();
    m_talker->history().present = m_talker->present();
    return m_talker->isConnected() && m_talker->isIdle() && m_sleeper->isIdle()
        && m_talker->history().present == Everybody && sleeper.present == Everybody
        && std::ranges::all_of(Everybody, [&](const std::string &emitter) {
               return hasHeard(sleeper, emitter) && hasHeard(m_talker->history(), emitter);
           });
}

void tst_Freeze::aFrozenClientGoesOnOrBeginsAnew_data()
{
    QTest::addColumn<int>("seconds");
    const QString wanted = qEnvironmentVariable("DISPATCH_FREEZE_SECONDS", u"5,60,600"_s);
    for (const QString &seconds : wanted.split(u','))
        QTest::addRow("%d s", seconds.toInt()) << seconds.toInt();
}

void tst_Freeze::aFrozenClientGoesOnOrBeginsAnew()
{
    QFETCH(int, seconds);
    constexpr int SurelyGoodStill = 5; // with the server's timeout of 10 s
    constexpr int SurelyGone = 100; // heartbeat, timeout, window, and what they are late
    QTRY_COMPARE_WITH_TIMEOUT(m_talker->present(), Everybody, Guard);
    QTRY_VERIFY_WITH_TIMEOUT(m_sleeper->heardOf("talker") > 3 && m_sleeper->heardOf("sleeper") > 3,
                             Guard);

    const std::string before = joinsOf(m_sleeper->history()).back().clientId;
    m_sleeper->stop();
    QTRY_VERIFY_WITH_TIMEOUT(m_sleeper->isStopped(), Guard);
    QTest::qWait(seconds * 1'000 / m_scale);
    const int heardBefore = m_sleeper->heardOf("talker");
    const bool isThere = m_talker->present() == Everybody;
    m_sleeper->goOn();
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(m_sleeper->heardOf("talker") > heardBefore, Guard);
    const qint64 firstHeard = clock.elapsed();

    m_talking.stop();
    QTRY_VERIFY_WITH_TIMEOUT(isSettled(), Guard);
    const History &sleeper = m_sleeper->history();
    const std::vector<Entry::Joined> joins = joinsOf(sleeper);
    const auto sessions = std::ranges::count(joins, false, &Entry::Joined::recovered);
    qInfo("frozen for %d ms, and %s for others when it went on; heard something %lld ms later; "
          "%lld sessions, recovered %lld times; heard %d events of the other one, %d of its own",
          seconds * 1'000 / m_scale, isThere ? "there" : "gone", firstHeard,
          static_cast<long long>(sessions), static_cast<long long>(std::ssize(joins) - sessions),
          m_sleeper->heardOf("talker"), m_sleeper->heardOf("sleeper"));

    for (const std::string &violation : check({m_talker->history(), sleeper}))
        QFAIL(violation.c_str());
    checkSessions();
    if (seconds >= SurelyGone) {
        QVERIFY(!isThere);
        QVERIFY(joins.back().clientId != before);
    }
    // Scaled, times are shorter than what a busy machine is late.
    if (m_scale == 1) {
        if (seconds >= SurelyGone)
            QCOMPARE(sessions, 2);
        if (seconds <= SurelyGoodStill)
            QCOMPARE(std::ssize(joins), 1);
    }
}

QTEST_GUILESS_MAIN(tst_Freeze)
#include "tst_freeze.moc"
