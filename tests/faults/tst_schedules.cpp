// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "run.h"

#include <QtCore/qdir.h>
#include <QtTest/qtest.h>

#include <deque>

using namespace Dispatch::Faults;
using namespace Qt::StringLiterals;

namespace {

int fromEnvironment(const char *name, int otherwise)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(name, &isNumber);
    return isNumber ? number : otherwise;
}

qsizetype openFiles()
{
    return QDir(u"/proc/self/fd"_s).entryList(QDir::Files | QDir::System).size();
}

} // namespace

/// The guarantees, in networks that go wrong at random. DISPATCH_FAULT_RUNS says how many,
/// DISPATCH_FAULT_SEED the first seed: with 1 run it plays one again.
class tst_Schedules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theGuaranteesHold();
};

void tst_Schedules::theGuaranteesHold()
{
    constexpr int AtOnce = 6;
    constexpr int FewRuns = 20; // in which it may be that nobody had to come back
    const int runs = fromEnvironment("DISPATCH_FAULT_RUNS", 200);
    const int firstSeed = fromEnvironment("DISPATCH_FAULT_SEED", 1);
    const qsizetype filesBefore = openFiles();

    std::deque<std::unique_ptr<Run>> running;
    int begun = 0;
    int done = 0;
    int connections = 0;
    qint64 recovered = 0;
    qint64 replayed = 0;
    std::vector<std::string> failures;
    while (done < runs) {
        while (begun < runs && running.size() < AtOnce) {
            auto &run = running.emplace_back(
                std::make_unique<Run>(Run::Options{.seed = std::uint64_t(firstSeed + begun)}));
            ++begun;
            connect(run.get(), &Run::finished, run.get(),
                    [r = run.get()] { r->setProperty("over", true); });
            run->start();
        }
        const auto isOver = [](const auto &run) { return run->property("over").toBool(); };
        QVERIFY(QTest::qWaitFor([&] { return std::ranges::any_of(running, isOver); }, 60'000));
        for (const auto &run : running) {
            if (!isOver(run))
                continue;
            ++done;
            connections += run->connections();
            recovered += run->statistics().resumesRecovered;
            replayed += run->statistics().eventsReplayed;
            for (const std::string &violation : run->violations())
                failures.push_back(violation + "\n" + run->describe());
        }
        std::erase_if(running, isOver);
    }
    qInfo("%d runs, %d connections, %lld sessions recovered, %lld events replayed", runs,
          connections, recovered, replayed);
    for (const std::string &failure : failures)
        qWarning("%s", failure.c_str());
    QVERIFY(failures.empty());
    QVERIFY(runs < FewRuns || (recovered > 0 && replayed > 0));
    QTRY_VERIFY(openFiles() <= filesBefore + 8);
}

QTEST_GUILESS_MAIN(tst_Schedules)
#include "tst_schedules.moc"
