// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"
#include "environment.h"
#include "faultproxy.h"
#include "resources.h"

#include <DispatchClient>

#include <QtCore/qtimer.h>

#include <map>
#include <memory>
#include <random>
#include <unistd.h>

using namespace Dispatch::Faults;

namespace {

constexpr int Guard = 30'000; // ms; only for what never comes
constexpr int EmitInterval = 20; // of each of the two
// As many as the server keeps for those who are away, and more: it holds no more afterwards.
constexpr int EventsBefore = 1'200;
constexpr int CutsBefore = 50;
constexpr std::uint64_t MostBytes = 600; // of some events
constexpr std::int64_t MemoryLeeway = 512 * 1024;
// Memory of a process comes and goes in larger pieces. A kilobyte that stayed of each of 1,000
// connections would be more all the same.
constexpr std::int64_t ResidentLeeway = 1024 * 1024;

/// Both emit the numbers from 1 on; both hear both.
struct Party {
    QString name;
    qint64 emitted = 0;
    qint64 acknowledged = 0;
    int unknown = 0;
    int joins = 0;
    int recovered = 0;
    int losses = 0;
    std::map<QString, qint64> heard; ///< the last number of each
    std::map<QString, qint64> sum; ///< of all numbers that came
    int outOfTurn = 0; ///< numbers that were not the next
    DispatchClient client;
    QTimer emitting;

    Party(const QString &is, QUrl url, quint16 port);
    void emitNext();
    bool hasHeard(const Party &other) const
    {
        const auto last = heard.find(other.name);
        return last != heard.end() && last->second == other.emitted;
    }
};

Party::Party(const QString &is, QUrl url, quint16 port)
    : name(is)
{
    url.setPort(port);
    client.setUrl(url);
    client.setProjectId(u"p"_s);
    client.setShardName(u"room"_s);
    client.setReconnectPolicy({.minDelay = 10, .maxDelay = 40});
    QObject::connect(&client, &DispatchClient::connected, &client,
                     [this](const DispatchConnectionInfo &info) {
                         ++joins;
                         recovered += info.recovered;
                     });
    QObject::connect(&client, &DispatchClient::disconnected, &client, [this] { ++losses; });
    client.on(u"number"_s, &client, [this](const QJsonObject &payload) {
        const QString by = payload["by"_L1].toString();
        const qint64 number = payload["number"_L1].toInteger();
        if (number != heard[by] + 1)
            ++outOfTurn;
        heard[by] = number;
        sum[by] += number;
    });
    QObject::connect(&emitting, &QTimer::timeout, &client, [this] { emitNext(); });
    client.setActive(true);
}

void Party::emitNext()
{
    client.emitAcknowledged(u"number"_s, QJsonObject{{u"by"_s, name}, {u"number"_s, ++emitted}})
        .then(&client, [this](const DispatchAcknowledgement &) { ++acknowledged; })
        .onFailed(&client, [this](const DispatchError &) { ++unknown; });
}

/// What both processes hold.
struct Held {
    explicit Held(pid_t ofServer)
        : clients(ownResources())
        , clientsResident(resourcesOf(getpid()))
        , server(resourcesOf(ofServer))
    {
    }

    Resources clients;
    Resources clientsResident;
    Resources server;
};

} // namespace

/// A DispatchClient whose healthy connection is cut again and again while 100 events a second flow.
/// DISPATCH_FAULT_CUTS says how often, DISPATCH_FAULT_SEED where.
class tst_Cuts : public QObject {
    Q_OBJECT

public:
    tst_Cuts() { allowLongRuns(); }

private Q_SLOTS:
    void nothingIsLostDoubledOrKept();

private:
    void cut(FaultProxy &proxy, const Party &party, int times);
    void comeToRest(Party &ann, Party &ben);
    void checkSums(const Party &emitter, const Party &ann, const Party &ben);
    void checkHeld(const Held &before, const Held &after);

    std::mt19937_64 m_dice;
};

void tst_Cuts::cut(FaultProxy &proxy, const Party &party, int times)
{
    for (int i = 0; i < times; ++i) {
        QTRY_COMPARE_WITH_TIMEOUT(party.client.state(), DispatchClient::Connected, Guard);
        const int losses = party.losses;
        const Way way = m_dice() % 2 ? Way::ToServer : Way::ToClient;
        proxy.apply({{}, Fault::Kind::Cut, way, std::size_t(m_dice() % MostBytes), {}});
        QTRY_VERIFY_WITH_TIMEOUT(party.losses > losses, Guard);
    }
}

