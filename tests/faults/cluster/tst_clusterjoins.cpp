// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "environment.h"
#include "resources.h"
#include "servers.h"

#include <DispatchClient>

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

using namespace Dispatch::Faults;

namespace {

constexpr int Guard = 120'000; // ms; only for what never comes
constexpr int Seats = 20;

struct Member {
    qsizetype most = 0; ///< clients that it ever saw at once
    DispatchClient client;

    explicit Member(const QUrl &url)
    {
        client.setUrl(url);
        client.setProjectId(QStringLiteral("p"));
        client.setMaxConnectionsPerShard(Seats);
        QObject::connect(&client, &DispatchClient::connectedClientsChanged, &client,
                         [this](const QList<DispatchConnectedClient> &clients) {
                             most = std::max(most, clients.size());
                         });
        client.setActive(true);
    }
};

} // namespace

/// DISPATCH_FAULT_CLIENTS come at once, to three servers that share a Redis.
class tst_ClusterJoins : public QObject {
    Q_OBJECT

public:
    tst_ClusterJoins() { allowLongRuns(); }

private Q_SLOTS:
    void shardsAreFilledAndNoneIsOver();
};

void tst_ClusterJoins::shardsAreFilledAndNoneIsOver()
{
    const int count = fromEnvironment("DISPATCH_FAULT_CLIENTS", 1'000);
    QVERIFY2(canOpen(count + 100), "raise the limit of open files");
    Servers servers({.areImpatient = false});
    QVERIFY(servers.start());
    QElapsedTimer time;
    time.start();
    std::vector<std::unique_ptr<Member>> members;
    for (int i = 0; i < count; ++i)
        members.push_back(std::make_unique<Member>(servers.url()));
    const auto areAllThere = [&] {
        return std::ranges::all_of(members, [](const auto &member) {
            return member->client.state() == DispatchClient::Connected;
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(areAllThere(), Guard);
    const qint64 joined = time.elapsed();

    std::map<QString, qsizetype> shards;
    const auto doAllSeeAll = [&] {
        shards.clear();
        for (const auto &member : members)
            ++shards[member->client.currentShardName()];
        return std::ranges::all_of(members, [&](const auto &member) {
            return member->client.connectedClients().size()
                == shards.at(member->client.currentShardName());
        });
    };
    QTRY_VERIFY2_WITH_TIMEOUT(doAllSeeAll(), servers.logs().constData(), Guard);
    qInfo("%d clients joined in %lld ms, and saw each other after %lld ms, in %zu shards", count,
          joined, time.elapsed(), shards.size());
    QCOMPARE(shards.size(), std::size_t((count + Seats - 1) / Seats));
    for (const auto &[name, clients] : shards)
        QVERIFY2(clients <= Seats, qPrintable(name));
    for (const auto &member : members)
        QVERIFY(member->most <= Seats);
}

QTEST_GUILESS_MAIN(tst_ClusterJoins)
#include "tst_clusterjoins.moc"
