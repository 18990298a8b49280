// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "crowd.h"
#include "daemonprocess.h"
#include "environment.h"
#include "faultproxy.h"
#include "resources.h"

#include <DispatchClient>

#include <QtCore/qdeadlinetimer.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

using namespace Dispatch::Faults;

namespace {

using Clock = std::chrono::steady_clock;

constexpr int Guard = 120'000; // ms; only for what never comes
constexpr Milliseconds Window{100};
// The share that may be to come in a window, whenever the server comes back (docs/testing.md).
constexpr double MostAtOnce = 1.0 / 3;
// How much more bytes a member may cost in the largest shard than in the smallest.
constexpr double Growth = 1.2;

qint64 ms(Clock::duration time)
{
    return std::chrono::duration_cast<Milliseconds>(time).count();
}

/// The share of those who come in the busiest window, when the server was away for \a outage, by
/// the formula of the back-off: any delay up to minDelay * 2^n, or up to maxDelay.
double shareByFormula(Milliseconds outage)
{
    constexpr int Clients = 20'000;
    const DispatchReconnectPolicy policy;
    std::mt19937 dice(1);
    Times times;
    for (int i = 0; i < Clients; ++i) {
        double at = 0;
        for (double ceiling = policy.minDelay; at < double(outage.count()); ceiling *= 2) {
            const double most = std::min(ceiling, double(policy.maxDelay));
            at += std::uniform_real_distribution<>(0, most)(dice);
        }
        times.push_back(Clock::time_point() + Milliseconds(qint64(at)));
    }
    return double(crowd(times, Window)) / Clients;
}

struct Member {
    std::optional<Clock::time_point> due; ///< when it was to try last
    Times joins;
    qsizetype most = 0; ///< clients that it ever saw at once
    DispatchClient client;

    Member(quint16 port, int number, int seats);
    bool sees(int clients) const;
};

Member::Member(quint16 port, int number, int seats)
{
    client.setUrl(QUrl(u"ws://127.0.0.1:%1"_s.arg(port)));
    client.setProjectId(u"p"_s);
    client.setMaxConnectionsPerShard(seats);
    client.setUserInfo({{u"name"_s, u"member %1"_s.arg(number)}});
    QObject::connect(&client, &DispatchClient::connected, &client,
                     [this] { joins.push_back(Clock::now()); });
    QObject::connect(&client, &DispatchClient::nextRetryInChanged, &client, [this] {
        if (const int wait = client.nextRetryIn(); wait > 0)
            due = Clock::now() + Milliseconds(wait);
    });
    QObject::connect(&client, &DispatchClient::connectedClientsChanged, &client,
                     [this](const QList<DispatchConnectedClient> &clients) {
                         most = std::max(most, clients.size());
                     });
    client.setActive(true);
}

/// So many, and the name of each.
bool Member::sees(int clients) const
{
    const QList<DispatchConnectedClient> list = client.connectedClients();
    return list.size() == clients && std::ranges::all_of(list, [](const auto &one) {
               return one.userInfo.contains("name"_L1);
           });
}

} // namespace

/// Very many DispatchClients whose server is killed, and comes back after a while.
/// DISPATCH_FAULT_CLIENTS says how many there are, DISPATCH_FAULT_OUTAGE how many ms it is away.
class tst_Herd : public QObject {
    Q_OBJECT

public:
    tst_Herd() { allowLongRuns(); }

private Q_SLOTS:
    void initTestCase();
    void cleanup() { m_members.clear(); }
    void allComeBack_data();
    void allComeBack();
    void aMemberCostsTheSameInAnyShard();
    void whoResetsAtOnceIsNotBesieged_data();
    void whoResetsAtOnceIsNotBesieged();

private:
    bool areAllThere(std::size_t joins) const;
    bool doAllSeeAll() const;
    std::map<QString, int> shards() const;

