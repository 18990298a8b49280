// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "neighbour.h"
#include "overtls.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qjsondocument.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <set>
#include <vector>

using namespace Qt::StringLiterals;

/// Who gets in: pages by their origin, and how many from where, how fast. Neighbours of those who
/// don't notice nothing.
class tst_Admission : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pagesJoinByTheirOrigin_data();
    void pagesJoinByTheirOrigin();
    void originsChangeForThoseWhoCome();
    void aProxyKnowsTheHostOfAPage_data();
    void aProxyKnowsTheHostOfAPage();
    void pagesOfAnyOriginMayAskForInfo();
    void connectionsOfAnAddressAreLimited_data();
    void connectionsOfAnAddressAreLimited();
    void halfOpenRequestsCount();
    void someAddressesAreNotLimited();
    void clientsBehindAProxyAreTold_data();
    void clientsBehindAProxyAreTold();
    void keptConnectionOfAProxyIsOneOfItsClient();
    void bansKnowWhoIsBehindAProxy_data();
    void bansKnowWhoIsBehindAProxy();
    void connectionsThatComeAtOnceAreLimited();
    void whoIsTurnedAwayComesBackWhenOthersDoNot();
    void theManyWhoAreTurnedAwayGo();
    void infoIsLimitedPerAddress_data();
    void infoIsLimitedPerAddress();

private:
    void serve(const DispatchServerSettings &settings);
    RawPeer::Response responseTo(const QByteArray &request,
                                 const QHostAddress &from = QHostAddress::LocalHost);
    qint64 refused(const QString &code) const
    {
        return m_server->statistics().refusals[code].toLongLong();
    }

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

using Peers = std::vector<std::unique_ptr<RawPeer>>;

const QHostAddress Other(u"127.0.0.2"_s);

/// Nobody is exempted, so that loopback shows what happens to others.
DispatchServerSettings strict()
{
    DispatchServerSettings settings;
    settings.unlimitedAddresses.clear();
    return settings;
}

QByteArray joinFrom(const QByteArray &origin)
{
    return RawPeer::upgradeRequest("/?projectId=p",
                                   origin.isNull() ? origin : "Origin: " + origin + "\r\n");
}

QByteArray forwarded(const QByteArray &address)
{
    return "X-Forwarded-For: " + address + "\r\n";
}

QString codeOf(const RawPeer::Response &response)
{
    return QJsonDocument::fromJson(response.body)["code"_L1].toString();
}

int retryAfterMs(const RawPeer::Response &response)
{
    return QJsonDocument::fromJson(response.body)["retryAfterMs"_L1].toInt();
}

} // namespace

