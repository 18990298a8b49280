// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "overtls.h"
#include "peer.h"
#include "rawpeer.h"
#include "token.h"

#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qjsonarray.h>
#include <QtCore/qlocale.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What the server answers before a connection is a WebSocket.
class tst_Http : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void infoOfAnUnknownProjectIsAnEmptyList();
    void infoListsTheShards();
    void infoAnswersBrowsersOfAnyOrigin();
    void infoKeepsTheConnection();
    void headHasNoBody();
    void everyAnswerSaysWhenItWasGiven_data();
    void everyAnswerSaysWhenItWasGiven();
    void preflightIsAllowed();
    void otherRequestsAreRefused_data();
    void otherRequestsAreRefused();
    void upgradeAnswerIsWhatQtWants();
    void anyPathIsAWebSocket();
    void refusedJoinsGetAnHttpStatus_data();
    void refusedJoinsGetAnHttpStatus();
    void fullShardIsRefused();
    void fullServerIsRefused();
    void projectCanBeDemanded();
    void tokenOfTheUrlIsIgnoredWithoutAVerifier();
    void tokensAreVerifiedBeforeTheUpgrade_data();
    void tokensAreVerifiedBeforeTheUpgrade();
    void slowRequestIsTimedOut();
    void silentConnectionIsClosed();

private:
    QJsonObject errorOf(const RawPeer::Response &response) const;
    void restart(const DispatchServerSettings &settings);

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

const QByteArray Secret(32, 's');

QByteArray bearer(const QString &project)
{
    return Token::make({{u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60},
                        {u"aud"_s, project},
                        {u"sub"_s, u"ann"_s}},
                       Secret);
}

} // namespace

void tst_Http::init()
{
    restart({});
}

void tst_Http::cleanup()
{
    m_server.reset();
}

void tst_Http::restart(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    prepare(*m_server);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

QJsonObject tst_Http::errorOf(const RawPeer::Response &response) const
{
    return QJsonDocument::fromJson(response.body).object();
}

void tst_Http::infoOfAnUnknownProjectIsAnEmptyList()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::request("GET", "/info/unknown"));
    const auto response = peer.response();
    QCOMPARE(response.status, 200);
    QCOMPARE(response.body, QByteArray("[]"));
}

void tst_Http::infoListsTheShards()
{
    Peer ann;
    Peer ben;
    Peer cem;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=caf%C3%A9%20%22x%22"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p&shardName=b"_s));
    QVERIFY(cem.join(m_server->url(), u"projectId=p&shardName=b"_s));
    RawPeer peer(m_server->port());
    peer.send(RawPeer::request("GET", "/info/p?x=1"));
    const QJsonArray expected{
        QJsonObject{{u"shardName"_s, u"b"_s}, {u"numConnectedClients"_s, 2}},
        QJsonObject{{u"shardName"_s, u"caf\u00e9 \"x\""_s}, {u"numConnectedClients"_s, 1}}};
    QCOMPARE(QJsonDocument::fromJson(peer.response().body).array(), expected);
}

void tst_Http::infoAnswersBrowsersOfAnyOrigin()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::request("GET", "/info/p", "Origin: https://example.org\r\n"));
    const auto response = peer.response();
    QCOMPARE(response.headers.value("access-control-allow-origin"), QByteArray("*"));
    QCOMPARE(response.headers.value("content-type"), QByteArray("application/json"));
}

void tst_Http::infoKeepsTheConnection()
{
    RawPeer peer(m_server->port());
    // Two at once, then another.
    peer.send(RawPeer::request("GET", "/info/a") + RawPeer::request("GET", "/info/b"));
    QCOMPARE(peer.response().status, 200);
    QCOMPARE(peer.response().status, 200);
    peer.send(RawPeer::request("GET", "/info/c", "Connection: close\r\n"));
    QCOMPARE(peer.response().status, 200);
    QVERIFY(peer.waitForClose());
}

void tst_Http::headHasNoBody()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::request("HEAD", "/info/p") + RawPeer::request("GET", "/info/p"));
    const auto head = peer.response(false);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.headers.value("content-length"), QByteArray("2"));
    QCOMPARE(peer.response().body, QByteArray("[]"));
}

void tst_Http::everyAnswerSaysWhenItWasGiven_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("info") << RawPeer::request("GET", "/info/p");
    QTest::newRow("preflight") << RawPeer::request("OPTIONS", "/info/p");
    QTest::newRow("no upgrade") << RawPeer::request("GET", "/");
    QTest::newRow("refused join") << RawPeer::upgradeRequest("/?projectId=a%20b");
    QTest::newRow("no HTTP") << QByteArray("x\r\n\r\n");
}