    const int m_clients = fromEnvironment("DISPATCH_FAULT_CLIENTS", 240);
    const Milliseconds m_outage{fromEnvironment("DISPATCH_FAULT_OUTAGE", 1'000)};
    std::vector<std::unique_ptr<Member>> m_members;
    std::map<int, double> m_bytes; ///< for a member of a shard, by its seats
};

void tst_Herd::initTestCase()
{
    // A client is three: its own, and two of the proxy.
    QVERIFY2(canOpen(3 * m_clients + 100), "raise the limit of open files");
}

bool tst_Herd::areAllThere(std::size_t joins) const
{
    return std::ranges::all_of(m_members, [joins](const auto &member) {
        return member->joins.size() >= joins && member->client.state() == DispatchClient::Connected;
    });
}

std::map<QString, int> tst_Herd::shards() const
{
    std::map<QString, int> shards;
    for (const auto &member : m_members)
        ++shards[member->client.currentShardName()];
    return shards;
}

bool tst_Herd::doAllSeeAll() const
{
    const std::map<QString, int> sizes = shards();
    return std::ranges::all_of(m_members, [&](const auto &member) {
        return member->sees(sizes.at(member->client.currentShardName()));
    });
}

void tst_Herd::allComeBack_data()
{
    QTest::addColumn<int>("seats");
    for (const int seats : {20, 40, 80})
        QTest::addRow("%d seats", seats) << seats;
}

void tst_Herd::allComeBack()
{
    QFETCH(const int, seats);
    auto daemon = std::make_unique<DaemonProcess>();
    QVERIFY(daemon->start());
    // It knows nothing of the first one, and is ready: only the outage decides when it is found.
    DaemonProcess next;
    QVERIFY(next.start());
    FaultProxy proxy(std::uint16_t(daemon->url.port()));
    for (int i = 0; i < m_clients; ++i)
        m_members.push_back(std::make_unique<Member>(proxy.port(), i, seats));
    QTRY_VERIFY_WITH_TIMEOUT(areAllThere(1), Guard);
    QTRY_VERIFY_WITH_TIMEOUT(doAllSeeAll(), Guard);

    const std::int64_t bytesBefore = proxy.bytes(Way::ToClient);
    const Clock::time_point killed = Clock::now();
    const QDeadlineTimer outage(m_outage);
    daemon.reset();
    QVERIFY(QTest::qWaitFor([&] { return outage.hasExpired(); }, Guard));
    proxy.setServerPort(std::uint16_t(next.url.port()));
    const Milliseconds away{ms(Clock::now() - killed)};
    QTRY_VERIFY_WITH_TIMEOUT(areAllThere(2), Guard);
    QTRY_VERIFY_WITH_TIMEOUT(doAllSeeAll(), Guard);
    const auto bytes = double(proxy.bytes(Way::ToClient) - bytesBefore);

    Times due;
    Times returns;
    qsizetype most = 0;
    for (const auto &member : m_members) {
        QCOMPARE(member->joins.size(), std::size_t(2));
        due.push_back(member->due.value_or(member->joins.back()));
        returns.push_back(member->joins.back());
        most = std::max(most, member->most);
    }
    m_bytes[seats] = bytes / m_clients / seats;
    const auto percent = [this](const Times &times) {
        return 100.0 * crowd(times, Window) / m_clients;
    };
    const double formula = shareByFormula(away);
    qInfo(
        "%d clients, %d seats a shard: away for %lld ms, all back after %lld ms in %zu shards, at "
        "most %lld in one; in the busiest 100 ms came %.1f %% of them, %.1f %% were to, %.1f %% "
        "by the formula; %.0f bytes to a client, %.0f for a member",
        m_clients, seats, static_cast<long long>(away.count()),
        ms(std::ranges::max(returns) - killed), shards().size(), static_cast<long long>(most),
        percent(returns), percent(due), 100 * formula, bytes / m_clients, m_bytes[seats]);
    QCOMPARE(shards().size(), std::size_t((m_clients + seats - 1) / seats));
    QVERIFY(most <= seats);
    // What chance adds in a small herd: three standard deviations.
    const double chance = 3 * std::sqrt(MostAtOnce * (1 - MostAtOnce) / m_clients);
    QVERIFY(percent(due) <= 100 * (MostAtOnce + chance));
}

/// What a client is sent in all grows with the members of its shard, and not faster.
void tst_Herd::aMemberCostsTheSameInAnyShard()
{
    QCOMPARE(m_bytes.size(), std::size_t(3));
    QVERIFY(m_bytes[40] <= Growth * m_bytes[20]);
    QVERIFY(m_bytes[80] <= Growth * m_bytes[20]);
}

void tst_Herd::whoResetsAtOnceIsNotBesieged_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::newRow("plain") << u"ws"_s;
    QTest::newRow("TLS") << u"wss"_s;
}

/// As a load balancer whose server is gone: QTcpSocket by itself would connect again at once.
void tst_Herd::whoResetsAtOnceIsNotBesieged()
{
    QFETCH(const QString, scheme);
    constexpr int Attempts = 5;
    constexpr int ConnectionsOfAnAttempt = 5; // without an end it would be hundreds
    auto daemon = std::make_unique<DaemonProcess>();
    QVERIFY(daemon->start());
    const FaultProxy proxy(std::uint16_t(daemon->url.port()));
    daemon.reset();
    DispatchClient client;
    client.setUrl(QUrl(u"%1://127.0.0.1:%2"_s.arg(scheme).arg(proxy.port())));
    client.setReconnectPolicy({.minDelay = 1, .maxDelay = 1});
    int failures = 0;
    QObject::connect(&client, &DispatchClient::errorOccurred, &client,
                     [&failures](const DispatchError &error) {
                         QCOMPARE(error.code(), DispatchError::NetworkError);
                         ++failures;
                     });
    client.setActive(true);
    QTRY_VERIFY_WITH_TIMEOUT(failures >= Attempts, Guard);
    QVERIFY(proxy.connections() <= failures * ConnectionsOfAnAttempt);
    qInfo("%d connections in %d attempts", proxy.connections(), failures);
}

QTEST_GUILESS_MAIN(tst_Herd)
#include "tst_herd.moc"
