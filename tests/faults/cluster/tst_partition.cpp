// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clusterrun.h"
#include "environment.h"
#include "separatenetwork.h"

#include <QtTest/qtest.h>

using namespace Dispatch::Faults;

/// One of three dispatchd can't reach the Redis that it shares with the others, which can. It is in
/// a network of its own: root may make one. DISPATCH_FAULT_SECONDS says for how long.
class tst_Partition : public QObject {
    Q_OBJECT

public:
    tst_Partition() { allowLongRuns(); }

private Q_SLOTS:
    void initTestCase();
    void allIsToldWhenANodeIsCutOffFromRedis();
};

void tst_Partition::initTestCase()
{
    if (const QString why = enterOwnNetwork(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

void tst_Partition::allIsToldWhenANodeIsCutOffFromRedis()
{
    const int runs = fromEnvironment("DISPATCH_FAULT_RUNS", 1);
    const int first = fromEnvironment("DISPATCH_FAULT_SEED", 1);
    const Milliseconds time(1'000 * fromEnvironment("DISPATCH_FAULT_SECONDS", 7));
    for (int i = 0; i < runs; ++i) {
        SeparateNetwork network;
        QVERIFY(network.start());
        const Servers::Options servers{.launcher = network.launcher(),
                                       .address = QLatin1String(SeparateNetwork::FarAddress),
                                       .redisAddress = QLatin1String(SeparateNetwork::NearAddress)};
        ClusterRun one(
            {.seed = std::uint64_t(first + i), .servers = servers, .order = Order::OfEachStream});
        QVERIFY(one.isWell([&](ClusterRun &run) {
            return network.dropAllFor(run.servers().redis().port()) && ClusterRun::lasts(time)
                && network.heal() && run.goesOn(100);
        }));
    }
}

QTEST_GUILESS_MAIN(tst_Partition)
#include "tst_partition.moc"
