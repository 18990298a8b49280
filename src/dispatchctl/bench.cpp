// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "benchworker_p.h"
#include "commandtable_p.h"

#include <QtCore/qthread.h>
#include <QtCore/quuid.h>

#include <sys/resource.h>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

constexpr int MostThreads = 4;
constexpr Milliseconds ProgressInterval{250};
// How often is looked whether all have joined, or all has arrived.
constexpr Milliseconds LookInterval{5};
// What has not arrived when nothing arrived for so long is missing.
constexpr Milliseconds SilentTime{1'000};

/// Each client is an open file.
void allowManyFiles()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

class Bench : public Command {
public:
    Bench(const BenchPlan &plan, Console &console)
        : Command(console)
        , m_plan(plan)
    {
        connect(&m_look, &QTimer::timeout, this, &Bench::look);
        connect(&m_progress, &QTimer::timeout, this, &Bench::showProgress);
    }
    ~Bench() override { endThreads(); }

    void start() override;
    void interrupt() override;

private:
    enum class Phase { Joining, Emitting, Arriving };

    template<typename Step>
    void tellWorkers(Step step, Qt::ConnectionType type = Qt::QueuedConnection)
    {
        for (const auto &worker : m_workers)
            QMetaObject::invokeMethod(
                worker.get(), [&worker, step] { step(*worker); }, type);
    }

    void startWorkers();
    void look();
    void lookForArrivals();
    void allJoined();
    void timeIsUp();
    void conclude();
    void showResult();
    void showProgress();
    void endThreads();
    BenchResult result() const;

    const BenchPlan m_plan;
    BenchTally m_tally;
    // A worker lives on the thread of the same place.
    std::vector<std::unique_ptr<QThread>> m_threads;
    std::vector<std::unique_ptr<BenchWorker>> m_workers;
    Phase m_phase = Phase::Joining;
    QElapsedTimer m_clock; ///< of the phase, or since the last arrival
    qint64 m_arrived = 0; ///< when it was last looked
    double m_joinSeconds = 0;
    double m_emitSeconds = 0;
    QTimer m_look;
    QTimer m_progress;
};

void Bench::start()
{
    allowManyFiles();
    console().note(u"%1 clients in %2 shards at %3, %4 events/s of %5 bytes for %6."_s.arg(
        QString::number(m_plan.clients), QString::number(m_plan.shards),
        displayed(m_plan.settings.url), QString::number(m_plan.rate), QString::number(m_plan.bytes),
        formatDuration(m_plan.time)));
    startWorkers();
    m_clock.start();
    m_look.start(LookInterval);
    m_progress.start(ProgressInterval);
    tellWorkers([](BenchWorker &worker) { worker.join(); });
}

void Bench::startWorkers()
{
    const int count =
        std::clamp(QThread::idealThreadCount(), 1, std::min(MostThreads, m_plan.clients));
    for (int i = 0; i < count; ++i) {
        m_threads.push_back(std::make_unique<QThread>());
        m_workers.push_back(std::make_unique<BenchWorker>(m_plan, m_tally, i, count));
        m_workers.back()->moveToThread(m_threads.back().get());
        connect(m_workers.back().get(), &BenchWorker::failed, this, [this](const Failure &failure) {
            fail({failure.exitCode,
                  u"%1 of %2 clients have joined. "_s.arg(m_tally.joined).arg(m_plan.clients)
                      + failure.message,
                  failure.code});
        });
        m_threads.back()->start();
    }
}

void Bench::look()
{
    if (isFinished())
        return;
    if (m_phase == Phase::Joining && m_tally.joined == m_plan.clients)
        allJoined();
    else if (m_phase == Phase::Emitting && m_clock.hasExpired(m_plan.time.count()))
        timeIsUp();
    else if (m_phase == Phase::Arriving)
        lookForArrivals();
}

void Bench::lookForArrivals()
{
    const qint64 delivered = m_tally.delivered;
    if (std::exchange(m_arrived, delivered) != delivered)
        m_clock.start();
    if (delivered >= m_tally.expected || m_clock.hasExpired(SilentTime.count()))
        conclude();
}

void Bench::allJoined()
{
    m_phase = Phase::Emitting;
    m_joinSeconds = double(m_clock.nsecsElapsed()) / 1e9;
    m_clock.start();
    tellWorkers([](BenchWorker &worker) { worker.startEmitting(); });
}

void Bench::timeIsUp()
{
    // What is counted from here on arrives, no more is sent.
    tellWorkers([](BenchWorker &worker) { worker.stopEmitting(); }, Qt::BlockingQueuedConnection);
    m_phase = Phase::Arriving;
    m_emitSeconds = double(m_clock.nsecsElapsed()) / 1e9;
    m_clock.start();
}

void Bench::conclude()
{
    showResult();
    const qint64 missing = m_tally.expected - m_tally.delivered;
    if (missing > 0 || m_tally.refused > 0)
        return fail({ExitCode::Failed,
                     u"The server, or this machine, did not keep up: try a lower --rate, or fewer "
                     "clients in a shard."_s});
    finish();
}

void Bench::showResult()
{
    endThreads();
    console().clearProgress();
    const BenchResult all = result();
    console().print(all.toLines(m_plan));
    console().record(all.toJson(m_plan));
}

void Bench::interrupt()
{
    if (isFinished())
        return;
    if (m_phase == Phase::Emitting)
        timeIsUp();
    if (m_phase == Phase::Arriving)
        showResult();
    Command::interrupt();
}

BenchResult Bench::result() const
{
    Histogram latencies;
    for (const auto &worker : m_workers)
        latencies.add(worker->latencies());
    const auto ms = [](std::uint64_t microseconds) { return double(microseconds) / 1000; };
    return {.joined = int(m_tally.joined),
            .joinSeconds = m_joinSeconds,
            .seconds = m_emitSeconds,
            .sent = m_tally.sent,
            .refused = m_tally.refused,
            .expected = m_tally.expected,
            .delivered = m_tally.delivered,
            .lostConnections = m_tally.lostConnections,
            .p50Ms = ms(latencies.quantile(0.5)),
            .p99Ms = ms(latencies.quantile(0.99)),
            .maxMs = ms(latencies.maximum())};
}

void Bench::showProgress()
{
    switch (m_phase) {
    case Phase::Joining:
        return console().progress(u"Joining: %1 of %2"_s.arg(m_tally.joined).arg(m_plan.clients));
    case Phase::Emitting:
        return console().progress(u"%1 of %2: %3 sent, %4 delivered"_s.arg(
            formatDuration(std::chrono::seconds(m_clock.elapsed() / 1000)),
            formatDuration(m_plan.time), QString::number(m_tally.sent),
            QString::number(m_tally.delivered)));
    case Phase::Arriving:
        return console().progress(
            u"Waiting for %1 more"_s.arg(m_tally.expected - m_tally.delivered));
    }
}

void Bench::endThreads()
{
    m_look.stop();
    m_progress.stop();
    for (std::size_t i = 0; i < m_threads.size(); ++i) {
        if (!m_threads[i]->isRunning())
            continue;
        // Clients and their sockets belong to the thread.
        QMetaObject::invokeMethod(
            m_workers[i].get(), [worker = m_workers[i].get()] { worker->leave(); },
            Qt::BlockingQueuedConnection);
        m_threads[i]->quit();
        m_threads[i]->wait();
    }
}

std::unique_ptr<Command> makeBench(const Settings &settings, OptionReader &read, Console &console)
{
    BenchPlan plan;
    plan.settings = settings;
    plan.shardPrefix =
        u"dispatchctl-bench-%1-"_s.arg(QUuid::createUuid().toString(QUuid::Id128).left(8));
    plan.clients = int(read.number(u"clients"_s, 1, 50'000).value_or(plan.clients));
    plan.shards = int(read.number(u"shards"_s, 1, 50'000).value_or(plan.shards));
    plan.rate = double(read.number(u"rate"_s, 1, 1'000'000).value_or(qint64(plan.rate)));
    plan.bytes = int(read.number(u"size"_s, 32, 100'000).value_or(plan.bytes));
    plan.time = read.duration(u"seconds"_s, Milliseconds(100), Day).value_or(plan.time);
    if (plan.shards > plan.clients)
        read.complain(u"--shards is at most --clients: an empty shard is none."_s);
    else if (plan.largestShard() > 1000)
        read.complain(u"A shard has at most 1000 clients: give more --shards."_s);
    return std::make_unique<Bench>(plan, console);
}

} // namespace

CommandInfo benchCommand()
{
    return {
        .name = u"bench"_s,
        .summary = u"Measure joins, fan-out and latency of a server"_s,
        .description =
            u"Has clients join shards of their own, emits events to these at an even rate, and "
            "measures how fast they join, how many events are delivered, and how long these are on "
            "their way. Clients, and what they cost, are on this machine: a server that is to show "
            "what it can do needs another one. Ends with 1 if anything was refused or is "
            "missing."_s,
        .shared = SharedOption::Server | SharedOption::Project | SharedOption::Token
            | SharedOption::Output,
        .options = {{u"clients"_s, u"N"_s, u"How many join. Default: 100"_s},
                    {u"shards"_s, u"N"_s, u"How many shards they are in. Default: 1"_s},
                    {u"rate"_s, u"N"_s, u"Events a second, of all together. Default: 100"_s},
                    {u"size"_s, u"N"_s, u"Bytes of a payload. Default: 200"_s},
                    {u"seconds"_s, u"TIME"_s, u"How long they emit. Default: 10s"_s}},
        .make = makeBench,
    };
}

} // namespace Dispatch::Ctl
