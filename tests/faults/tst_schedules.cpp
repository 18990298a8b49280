// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "environment.h"
#include "resources.h"
#include "run.h"

#include <QtTest/qtest.h>

#include <algorithm>
#include <deque>
#include <limits>

using namespace Dispatch::Faults;

namespace {

constexpr int RunsAtOnce = 8;
constexpr int FewRuns = 20; // in which it may be that nobody had to come back
constexpr int Guard = 60'000; // ms; only for what never ends
// Bytes that may stay after any number of runs: what libraries keep for themselves.
constexpr std::int64_t MemoryLeeway = 256 * 1024;

} // namespace

/// The guarantees, in networks that go wrong at random. DISPATCH_FAULT_RUNS says how many, or
/// DISPATCH_FAULT_DROPS how many connections must have been lost before it is enough;
/// DISPATCH_FAULT_SEED the first seed: with 1 run it plays one again.
class tst_Schedules : public QObject {
    Q_OBJECT

public:
    tst_Schedules() { allowLongRuns(); }

private Q_SLOTS:
    void theGuaranteesHold();

private:
    void begin(std::uint64_t seed);
    void finishOne();

    std::deque<std::unique_ptr<Run>> m_running;
    int m_runs = 0;
    int m_drops = 0;
    int m_failures = 0;
    qint64 m_recovered = 0;
    qint64 m_unknown = 0;
    qint64 m_replayed = 0;
    qint64 m_refused = 0;
};

void tst_Schedules::begin(std::uint64_t seed)
{
    m_running.push_back(std::make_unique<Run>(Run::Options{.seed = seed}));
    m_running.back()->start();
}

void tst_Schedules::finishOne()
{
    const auto isOver = [](const auto &run) { return run->isOver(); };
    QVERIFY(QTest::qWaitFor([&] { return std::ranges::any_of(m_running, isOver); }, Guard));
    const auto run = std::ranges::find_if(m_running, isOver);
    const DispatchServerStatistics statistics = (*run)->statistics();
    ++m_runs;
    m_drops += (*run)->drops();
    m_recovered += statistics.resumesRecovered;
    m_unknown += statistics.resumesUnknown;
    m_replayed += statistics.eventsReplayed;
    m_refused += statistics.refusedJoins;
    for (const std::string &violation : (*run)->violations())
        qWarning("%s", violation.c_str());
    if (!(*run)->violations().empty()) {
        ++m_failures;
        qWarning("%s", (*run)->describe().c_str());
    }
    m_running.erase(run);
}

void tst_Schedules::theGuaranteesHold()
{
    const int drops = fromEnvironment("DISPATCH_FAULT_DROPS", 0);
    const int runs =
        fromEnvironment("DISPATCH_FAULT_RUNS", drops > 0 ? std::numeric_limits<int>::max() : 200);
    const auto seed = std::uint64_t(fromEnvironment("DISPATCH_FAULT_SEED", 1));
    // All that is loaded and kept once.
    begin(seed);
    finishOne();
    const Resources before = ownResources();

    const auto isEnough = [&](int begun) { return begun >= runs || (drops && m_drops >= drops); };
    m_runs = m_drops = 0;
    for (int begun = 0; !isEnough(begun) || !m_running.empty();) {
        while (!isEnough(begun) && m_running.size() < RunsAtOnce)
            begin(seed + std::uint64_t(begun++));
        finishOne();
        if (QTest::currentTestFailed())
            return;
    }
    const Resources after = ownResources();
    qInfo("%d runs from seed %llu on, %d drops, %lld sessions recovered, %lld unknown, %lld events "
          "replayed, %lld joins refused; %d files, before %d; %lld bytes, before %lld",
          m_runs, static_cast<unsigned long long>(seed), m_drops, m_recovered, m_unknown,
          m_replayed, m_refused, after.files, before.files, static_cast<long long>(after.bytes),
          static_cast<long long>(before.bytes));
    QCOMPARE(m_failures, 0);
    QVERIFY(m_runs < FewRuns || (m_recovered > 0 && m_replayed > 0));
    for (const std::string &violation : checkReturned(before, after, MemoryLeeway))
        QFAIL(violation.c_str());
}

QTEST_GUILESS_MAIN(tst_Schedules)
#include "tst_schedules.moc"