void tst_Admission::serve(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    prepare(*m_server);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

RawPeer::Response tst_Admission::responseTo(const QByteArray &request, const QHostAddress &from)
{
    RawPeer peer(m_server->port(), from);
    peer.send(request);
    return peer.response();
}

void tst_Admission::pagesJoinByTheirOrigin_data()
{
    QTest::addColumn<QStringList>("allowed");
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<bool>("isLetIn");
    const QStringList none;
    const QStringList listed{u"https://app.example"_s, u"http://localhost:8080"_s};
    const QByteArray program;
    QTest::newRow("a program") << none << false << program << true;
    QTest::newRow("a page of the host") << none << false << QByteArray("http://localhost") << true;
    QTest::newRow("a page of another host")
        << none << false << QByteArray("https://evil.example") << false;
    QTest::newRow("a page of a host with the same beginning")
        << none << false << QByteArray("http://localhost.evil.example") << false;
    QTest::newRow("a page without an origin") << none << false << QByteArray("null") << false;
    QTest::newRow("an empty origin") << none << false << QByteArray("") << false;
    QTest::newRow("no text at all") << none << false << QByteArray("\xff\xfe\"") << false;
    QTest::newRow("listed") << listed << false << QByteArray("https://APP.example:443") << true;
    QTest::newRow("not listed") << listed << false << QByteArray("http://localhost") << false;
    QTest::newRow("null is listed")
        << QStringList{u"null"_s} << false << QByteArray("null") << true;
    QTest::newRow("all are listed")
        << QStringList{u"*"_s} << false << QByteArray("https://evil.example") << true;
    QTest::newRow("a program, where an origin is required") << none << true << program << false;
    QTest::newRow("a page, where an origin is required")
        << none << true << QByteArray("http://localhost") << true;
}

void tst_Admission::pagesJoinByTheirOrigin()
{
    QFETCH(QStringList, allowed);
    QFETCH(bool, isRequired);
    QFETCH(QByteArray, origin);
    QFETCH(bool, isLetIn);
    serve({});
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"projectId=p"_s));
    DispatchServerSettings settings;
    settings.allowedOrigins = allowed;
    settings.requireOrigin = isRequired;
    m_server->setSettings(settings);
    RawPeer peer(m_server->port());
    peer.send(joinFrom(origin));
    const auto response = peer.response(!isLetIn);
    QCOMPARE(response.status, isLetIn ? 101 : 403);
    QCOMPARE(refused(u"origin_not_allowed"_s), isLetIn ? 0 : 1);
    if (!isLetIn) {
        QCOMPARE(codeOf(response), u"origin_not_allowed"_s);
        QVERIFY(peer.waitForClose());
    }
    QVERIFY(neighbour.isUnharmed());
    QCOMPARE(m_server->statistics().joins, isLetIn ? 2 : 1);
}

void tst_Admission::originsChangeForThoseWhoCome()
{
    serve({});
    RawPeer page(m_server->port());
    page.send(joinFrom("http://localhost"));
    QCOMPARE(page.response(false).status, 101);
    DispatchServerSettings settings;
    settings.allowedOrigins = QStringList{u"https://app.example"_s};
    m_server->setSettings(settings);
    QCOMPARE(responseTo(joinFrom("http://localhost")).status, 403);
    QVERIFY(!page.isClosed());
}

void tst_Admission::aProxyKnowsTheHostOfAPage_data()
{
    QTest::addColumn<QStringList>("proxies");
    QTest::addColumn<QByteArray>("forwardedHost");
    QTest::addColumn<int>("status");
    const QStringList trusted{u"127.0.0.1"_s};
    QTest::newRow("trusted") << trusted << QByteArray("app.example") << 101;
    QTest::newRow("trusted, the last of two")
        << trusted << QByteArray("evil.example, app.example") << 101;
    QTest::newRow("trusted, the first of two")
        << trusted << QByteArray("app.example, evil.example") << 403;
    QTest::newRow("not trusted") << QStringList{u"10.0.0.1"_s} << QByteArray("app.example") << 403;
}

void tst_Admission::aProxyKnowsTheHostOfAPage()
{
    QFETCH(QStringList, proxies);
    QFETCH(QByteArray, forwardedHost);
    QFETCH(int, status);
    DispatchServerSettings settings;
    settings.trustedProxies = proxies;
    serve(settings);
    const QByteArray fields =
        "Origin: https://app.example\r\nX-Forwarded-Host: " + forwardedHost + "\r\n";
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/", fields));
    QCOMPARE(peer.response(status != 101).status, status);
}

void tst_Admission::pagesOfAnyOriginMayAskForInfo()
{
    DispatchServerSettings settings;
    settings.allowedOrigins = QStringList{u"https://app.example"_s};
    settings.requireOrigin = true;
    serve(settings);
    const auto response =
        responseTo(RawPeer::request("GET", "/info/p", "Origin: https://other.example\r\n"));
    QCOMPARE(response.status, 200);
    QCOMPARE(response.headers.value("access-control-allow-origin"), QByteArray("*"));
    QVERIFY(!response.headers.contains("access-control-allow-credentials"));
}

void tst_Admission::connectionsOfAnAddressAreLimited_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("as it is") << 200;
    QTest::newRow("as set") << 3;
}

