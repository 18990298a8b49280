// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "operatorstest.h"
#include "peer.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Qt::StringLiterals;

/// The page that operators look at, and the report that it is made of.
class tst_StatusPage : public OperatorsTest {
    Q_OBJECT

private Q_SLOTS:
    void statusPageIsAllFromHere();
    void otherPagesCanUseNothingOfIt_data();
    void otherPagesCanUseNothingOfIt();
    void statusTellsOfShards();
    void statusTellsOfShardsThatAreSearched_data();
    void statusTellsOfShardsThatAreSearched();
};

void tst_StatusPage::statusPageIsAllFromHere()
{
    const auto page = get("/");
    QCOMPARE(page.status, 200);
    QCOMPARE(page.headers.value("content-type"), QByteArray("text/html; charset=utf-8"));
    static const QRegularExpression file(u"(?:\\b(?:src|href)=|\\bfrom )[\"']([^\"'\\s]+)[\"']"_s);
    QByteArrayList texts{page.body};
    QSet<QString> files;
    while (!texts.isEmpty()) {
        const QByteArray text = texts.takeFirst();
        for (auto it = file.globalMatch(QString::fromUtf8(text)); it.hasNext();) {
            const QString name = it.next().captured(1);
            if (files.contains(name))
                continue;
            files += name;
            const auto part = get(QUrl(u"/"_s).resolved(QUrl(name)).toEncoded());
            QVERIFY2(part.status == 200, qPrintable(name));
            QVERIFY(!part.body.isEmpty());
            if (name.endsWith(u".js"_s))
                texts += part.body;
        }
    }
    QCOMPARE(files,
             (QSet<QString>{u"icon.svg"_s, u"status.css"_s, u"status.js"_s, u"./chart.js"_s,
                            u"./figures.js"_s, u"metrics"_s}));
}

void tst_StatusPage::otherPagesCanUseNothingOfIt_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *target : {"/", "/status.js", "/status.json", "/metrics", "/healthz"})
        QTest::newRow(target) << QByteArray(target);
}

void tst_StatusPage::otherPagesCanUseNothingOfIt()
{
    QFETCH(QByteArray, target);
    const auto headers = get(target).headers;
    const QByteArray policy = headers.value("content-security-policy");
    QVERIFY2(policy.startsWith("default-src 'none'; "), policy);
    QVERIFY2(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains(':'), policy);
    QVERIFY(policy.contains("frame-ancestors 'none'"));
    QCOMPARE(headers.value("cross-origin-resource-policy"), QByteArray("same-origin"));
    QCOMPARE(headers.value("x-content-type-options"), QByteArray("nosniff"));
    QCOMPARE(headers.value("cache-control"), QByteArray("no-store"));
    QVERIFY(!headers.contains("access-control-allow-origin"));
}

void tst_StatusPage::statusTellsOfShards()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=s&maxConnectionsPerShard=10"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p&shardName=s"_s));
    ann.emitEvent(u"hello"_s);
    QVERIFY(ben.waitFor(u"hello"_s));
    const QJsonObject report = QJsonDocument::fromJson(get("/status.json").body).object();
    QCOMPARE(report[u"connections"_s], 2);
    QCOMPARE(report[u"connectionsLimit"_s], 1'000);
    QCOMPARE(report[u"draining"_s], false);
    QCOMPARE(report[u"stuck"_s], QJsonArray());
    QVERIFY(report[u"uptimeMs"_s].toDouble() > 0);
    QCOMPARE(report[u"totals"_s][u"eventsReceived"_s], 1);
    QCOMPARE(report[u"totals"_s][u"eventsDelivered"_s], 2);
    QCOMPARE(report[u"workers"_s].toArray().size(), 1);
    QCOMPARE(report[u"eventTimes"_s][u"counts"_s].toArray().size(),
             report[u"eventTimes"_s][u"bounds"_s].toArray().size() + 1);
    const QJsonArray shards = report[u"largestShards"_s][u"list"_s].toArray();
    QCOMPARE(shards.size(), 1);
    QJsonObject shard = shards.first().toObject();
    QVERIFY(shard.take(u"id"_s).toInt() > 0);
    QCOMPARE(shard,
             (QJsonObject{{u"project"_s, u"p"_s},
                          {u"name"_s, u"s"_s},
                          {u"clients"_s, 2},
                          {u"limit"_s, 10},
                          {u"received"_s, 1},
                          {u"delivered"_s, 2}}));
}

void tst_StatusPage::statusTellsOfShardsThatAreSearched_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<int>("matching");
    QTest::newRow("none") << QByteArray() << 3;
    QTest::newRow("empty") << QByteArray("?search=") << 3;
    QTest::newRow("another field") << QByteArray("?find=caf") << 3;
    QTest::newRow("encoded") << QByteArray("?search=caf%C3%A9") << 1;
    QTest::newRow("plus") << QByteArray("?x=1&search=TABLE+2") << 1;
    QTest::newRow("nothing") << QByteArray("?search=none") << 0;
    QTest::newRow("broken") << QByteArray("?search=%&&") << 0;
}

void tst_StatusPage::statusTellsOfShardsThatAreSearched()
{
    QFETCH(QByteArray, query);
    QFETCH(int, matching);
    std::array<Peer, 3> peers;
    QVERIFY(peers[0].join(m_server->url(), u"projectId=p&shardName=table%201"_s));
    QVERIFY(peers[1].join(m_server->url(), u"projectId=p&shardName=table%202"_s));
    QVERIFY(peers[2].join(m_server->url(), u"projectId=p&shardName=caf%C3%A9"_s));
    const QJsonObject report = QJsonDocument::fromJson(get("/status.json" + query).body).object();
    QCOMPARE(report[u"largestShards"_s][u"matching"_s], matching);
    QCOMPARE(report[u"largestShards"_s][u"list"_s].toArray().size(), matching);
}

QTEST_GUILESS_MAIN(tst_StatusPage)
#include "tst_statuspage.moc"
