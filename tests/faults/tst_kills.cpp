// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "checker.h"
#include "conversation.h"
#include "daemonprocess.h"
#include "environment.h"
#include "faultproxy.h"
#include "resources.h"

#include <QtTest/qsignalspy.h>

#include <algorithm>
#include <iterator>
#include <memory>

using namespace Dispatch::Faults;

namespace {

constexpr int KillsOfARun = 2;
constexpr int Guard = 30'000; // ms; only for what never comes
// Of half a second of what they say, or less.
constexpr std::uint64_t MostBytes = 300'000;
constexpr std::int64_t MemoryLeeway = 256 * 1024;

} // namespace

/// dispatchd is killed at a byte of its stream that a seed chooses, and started again.
/// DISPATCH_FAULT_RUNS says how often, two kills each; DISPATCH_FAULT_SEED is the first seed.
class tst_Kills : public QObject {
    Q_OBJECT

public:
    tst_Kills() { allowLongRuns(); }

private Q_SLOTS:
    void aKilledServerIsToldOfOnce();

private:
    void run(std::uint64_t seed);

    int m_kills = 0;
    int m_drops = 0;
    int m_events = 0;
    std::int64_t m_bytes = 0;
};

void tst_Kills::run(std::uint64_t seed)
{
    std::mt19937_64 dice(seed);
    auto daemon = std::make_unique<DaemonProcess>();
    QVERIFY(daemon->start());
    FaultProxy proxy(std::uint16_t(daemon->url.port()));
    QUrl url = daemon->url;
    url.setPort(proxy.port());
    const Conversation::Options options{.seed = dice(), .clients = 6, .eventsPerSecond = 1'000};
    Conversation conversation(options);
    for (int i = 0; i < options.clients; ++i)
        conversation.add(url);
    conversation.start();
    for (int kill = 1; kill <= KillsOfARun; ++kill) {
        QTRY_VERIFY_WITH_TIMEOUT(conversation.haveAllJoined(kill), Guard);
        proxy.afterBytes(std::int64_t(dice() % MostBytes),
                         [pid = pid_t(daemon->process.processId())] { ::kill(pid, SIGKILL); });
        QTRY_COMPARE_WITH_TIMEOUT(daemon->process.state(), QProcess::NotRunning, Guard);
        daemon = std::make_unique<DaemonProcess>();
        QVERIFY(daemon->start());
        proxy.setServerPort(std::uint16_t(daemon->url.port()));
        ++m_kills;
    }
    QTRY_VERIFY_WITH_TIMEOUT(conversation.haveAllJoined(KillsOfARun + 1), Guard);
    QSignalSpy finished(&conversation, &Conversation::finished);
    conversation.rest();
    QVERIFY(finished.wait(Guard));
    m_drops += conversation.drops();
    m_events += conversation.events();
    m_bytes += proxy.bytes(Way::ToServer) + proxy.bytes(Way::ToClient);

    std::vector<std::string> violations = conversation.violations();
    std::ranges::copy(checkRestarts(conversation.histories(), KillsOfARun),
                      std::back_inserter(violations));
    for (const std::string &violation : violations)
        qWarning("%s", violation.c_str());
    if (!violations.empty())
        qWarning("%s", conversation.describe().c_str());
    QVERIFY(violations.empty());
}

void tst_Kills::aKilledServerIsToldOfOnce()
{
    const int runs = fromEnvironment("DISPATCH_FAULT_RUNS", 3);
    const auto seed = std::uint64_t(fromEnvironment("DISPATCH_FAULT_SEED", 1));
    Resources before;
    for (int i = 0; i <= runs; ++i) {
        // The first one only loads what is loaded once.
        if (i == 1) {
            m_kills = m_drops = m_events = 0;
            m_bytes = 0;
            before = ownResources();
        }
        const std::uint64_t now = seed + std::uint64_t(std::max(i - 1, 0));
        run(now);
        if (QTest::currentTestFailed())
            return qWarning("seed %llu", static_cast<unsigned long long>(now));
    }
    const Resources after = ownResources();
    qInfo(
        "%d kills from seed %llu on, %d drops, %d events emitted, %lld bytes handed on; %d files, "
        "before %d; %lld bytes, before %lld",
        m_kills, static_cast<unsigned long long>(seed), m_drops, m_events,
        static_cast<long long>(m_bytes), after.files, before.files,
        static_cast<long long>(after.bytes), static_cast<long long>(before.bytes));
    for (const std::string &violation : checkReturned(before, after, MemoryLeeway))
        QFAIL(violation.c_str());
}

QTEST_GUILESS_MAIN(tst_Kills)
#include "tst_kills.moc"