void tst_Admission::connectionsOfAnAddressAreLimited()
{
    QFETCH(int, limit);
    DispatchServerSettings settings = strict();
    if (limit != settings.maxConnectionsPerAddress)
        settings.maxConnectionsPerAddress = limit;
    serve(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"projectId=p&shardName=s"_s));
    Peers peers;
    for (int i = 0; i < limit; ++i) {
        peers.push_back(std::make_unique<RawPeer>(m_server->port(), Other));
        peers.back()->answerPings();
        QVERIFY(peers.back()->join("/?projectId=p&maxConnectionsPerShard=1000"));
    }
    const auto response = responseTo(RawPeer::upgradeRequest("/?projectId=q"), Other);
    QCOMPARE(response.status, 429);
    QCOMPARE(codeOf(response), u"too_many_from_address"_s);
    QVERIFY(response.headers.value("retry-after").toInt() > 0);
    QCOMPARE(m_server->statistics().joins, limit + 1);
    // Not even for a look, but others come in.
    QCOMPARE(responseTo(RawPeer::request("GET", "/info/p"), Other).status, 429);
    QCOMPARE(responseTo(RawPeer::request("GET", "/info/p")).status, 200);
    peers.pop_back();
    QTRY_COMPARE(responseTo(RawPeer::request("GET", "/info/p"), Other).status, 200);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Admission::halfOpenRequestsCount()
{
    DispatchServerSettings settings = strict();
    settings.maxConnectionsPerAddress = 50;
    serve(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    Peers slow;
    for (int i = 0; i < settings.maxConnectionsPerAddress; ++i) {
        slow.push_back(std::make_unique<RawPeer>(m_server->port(), Other));
        if (i % 2 == 0)
            slow.back()->send("GET / HTTP/1.1\r\nX: ");
    }
    RawPeer next(m_server->port(), Other);
    // It is told before it has said anything.
    const auto response = next.response();
    QCOMPARE(response.status, 429);
    QCOMPARE(codeOf(response), u"too_many_from_address"_s);
    QVERIFY(next.waitForClose());
    QVERIFY(neighbour.isUnharmed());
    QVERIFY(RawPeer(m_server->port()).join("/"));
    slow.clear();
    QTRY_COMPARE(responseTo(RawPeer::request("GET", "/info/p"), Other).status, 200);
}

void tst_Admission::someAddressesAreNotLimited()
{
    DispatchServerSettings settings = strict();
    settings.unlimitedAddresses = QStringList{u"127.0.0.2"_s};
    settings.trustedProxies = QStringList{u"127.0.0.3"_s};
    settings.maxConnectionsPerAddress = 1;
    settings.infoRequestBurst = 1;
    serve(settings);
    for (const QHostAddress &from : {Other, QHostAddress(u"127.0.0.3"_s)}) {
        RawPeer one(m_server->port(), from);
        QVERIFY(one.join("/"));
        RawPeer two(m_server->port(), from);
        QVERIFY(two.join("/"));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(responseTo(RawPeer::request("GET", "/info/p"), from).status, 200);
    }
    RawPeer one(m_server->port());
    QVERIFY(one.join("/"));
    QCOMPARE(responseTo(RawPeer::upgradeRequest("/")).status, 429);
}

void tst_Admission::clientsBehindAProxyAreTold_data()
{
    QTest::addColumn<QStringList>("proxies");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<int>("status");
    const QStringList trusted{u"127.0.0.1"_s, u"10.0.0.0/8"_s};
    QTest::newRow("the same client")
        << trusted << QByteArray("192.0.2.1") << QByteArray("192.0.2.1") << 429;
    QTest::newRow("two clients") << trusted << QByteArray("192.0.2.1") << QByteArray("192.0.2.2")
                                 << 101;
    QTest::newRow("a client who lies about the way")
        << trusted << QByteArray("192.0.2.1") << QByteArray("192.0.2.9, 192.0.2.1, 10.0.0.7")
        << 429;
    QTest::newRow("one network of IPv6")
        << trusted << QByteArray("2001:db8::1") << QByteArray("[2001:db8::2]:80") << 429;
    QTest::newRow("two networks of IPv6")
        << trusted << QByteArray("2001:db8::1") << QByteArray("2001:db8:0:1::1") << 101;
    QTest::newRow("two clients of one who is not trusted")
        << QStringList() << QByteArray("192.0.2.1") << QByteArray("192.0.2.2") << 429;
}

void tst_Admission::clientsBehindAProxyAreTold()
{
    QFETCH(QStringList, proxies);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, second);
    QFETCH(int, status);
    DispatchServerSettings settings = strict();
    settings.trustedProxies = proxies;
    settings.maxConnectionsPerAddress = 1;
    serve(settings);
    RawPeer one(m_server->port());
    one.send(RawPeer::upgradeRequest("/", forwarded(first)));
    QCOMPARE(one.response(false).status, 101);
    RawPeer two(m_server->port());
    two.send(RawPeer::upgradeRequest("/", forwarded(second)));
    QCOMPARE(two.response(status != 101).status, status);
}

