// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clusterrun.h"
#include "environment.h"

#include <QtTest/qtest.h>

#include <csignal>
#include <random>

using namespace Dispatch::Faults;

namespace {

constexpr Milliseconds LeaseOfTheRig{4'000};

Milliseconds seconds(const char *name, int otherwise)
{
    return Milliseconds(1'000) * fromEnvironment(name, otherwise);
}

} // namespace

/// Three dispatchd that share a Redis, behind an HAProxy that knows nothing of rooms, and what goes
/// wrong with them. DISPATCH_FAULT_RUNS says how often each, DISPATCH_FAULT_SEED is the first seed;
/// DISPATCH_FAULT_SECONDS how long a server is stopped, DISPATCH_FAULT_KILLS how often
/// subscriptions are cut.
class tst_Cluster : public QObject {
    Q_OBJECT

public:
    tst_Cluster() { allowLongRuns(); }

private Q_SLOTS:
    void nothingIsLostWhenNothingHappens();
    void nothingIsLostWhenANodeIsKilled();
    void nothingIsLostInARollingRestart();
    void allIsToldWhenRedisIsStartedAgainEmpty();
    void nothingIsLostWhileRedisIsStopped();
    void nothingIsLostWhenSubscriptionsAreCut();
    void allIsToldWhenANodeWasStoppedForLongerThanItsLease();
    void serversWithoutAnEngineAreFoundOut();

private:
    void run(const ClusterRun::Trouble &trouble, Order order = Order::OfAll);
};

void tst_Cluster::run(const ClusterRun::Trouble &trouble, Order order)
{
    const int runs = fromEnvironment("DISPATCH_FAULT_RUNS", 1);
    const int first = fromEnvironment("DISPATCH_FAULT_SEED", 1);
    for (int i = 0; i < runs; ++i) {
        ClusterRun one({.seed = std::uint64_t(first + i), .order = order});
        QVERIFY(one.isWell(trouble));
    }
}

void tst_Cluster::nothingIsLostWhenNothingHappens()
{
    run([](ClusterRun &run) { return run.goesOn(100); });
}

void tst_Cluster::nothingIsLostWhenANodeIsKilled()
{
    run([](ClusterRun &run) {
        Servers &servers = run.servers();
        servers.send(0, SIGKILL);
        return servers.ended(0) && run.goesOn(200) && servers.startAgain(0) && run.goesOn(100);
    });
}

void tst_Cluster::nothingIsLostInARollingRestart()
{
    run([](ClusterRun &run) {
        Servers &servers = run.servers();
        for (int i = 0; i < servers.count(); ++i) {
            servers.send(i, SIGTERM);
            if (!servers.ended(i) || !servers.startAgain(i) || !run.goesOn(50))
                return false;
        }
        return true;
    });
}

void tst_Cluster::allIsToldWhenRedisIsStartedAgainEmpty()
{
    run(
        [](ClusterRun &run) {
            RedisServer &redis = run.servers().redis();
            redis.stop();
            return run.goesOn(100) && redis.start() && run.goesOn(100);
        },
        Order::OfEachStream);
}

void tst_Cluster::nothingIsLostWhileRedisIsStopped()
{
    run(
        [](ClusterRun &run) {
            RedisServer &redis = run.servers().redis();
            redis.pause();
            const bool lasted = ClusterRun::lasts(Milliseconds(3'000));
            redis.goOn();
            return lasted && run.goesOn(100);
        },
        Order::OfEachStream);
}

void tst_Cluster::nothingIsLostWhenSubscriptionsAreCut()
{
    run(
        [](ClusterRun &run) {
            const int kills = fromEnvironment("DISPATCH_FAULT_KILLS", 20);
            std::uint64_t cut = 0;
            for (int i = 0; i < kills && run.goesOn(10); ++i)
                cut += run.servers().redis().number({"CLIENT", "KILL", "TYPE", "pubsub"});
            return cut >= std::uint64_t(kills);
        },
        Order::OfEachStream);
}

void tst_Cluster::allIsToldWhenANodeWasStoppedForLongerThanItsLease()
{
    run(
        [](ClusterRun &run) {
            const Milliseconds time = seconds("DISPATCH_FAULT_SECONDS", 6);
            if (time <= LeaseOfTheRig)
                return false;
            run.servers().send(0, SIGSTOP);
            const bool lasted = ClusterRun::lasts(time);
            run.servers().send(0, SIGCONT);
            return lasted && run.goesOn(100);
        },
        Order::OfEachStream);
}

/// The same rig without what makes three servers one: who judges it has to notice.
void tst_Cluster::serversWithoutAnEngineAreFoundOut()
{
    ClusterRun run({.servers = {.haveEngine = false}, .patience = Milliseconds(1'500)});
    QVERIFY(!run.violations([](ClusterRun &) { return true; }).empty());
    // One alone is well, behind the same proxy.
    ClusterRun alone({.servers = {.count = 1, .haveEngine = false}});
    QVERIFY(alone.isWell([](ClusterRun &) { return true; }));
}

QTEST_GUILESS_MAIN(tst_Cluster)
#include "tst_cluster.moc"