void tst_Http::everyAnswerSaysWhenItWasGiven()
{
    QFETCH(QByteArray, request);
    RawPeer peer(m_server->port());
    peer.send(request);
    const QByteArray text = peer.response().headers.value("date");
    QDateTime date =
        QLocale::c().toDateTime(QString::fromLatin1(text), u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s);
    QVERIFY2(date.isValid(), text.constData());
    date.setTimeSpec(Qt::UTC);
    QVERIFY2(std::abs(date.secsTo(QDateTime::currentDateTimeUtc())) < 60, text.constData());
}

void tst_Http::preflightIsAllowed()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::request("OPTIONS", "/info/p", "Access-Control-Request-Method: GET\r\n"));
    const auto response = peer.response();
    QCOMPARE(response.status, 204);
    QCOMPARE(response.headers.value("access-control-allow-origin"), QByteArray("*"));
    QVERIFY(response.headers.value("access-control-allow-methods").contains("GET"));
    QVERIFY(!response.headers.contains("content-length"));
}

void tst_Http::otherRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QByteArray &request, int status,
                        const QString &code) { QTest::newRow(name) << request << status << code; };
    row("a page", RawPeer::request("GET", "/"), 426, u"upgrade_required"_s);
    row("info of nothing", RawPeer::request("GET", "/info/"), 404, u"not_found"_s);
    for (const char *path : {"/info/%zz", "/info/a%00", "/info/a%2Fb"})
        row(path, RawPeer::request("GET", path), 400, u"bad_parameters"_s);
    for (const char *path : {"/info/p/", "/info/p/x"})
        row(path, RawPeer::request("GET", path), 404, u"not_found"_s);
    row("POST", RawPeer::request("POST", "/info/p"), 405, u"method_not_allowed"_s);
    row("DELETE", RawPeer::request("DELETE", "/x"), 405, u"method_not_allowed"_s);
    row("a body", RawPeer::request("GET", "/info/p", "Content-Length: 3\r\n") + "abc", 413,
        u"body_too_large"_s);
    row("chunks",
        RawPeer::request("GET", "/info/p", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 413,
        u"body_too_large"_s);
    row("POST with a body", RawPeer::request("POST", "/info/p", "Content-Length: 3\r\n") + "abc",
        405, u"method_not_allowed"_s);
}

void tst_Http::otherRequestsAreRefused()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QString, code);
    RawPeer peer(m_server->port());
    peer.send(request);
    const auto response = peer.response();
    QCOMPARE(response.status, status);
    QCOMPARE(errorOf(response)["code"_L1].toString(), code);
    QVERIFY(!errorOf(response)["message"_L1].toString().isEmpty());
    QVERIFY(peer.waitForClose());
}

void tst_Http::upgradeAnswerIsWhatQtWants()
{
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/?projectId=p"));
    const auto response = peer.response(false);
    QCOMPARE(response.status, 101);
    QCOMPARE(response.headers.value("connection"), QByteArray("Upgrade"));
    QCOMPARE(response.headers.value("upgrade"), QByteArray("websocket"));
    QCOMPARE(response.headers.value("sec-websocket-accept"),
             QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    QVERIFY(!response.headers.contains("sec-websocket-extensions"));
    QVERIFY(!response.headers.contains("sec-websocket-protocol"));
}

void tst_Http::anyPathIsAWebSocket()
{
    for (const char *target : {"/", "/some/where?projectId=p", "/info/p?projectId=p"}) {
        RawPeer peer(m_server->port());
        QVERIFY(peer.join(target));
    }
}

void tst_Http::refusedJoinsGetAnHttpStatus_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const QByteArray &request, int status,
                        const QString &code) { QTest::newRow(name) << request << status << code; };
    row("a bad project", RawPeer::upgradeRequest("/?projectId=a%2Fb"), 400, u"bad_parameters"_s);
    row("a control character", RawPeer::upgradeRequest("/?shardName=a%0Ab"), 400,
        u"bad_parameters"_s);
    row("a long shard name", RawPeer::upgradeRequest("/?shardName=" + QByteArray(129, 'x')), 400,
        u"bad_parameters"_s);
    row("a limit that is no number", RawPeer::upgradeRequest("/?maxConnectionsPerShard=many"), 400,
        u"bad_parameters"_s);
    row("a limit of nothing", RawPeer::upgradeRequest("/?maxConnectionsPerShard=0"), 400,
        u"bad_parameters"_s);
    row("a token that nobody can verify",
        RawPeer::upgradeRequest("/", "Authorization: Bearer abc\r\n"), 401, u"no_token_key"_s);
    row("no key",
        RawPeer::request(
            "GET", "/",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
        400, u"bad_request"_s);
    row("another version",
        RawPeer::request("GET", "/",
                         "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
        426, u"upgrade_required"_s);
}

void tst_Http::refusedJoinsGetAnHttpStatus()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QString, code);
    RawPeer peer(m_server->port());
    peer.send(request);
    const auto response = peer.response();
    QCOMPARE(response.status, status);
    QCOMPARE(errorOf(response)["code"_L1].toString(), code);
    // For a QWebSocket, which shows its user no more of it.
    const QString statusLine = u"HTTP/1.1 %1 %2\r\n"_s.arg(QString::number(status), code);
    QVERIFY2(response.head.startsWith(statusLine.toUtf8()), response.head.constData());
    QCOMPARE(m_server->statistics().refusedJoins, 1);
    QCOMPARE(m_server->statistics().connections, 0);
}