void tst_Admission::keptConnectionOfAProxyIsOneOfItsClient()
{
    DispatchServerSettings settings = strict();
    settings.trustedProxies = QStringList{u"127.0.0.1"_s};
    settings.maxConnectionsPerAddress = 1;
    serve(settings);
    RawPeer proxy(m_server->port());
    for (const char *client : {"192.0.2.1", "192.0.2.2", "192.0.2.1"}) {
        proxy.send(RawPeer::request("GET", "/info/p", forwarded(client)));
        QCOMPARE(proxy.response().status, 200);
    }
    // The one who asked last is counted until another asks.
    QCOMPARE(responseTo(RawPeer::request("GET", "/info/p", forwarded("192.0.2.2"))).status, 200);
    QCOMPARE(responseTo(RawPeer::request("GET", "/info/p", forwarded("192.0.2.1"))).status, 429);
}

void tst_Admission::bansKnowWhoIsBehindAProxy_data()
{
    QTest::addColumn<QByteArray>("banned");
    QTest::addColumn<QByteArray>("his"); // where he comes from then
    QTest::addColumn<QByteArray>("other");
    QTest::newRow("IPv4") << QByteArray("192.0.2.1") << QByteArray("192.0.2.1")
                          << QByteArray("192.0.2.2");
    // Of IPv6 one has a whole network.
    QTest::newRow("IPv6") << QByteArray("2001:db8:1:2::3") << QByteArray("2001:db8:1:2:a:b:c:d")
                          << QByteArray("2001:db8:1:3::3");
}

void tst_Admission::bansKnowWhoIsBehindAProxy()
{
    QFETCH(QByteArray, banned);
    QFETCH(QByteArray, his);
    QFETCH(QByteArray, other);
    DispatchServerSettings settings;
    settings.trustedProxies = QStringList{u"127.0.0.1"_s};
    serve(settings);
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    const QByteArray ban = "{\"seconds\":60}";
    const auto put = responseTo(
        RawPeer::request("PUT", "/api/v1/projects/p/bans/addresses/" + banned,
                         "Authorization: Bearer p/backend\r\nContent-Type: application/json\r\n"
                         "Content-Length: "
                             + QByteArray::number(ban.size()) + "\r\n")
        + ban);
    QCOMPARE(put.status, 200);
    const auto join = [](const QByteArray &address) {
        return RawPeer::upgradeRequest("/?projectId=p", forwarded(address));
    };
    const auto response = responseTo(join(his));
    QCOMPARE(response.status, 403);
    QCOMPARE(codeOf(response), u"banned"_s);
    RawPeer neighbour(m_server->port());
    neighbour.send(join(other));
    QCOMPARE(neighbour.response(false).status, 101);
}