/// Until all is said and heard; both are connected then.
void tst_Cuts::comeToRest(Party &ann, Party &ben)
{
    for (Party *party : {&ann, &ben})
        party->emitting.stop();
    QTRY_VERIFY_WITH_TIMEOUT(ann.hasHeard(ann) && ann.hasHeard(ben) && ben.hasHeard(ann)
                                 && ben.hasHeard(ben) && ann.acknowledged == ann.emitted
                                 && ben.acknowledged == ben.emitted,
                             Guard);
    QTRY_COMPARE_WITH_TIMEOUT(ben.client.state(), DispatchClient::Connected, Guard);
}

void tst_Cuts::nothingIsLostDoubledOrKept()
{
    const int cuts = fromEnvironment("DISPATCH_FAULT_CUTS", 150);
    const int seed = fromEnvironment("DISPATCH_FAULT_SEED", 1);
    qInfo("seed %d", seed);
    m_dice.seed(std::uint64_t(seed));
    DaemonProcess daemon;
    QVERIFY(daemon.start());
    const auto server = pid_t(daemon.process.processId());
    FaultProxy proxy(std::uint16_t(daemon.url.port()));
    Party ann(u"ann"_s, daemon.url, quint16(daemon.url.port()));
    Party ben(u"ben"_s, daemon.url, proxy.port()); // who is cut off
    QTRY_VERIFY_WITH_TIMEOUT(ann.joins == 1 && ben.joins == 1, Guard);

    for (int i = 0; i < EventsBefore; ++i)
        ann.emitNext();
    QTRY_VERIFY_WITH_TIMEOUT(ben.hasHeard(ann), Guard);
    ann.emitting.start(EmitInterval);
    ben.emitting.start(EmitInterval);
    cut(proxy, ben, CutsBefore);
    comeToRest(ann, ben);
    const Held before(server);

    const qint64 emittedBefore = ann.emitted + ben.emitted;
    QElapsedTimer time;
    time.start();
    ann.emitting.start(EmitInterval);
    ben.emitting.start(EmitInterval);
    cut(proxy, ben, cuts);
    const double seconds = double(time.elapsed()) / 1'000;
    const qint64 emitted = ann.emitted + ben.emitted - emittedBefore;
    comeToRest(ann, ben);
    if (QTest::currentTestFailed())
        return;
    QTRY_VERIFY_WITH_TIMEOUT(resourcesOf(server).files <= before.server.files, Guard);
    qInfo("%d cuts in %.1f s, %.0f events/s, %d joins, %d recovered", cuts, seconds,
          double(emitted) / seconds, ben.joins, ben.recovered);
    QCOMPARE(ann.joins, 1);
    QVERIFY(ben.joins > cuts + CutsBefore);
    QCOMPARE(ben.recovered, ben.joins - 1);
    checkSums(ann, ann, ben);
    checkSums(ben, ann, ben);
    checkHeld(before, Held(server));
}

/// All that \a emitter emitted has come to \a ann and \a ben.
void tst_Cuts::checkSums(const Party &emitter, const Party &ann, const Party &ben)
{
    const qint64 sum = emitter.emitted * (emitter.emitted + 1) / 2;
    qInfo("%s emitted %lld, sum %lld; sums that came to ann %lld, to ben %lld",
          qPrintable(emitter.name), emitter.emitted, sum, ann.sum.at(emitter.name),
          ben.sum.at(emitter.name));
    QCOMPARE(ann.sum.at(emitter.name), sum);
    QCOMPARE(ben.sum.at(emitter.name), sum);
    QCOMPARE(emitter.outOfTurn, 0);
    QCOMPARE(emitter.unknown, 0);
}

void tst_Cuts::checkHeld(const Held &before, const Held &after)
{
    const auto say = [](const char *what, const Resources &from, const Resources &to) {
        qInfo("%s: %d files, before %d; %lld bytes, before %lld", what, to.files, from.files,
              static_cast<long long>(to.bytes), static_cast<long long>(from.bytes));
    };
    say("the clients' process, allocated", before.clients, after.clients);
    say("the clients' process, resident", before.clientsResident, after.clientsResident);
    say("the server's process, resident", before.server, after.server);
    for (const std::string &violation : checkReturned(before.clients, after.clients, MemoryLeeway))
        QFAIL(violation.c_str());
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    for (const std::string &violation : checkReturned(before.server, after.server, ResidentLeeway))
        QFAIL(violation.c_str());
#endif
}

QTEST_GUILESS_MAIN(tst_Cuts)
#include "tst_cuts.moc"
