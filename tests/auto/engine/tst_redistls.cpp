// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "certificate.h"
#include "enginetest.h"
#include "redistestcluster.h"

#include <QtCore/qtemporaryfile.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

/// Redis behind TLS.
class tst_RedisTls : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void nodesTalkOverTls_data();
    void nodesTalkOverTls();
    void certificateIsVerified_data();
    void certificateIsVerified();
    void connectionIsMadeAgain();

private:
    /// Nodes that trust \a authority, at \a host.
    bool begin(RedisServer &server, int count, const Certificate &authority,
               const std::string &host = "127.0.0.1");

    const Certificate m_authority = Certificate::authority();
};

bool tst_RedisTls::begin(RedisServer &server, int count, const Certificate &authority,
                         const std::string &host)
{
    QTemporaryFile file;
    if (!file.open() || file.write(authority.pem()) < 0 || !file.flush())
        return false;
    auto tls = makeRedisTls(file.fileName().toStdString());
    if (!std::holds_alternative<TlsContext>(tls))
        return false;
    auto made = std::make_unique<RedisTestCluster>(server, limits());
    made->settings.socketPath.clear();
    made->settings.host = host;
    made->settings.port = server.tlsPort();
    made->settings.tls = std::get<TlsContext>(tls);
    cluster = std::move(made);
    for (int i = 0; i < count; ++i)
        nodes.push_back(cluster->node());
    return true;
}

void tst_RedisTls::nodesTalkOverTls_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("address") << QByteArray("127.0.0.1");
    QTest::newRow("name") << QByteArray("localhost");
}

void tst_RedisTls::nodesTalkOverTls()
{
    QFETCH(QByteArray, host);
    RedisServer server(RedisServer::Kind::Alone);
    const Certificate own = m_authority.issue({host});
    server.speakTls(own.pem(), own.keyPem());
    QVERIFY(server.start());
    QVERIFY(begin(server, 2, m_authority, host.toStdString()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QCOMPARE(shardOf("a", "room"), "room");
    const std::string large(1'000'000, 'x'); // many records of TLS
    QVERIFY(publish(large).seq > 0);
    QVERIFY(publish("last").seq > 0);
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 2; }));
    QVERIFY(record->data[0] == large);
    QVERIFY(nodes[0]->heard->complaints.empty());
    cleanup();
}

void tst_RedisTls::certificateIsVerified_data()
{
    using std::chrono::hours;
    QTest::addColumn<QByteArrayList>("names");
    QTest::addColumn<bool>("isTrusted");
    QTest::addColumn<bool>("isOver");
    QTest::addColumn<QByteArray>("why");
    const QByteArrayList here{"127.0.0.1"};
    QTest::newRow("another host") << QByteArrayList{"redis.example"} << true << false
                                  << QByteArray("mismatch");
    QTest::newRow("another address")
        << QByteArrayList{"127.0.0.2"} << true << false << QByteArray("mismatch");
    QTest::newRow("another authority") << here << false << false << QByteArray("issuer");
    QTest::newRow("over") << here << true << true << QByteArray("expired");
}

void tst_RedisTls::certificateIsVerified()
{
    using std::chrono::hours;
    QFETCH(QByteArrayList, names);
    QFETCH(bool, isTrusted);
    QFETCH(bool, isOver);
    QFETCH(QByteArray, why);
    RedisServer server(RedisServer::Kind::Alone);
    const Certificate own =
        m_authority.issue(names, isOver ? Validity{-hours(2), -hours(1)} : Validity());
    server.speakTls(own.pem(), own.keyPem());
    QVERIFY(server.start());
    QVERIFY(begin(server, 1, isTrusted ? m_authority : Certificate::authority()));
    QVERIFY(cluster->waitFor([&] { return nodes[0]->heard->timesLost > 0; }));
    const std::string &said = nodes[0]->heard->whyLost;
    QVERIFY2(said.starts_with("TLS: ") && said.find(why.toStdString()) != std::string::npos,
             said.c_str());
    QVERIFY(!engine().figures().wasReached);
    cleanup();
}

void tst_RedisTls::connectionIsMadeAgain()
{
    RedisServer server(RedisServer::Kind::Alone);
    const Certificate own = m_authority.issue({"127.0.0.1"});
    server.speakTls(own.pem(), own.keyPem());
    QVERIFY(server.start());
    QVERIFY(begin(server, 1, m_authority));
    const auto record = listen(room);
    QVERIFY(record);
    server.ask({"CLIENT", "KILL", "TYPE", "pubsub"});
    server.ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    QVERIFY(cluster->waitFor([&] { return succeeded(publish({room, "event", "a", 1})); }));
    QVERIFY(
        cluster->waitFor([&] { return !record->data.empty() && record->data.back() == "event"; }));
    cleanup();
}

QTEST_GUILESS_MAIN(tst_RedisTls)
#include "tst_redistls.moc"