void tst_Admission::connectionsThatComeAtOnceAreLimited()
{
    DispatchServerSettings settings;
    settings.connectionsPerSecond = 1;
    settings.connectionBurst = 10;
    serve(settings);
    // The neighbour is one of them.
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    int answered = 1;
    while (responseTo(RawPeer::request("GET", "/info/p")).status == 200)
        ++answered;
    // A few may have flowed in meanwhile.
    QVERIFY2(answered >= 10 && answered < 100, qPrintable(QString::number(answered)));
    QCOMPARE(refused(u"server_busy"_s), 1);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Admission::whoIsTurnedAwayComesBackWhenOthersDoNot()
{
    DispatchServerSettings settings;
    settings.connectionsPerSecond = 1;
    settings.connectionBurst = 1;
    serve(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    std::set<int> waits;
    qint64 refusals = 0;
    while (refusals < 20) {
        RawPeer peer(m_server->port());
        peer.send(RawPeer::upgradeRequest("/"));
        const auto response = peer.response();
        if (response.status == 101)
            continue;
        ++refusals;
        QCOMPARE(response.status, 503);
        QCOMPARE(codeOf(response), u"server_busy"_s);
        const int wait = retryAfterMs(response);
        QVERIFY2(wait >= 1'000 && wait < 10'000, response.body.constData());
        const int seconds = response.headers.value("retry-after").toInt();
        QVERIFY(seconds * 1'000 >= wait && seconds * 1'000 < wait + 1'000);
        QVERIFY(peer.waitForClose());
        waits.insert(wait);
    }
    QVERIFY2(waits.size() > 10, "clients would come back at the same time");
    QCOMPARE(refused(u"server_busy"_s), refusals);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Admission::theManyWhoAreTurnedAwayGo()
{
    DispatchServerSettings settings = strict();
    settings.maxConnectionsPerAddress = 1;
    settings.connectionsPerSecond = 0;
    serve(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer first(m_server->port(), Other);
    first.answerPings();
    QVERIFY(first.join("/"));
    // More than are told so at the same time; none of them says anything.
    std::vector<std::unique_ptr<QTcpSocket>> silent;
    for (int i = 0; i < 600; ++i) {
        silent.push_back(std::make_unique<QTcpSocket>());
        silent.back()->bind(Other);
        silent.back()->connectToHost(QHostAddress(QHostAddress::LocalHost), m_server->port());
    }
    QTRY_COMPARE_WITH_TIMEOUT(refused(u"too_many_from_address"_s), 600, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::all_of(silent,
                                                 [](const auto &socket) {
                                                     return socket->state()
                                                         == QAbstractSocket::UnconnectedState;
                                                 }),
                             10'000);
    QVERIFY(!first.isClosed());
    QVERIFY(neighbour.isUnharmed());
}

void tst_Admission::infoIsLimitedPerAddress_data()
{
    QTest::addColumn<int>("burst");
    QTest::newRow("as it is") << 100;
    QTest::newRow("as set") << 3;
}

void tst_Admission::infoIsLimitedPerAddress()
{
    QFETCH(int, burst);
    DispatchServerSettings settings = strict();
    settings.infoRequestsPerSecond = burst == 100 ? settings.infoRequestsPerSecond : 1;
    settings.infoRequestBurst = burst;
    serve(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer peer(m_server->port(), Other);
    int status = 200;
    int answered = 0;
    RawPeer::Response response;
    // All at once, so that no more than a few flow in meanwhile.
    peer.send(RawPeer::request("GET", "/info/p").repeated(2 * burst));
    while (status == 200) {
        response = peer.response();
        status = response.status;
        answered += status == 200 ? 1 : 0;
    }
    QVERIFY2(answered >= burst && answered < 2 * burst, qPrintable(QString::number(answered)));
    QCOMPARE(status, 429);
    QCOMPARE(codeOf(response), u"too_many_requests"_s);
    QVERIFY(response.headers.value("retry-after").toInt() >= 1);
    QCOMPARE(response.headers.value("access-control-allow-origin"), QByteArray("*"));
    QVERIFY(peer.waitForClose());
    QCOMPARE(responseTo(RawPeer::request("GET", "/info/p")).status, 200);
    QVERIFY(neighbour.isUnharmed());
}

QTEST_GUILESS_MAIN(tst_Admission)
#include "tst_admission.moc"