void tst_Http::fullShardIsRefused()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"shardName=a&maxConnectionsPerShard=1"_s));
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/?shardName=a&maxConnectionsPerShard=5"));
    const auto response = peer.response();
    QCOMPARE(response.status, 409);
    QCOMPARE(errorOf(response)["code"_L1].toString(), u"shard_full"_s);
    QCOMPARE(errorOf(response)["retry"_L1], QJsonValue(true));
    // Its place is free as soon as it is gone.
    ann.close();
    QTRY_COMPARE(m_server->statistics().connections, 0);
    RawPeer again(m_server->port());
    QVERIFY(again.join("/?shardName=a&maxConnectionsPerShard=5"));
}

void tst_Http::fullServerIsRefused()
{
    DispatchServerSettings settings;
    settings.maxConnections = 1;
    restart(settings);
    Peer ann;
    QVERIFY(ann.join(m_server->url()));
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest("/"));
    QCOMPARE(peer.response().status, 503);
}

void tst_Http::projectCanBeDemanded()
{
    DispatchServerSettings settings;
    settings.requireProjectId = true;
    restart(settings);
    RawPeer without(m_server->port());
    without.send(RawPeer::upgradeRequest("/?shardName=a"));
    const auto refused = without.response();
    QCOMPARE(refused.status, 422);
    QCOMPARE(errorOf(refused)["code"_L1].toString(), u"project_required"_s);
    RawPeer with(m_server->port());
    QVERIFY(with.join("/?projectId=default"));
}

void tst_Http::tokenOfTheUrlIsIgnoredWithoutAVerifier()
{
    RawPeer peer(m_server->port());
    QVERIFY(peer.join("/?authorization=whatever"));
}

void tst_Http::tokensAreVerifiedBeforeTheUpgrade_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("isGood");
    const QByteArray good = bearer(u"p"_s);
    const QByteArray wrong = bearer(u"q"_s);
    QTest::newRow("none") << QByteArray("/?projectId=p") << QByteArray() << true;
    QTest::newRow("URL") << "/?projectId=p&authorization=" + good << QByteArray() << true;
    QTest::newRow("header") << QByteArray("/?projectId=p")
                            << "Authorization: Bearer " + good + "\r\n"
                            << true;
    QTest::newRow("bad in the URL")
        << "/?projectId=p&authorization=" + wrong << QByteArray() << false;
    QTest::newRow("bad in the header")
        << QByteArray("/?projectId=p") << "Authorization: bearer " + wrong + "\r\n"
        << false;
}

void tst_Http::tokensAreVerifiedBeforeTheUpgrade()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, header);
    QFETCH(bool, isGood);
    m_server->close();
    m_server->setTokenVerifier(DispatchTokenVerifier::sharedSecret(Secret));
    QVERIFY(m_server->listen());
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest(target, header));
    const auto response = peer.response(!isGood);
    QCOMPARE(response.status, isGood ? 101 : 401);
    if (isGood) {
        const bool isNamed = target.contains("authorization") || !header.isEmpty();
        QVERIFY(peer.waitForText(isNamed ? "\"userId\":\"ann\"" : "\"lastPing\":"));
    }
}

void tst_Http::slowRequestIsTimedOut()
{
    DispatchServerSettings settings;
    settings.handshakeTimeout = 200;
    restart(settings);
    RawPeer peer(m_server->port());
    peer.send("GET /info/p HTTP/1.1\r\nHost: x\r\n");
    const auto response = peer.response();
    QCOMPARE(response.status, 408);
    QCOMPARE(errorOf(response)["retry"_L1], QJsonValue(true));
    QVERIFY(peer.waitForClose());
}

void tst_Http::silentConnectionIsClosed()
{
    DispatchServerSettings settings;
    settings.handshakeTimeout = 200;
    restart(settings);
    RawPeer peer(m_server->port());
    QVERIFY(peer.waitForClose());
}

QTEST_GUILESS_MAIN(tst_Http)
#include "tst_http.moc"
