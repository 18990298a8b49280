// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "neighbour.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtTest/qtest.h>

#include <functional>

using namespace Qt::StringLiterals;

/// Requests that are none: each is told what is wrong with it, and that is all that happens.
class tst_Malformed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void malformedRequestsAreAnswered_data();
    void malformedRequestsAreAnswered();
    void oddRequestsAreUnderstood_data();
    void oddRequestsAreUnderstood();
    void requestsWaitForTheirEnd_data();
    void requestsWaitForTheirEnd();
    void slowRequestsAreTimedOut_data();
    void slowRequestsAreTimedOut();
    void requestLimitsHold_data();
    void requestLimitsHold();
    void nothingFollowsAnError();
    void halfClosedRequestIsAnswered();

private:
    std::unique_ptr<DispatchServer> m_server;
};

namespace {

const QByteArray Host = "Host: localhost\r\n";
const QByteArray BackEnd = "Authorization: Bearer p/backend\r\nContent-Type: application/json\r\n";
const QByteArray Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
const QByteArray Version = "Sec-WebSocket-Version: 13\r\n";
const QByteArray Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

QByteArray get(const QByteArray &fields)
{
    return "GET /info/p HTTP/1.1\r\n" + fields + "\r\n";
}

QByteArray join(const QByteArray &fields)
{
    return "GET /?projectId=p HTTP/1.1\r\n" + fields + "\r\n";
}

void addRequest(const char *name, const QByteArray &request, int status, const char *code)
{
    QTest::newRow(name) << request << status << QByteArray(code);
}

void addBrokenLines()
{
    const char *code = "bad_request";
    addRequest("no HTTP", "hello\r\n\r\n", 400, code);
    addRequest("the first bytes of TLS", QByteArray("\x16\x03\x01\x02", 4), 400, code);
    addRequest("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, code);
    addRequest("HTTP/9.9", "GET / HTTP/9.9\r\n" + Host + "\r\n", 400, code);
    addRequest("HTTP/1", "GET / HTTP/1\r\n" + Host + "\r\n", 400, code);
    addRequest("no version", "GET / \r\n\r\n", 400, code);
    addRequest("no target", "GET HTTP/1.1\r\n" + Host + "\r\n", 400, code);
    addRequest("a target that is none", "GET info/p HTTP/1.1\r\n" + Host + "\r\n", 400, code);
    addRequest("two spaces", "GET  / HTTP/1.1\r\n" + Host + "\r\n", 400, code);
    addRequest("an empty line first", "\r\n" + get(Host), 400, code);
    addRequest("LF alone", "GET /info/p HTTP/1.1\nHost: a\n\n", 400, code);
    addRequest("LF alone behind a field", get("Host: a\n"), 400, code);
    addRequest("CR alone", get(Host + "X: a\rb\r\n"), 400, code);
    addRequest("CR alone before a field", get(Host + "\rX: a\r\n"), 400, code);
    addRequest("a folded line", get(Host + "X: a\r\n b\r\n"), 400, code);
    addRequest("white space before the fields", get(" X: a\r\n" + Host), 400, code);
    addRequest("a space before a colon", get(Host + "X : a\r\n"), 400, code);
    addRequest("a coding with a space before its colon",
               get(Host + "Transfer-Encoding : chunked\r\n"), 400, code);
    addRequest("a field without a colon", get(Host + "X\r\n"), 400, code);
    addRequest("a field without a name", get(Host + ": a\r\n"), 400, code);
    addRequest("brackets in a name", get(Host + "X[]: a\r\n"), 400, code);
    addRequest("NUL in a field", get(Host + QByteArray("X: a\0\r\n", 7)), 400, code);
    addRequest("NUL in the target", QByteArray("GET /\0 HTTP/1.1\r\n", 17) + Host + "\r\n", 400,
               code);
    addRequest("a bell in a field", get(Host + "X: \a\r\n"), 400, code);
}

void addBadFraming()
{
    const char *code = "bad_request";
    addRequest("no host", get({}), 400, code);
    addRequest("two hosts", get(Host + "Host: example.org\r\n"), 400, code);
    addRequest("a host that is none", get("Host: a/b\r\n"), 400, code);
    addRequest("a coding and a length",
               get(Host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n", 400,
               code);
    addRequest("a length and a coding",
               get(Host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400,
               code);
    addRequest("a length and an unknown coding",
               get(Host + "Content-Length: 5\r\nTransfer-Encoding: x\r\n") + "hello", 400, code);
    addRequest("an unknown coding", get(Host + "Transfer-Encoding: gzip\r\n"), 400, code);
    addRequest("two lengths", get(Host + "Content-Length: 0\r\nContent-Length: 5\r\n"), 400, code);
    addRequest("the same length twice", get(Host + "Content-Length: 0, 0\r\n"), 400, code);
    for (const char *length : {"-1", "-123456789123456789123456789", "+0", "abc", "0x5", "1_0",
                               "1 0", "", "99999999999999999999"}) {
        QTest::addRow("the length '%s'", length)
            << get(Host + "Content-Length: " + length + "\r\n") << 400 << QByteArray(code);
    }
    const QByteArray post = "POST /api/v1/projects/p/events HTTP/1.1\r\n" + Host + BackEnd
        + "Transfer-Encoding: chunked\r\n\r\n";
    for (const char *chunk : {"x\r\n", "-1\r\n", "0x1\r\na\r\n", "1\r\nab\r\n0\r\n\r\n", "\r\n",
                              "1\ra\r\n", "fffffffffffffffff\r\n"}) {
        QTest::addRow("the chunk '%s'", QByteArray(chunk).toPercentEncoding().constData()) << post
                + chunk + "0\r\n\r\n" << 400 << QByteArray(code);
    }
}

void addOtherStatuses()
{
    addRequest("a body", get(Host + "Content-Length: 3\r\n") + "abc", 413, "body_too_large");
    addRequest("a body that never comes", get(Host + "Content-Length: 999999999999\r\n"), 413,
               "body_too_large");
    addRequest("a chunk that never comes",
               "POST /api/v1/projects/p/events HTTP/1.1\r\n" + Host + BackEnd
                   + "Transfer-Encoding: chunked\r\n\r\nfffffff\r\n",
               413, "body_too_large");
    addRequest("another method", "BREW /info/p HTTP/1.1\r\n" + Host + "\r\n", 405,
               "method_not_allowed");
    addRequest("CONNECT", "CONNECT example.org:443 HTTP/1.1\r\n" + Host + "\r\n", 405,
               "method_not_allowed");
    addRequest("a method in lower case", "get /info/p HTTP/1.1\r\n" + Host + "\r\n", 405,
               "method_not_allowed");
    addRequest("a page", "GET / HTTP/1.1\r\n" + Host + "\r\n", 426, "upgrade_required");
}

void addBadHandshakes()
{
    const char *bad = "bad_request";
    addRequest("POST as a handshake",
               "POST /?projectId=p HTTP/1.1\r\n" + Host + Upgrade + Version + Key + "\r\n", 405,
               "method_not_allowed");
    addRequest("HTTP/1.0 as a handshake",
               "GET /?projectId=p HTTP/1.0\r\n" + Host + Upgrade + Version + Key + "\r\n", 426,
               "upgrade_required");
    addRequest("an upgrade to something else",
               join(Host + "Connection: Upgrade\r\nUpgrade: h2c\r\n" + Version + Key), 426,
               "upgrade_required");
    addRequest("an upgrade that the connection does not name",
               join(Host + "Upgrade: websocket\r\n" + Version + Key), 426, "upgrade_required");
    addRequest("another version", join(Host + Upgrade + "Sec-WebSocket-Version: 8\r\n" + Key), 426,
               "upgrade_required");
    addRequest("no version of WebSocket", join(Host + Upgrade + Key), 426, "upgrade_required");
    addRequest("two versions", join(Host + Upgrade + Version + Version + Key), 400, bad);
    addRequest("no key", join(Host + Upgrade + Version), 400, bad);
    addRequest("two keys", join(Host + Upgrade + Version + Key + Key), 400, bad);
    for (const char *key : {"", "short", "dGhlIHNhbXBsZSBub25jZQ==AAAA", "dGhlIHNhbXBsZSBub25jZQAA",
                            "!!!!!!!!!!!!!!!!!!!!!!==", "dGhlIHNhbXBsZSBub25jZ==="}) {
        QTest::addRow("the key '%s'", key)
            << join(Host + Upgrade + Version + "Sec-WebSocket-Key: " + key + "\r\n") << 400
            << QByteArray(bad);
    }
    addRequest("a handshake without a host", join(Upgrade + Version + Key), 400, bad);
    addRequest("a handshake with two hosts", join(Host + Host + Upgrade + Version + Key), 400, bad);
    addRequest("a handshake from two origins",
               join(Host + Upgrade + Version + Key + "Origin: http://localhost\r\n"
                    + "Origin: http://localhost\r\n"),
               400, bad);
    addRequest("a handshake with two tokens",
               join(Host + Upgrade + Version + Key + "Authorization: Bearer a\r\n"
                    + "Authorization: Bearer b\r\n"),
               400, bad);
    addRequest("a handshake with a body",
               join(Host + Upgrade + Version + Key + "Content-Length: 3\r\n") + "abc", 413,
               "body_too_large");
    addRequest(
        "a handshake with a folded line",
        join(Host + Upgrade + Version + "Sec-WebSocket-Key:\r\n dGhlIHNhbXBsZSBub25jZQ==\r\n"), 400,
        bad);
}

} // namespace

void tst_Malformed::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Malformed::malformedRequestsAreAnswered_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("code");
    addBrokenLines();
    addBadFraming();
    addOtherStatuses();
    addBadHandshakes();
}

void tst_Malformed::malformedRequestsAreAnswered()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QFETCH(QByteArray, code);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"projectId=p"_s));
    RawPeer peer(m_server->port());
    peer.send(request);
    const auto response = peer.response();
    QCOMPARE(response.status, status);
    QVERIFY2(response.body.contains("\"code\":\"" + code + '"'), response.body.constData());
    QCOMPARE(response.headers.value("connection"), QByteArray("close"));
    QVERIFY(peer.waitForClose());
    QCOMPARE(m_server->statistics().connections, 1);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Malformed::oddRequestsAreUnderstood_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("odd white space and cases") << get("hoSt:\tlocalhost\r\nX:\r\nY: \r\n") << 200;
    QTest::newRow("a length of nothing") << get(Host + "Content-Length: 0\r\n") << 200;
    QTest::newRow("to be told to go on") << get(Host + "Expect: 100-continue\r\n") << 200;
    QTest::newRow("HTTP/1.0 without a host") << QByteArray("GET /info/p HTTP/1.0\r\n\r\n") << 200;
    QTest::newRow("absolute form") << "GET http://example.org/info/p HTTP/1.1\r\n" + Host + "\r\n"
                                   << 200;
    QTest::newRow("absolute form of a handshake")
        << "GET ws://example.org/?projectId=p HTTP/1.1\r\n" + Host + Upgrade + Version + Key
            + "\r\n"
        << 101;
    QTest::newRow("lists of upgrades") << join(
        Host + "Connection: keep-alive, upgrade\r\nUpgrade: h2c, WebSocket\r\n" + Version + Key)
                                       << 101;
    QTest::newRow("unknown extensions and protocols")
        << join(Host + Upgrade + Version + Key
                + "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: x\r\n")
        << 101;
}

void tst_Malformed::oddRequestsAreUnderstood()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    RawPeer peer(m_server->port());
    peer.send(request);
    const auto response = peer.response(status != 101);
    QCOMPARE(response.status, status);
    QVERIFY(!response.headers.contains("sec-websocket-extensions"));
    QVERIFY(!response.headers.contains("sec-websocket-protocol"));
}

void tst_Malformed::requestsWaitForTheirEnd_data()
{
    QTest::addColumn<int>("cut");
    const QByteArray request = get(Host);
    for (int cut = 1; cut < request.size(); cut += 3)
        QTest::addRow("%d bytes", cut) << cut;
}

void tst_Malformed::requestsWaitForTheirEnd()
{
    QFETCH(int, cut);
    const QByteArray request = get(Host);
    RawPeer peer(m_server->port());
    peer.send(request.left(cut));
    // Another one is served meanwhile, and this one has got no answer.
    RawPeer other(m_server->port());
    other.send(request);
    QCOMPARE(other.response().status, 200);
    QVERIFY(peer.pending().isEmpty() && !peer.isClosed());
    peer.send(request.mid(cut));
    QCOMPARE(peer.response().status, 200);
}

void tst_Malformed::slowRequestsAreTimedOut_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("more");
    QTest::newRow("silent") << QByteArray("GET /info/p HTTP/1.1\r\n") << QByteArray();
    QTest::newRow("field by field")
        << QByteArray("GET /info/p HTTP/1.1\r\n") << QByteArray("X: 1\r\n");
    QTest::newRow("byte by byte") << QByteArray("GET /?projectId=p HTTP/1.1\r\nX: ")
                                  << QByteArray("x");
    QTest::newRow("in its body") << "POST /api/v1/projects/p/events HTTP/1.1\r\n" + Host + BackEnd
            + "Content-Length: 1000\r\n\r\n"
                                 << QByteArray("x");
}

void tst_Malformed::slowRequestsAreTimedOut()
{
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, more);
    DispatchServerSettings settings;
    settings.handshakeTimeout = 500;
    m_server->setSettings(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer peer(m_server->port());
    peer.send(begin);
    // However alive it looks.
    QTimer timer;
    connect(&timer, &QTimer::timeout, &peer, [&] { peer.send(more); });
    timer.start(50);
    const auto response = peer.response();
    timer.stop();
    QCOMPARE(response.status, 408);
    QVERIFY(response.body.contains("\"code\":\"request_timeout\""));
    QVERIFY(peer.waitForClose());
    QVERIFY(neighbour.isUnharmed());
}

void tst_Malformed::requestLimitsHold_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto add = [](const char *what, int limit, const std::function<QByteArray(int)> &make,
                        int status) {
        QTest::addRow("%s, one less", what) << make(limit - 1) << 200;
        QTest::addRow("%s, as many", what) << make(limit) << 200;
        QTest::addRow("%s, one more", what) << make(limit + 1) << status;
    };
    add(
        "bytes of the target", 8 * 1024,
        [](int bytes) {
            const QByteArray path = "/info/p?";
            return RawPeer::request("GET", path + QByteArray(bytes - path.size(), 'x'));
        },
        414);
    add(
        "fields", 100,
        [](int count) { return get(Host + QByteArray("X: 1\r\n").repeated(count - 1)); }, 431);
    add(
        "bytes", 16 * 1024,
        [](int bytes) {
            const auto filled = [](qsizetype fill) {
                return get(Host + "X: " + QByteArray(fill, 'x') + "\r\n");
            };
            return filled(bytes - filled(0).size());
        },
        431);
    QTest::newRow("a field without an end")
        << "GET /info/p HTTP/1.1\r\nX: " + QByteArray(1'000'000, 'x') << 431;
    QTest::newRow("a target without an end") << "GET /" + QByteArray(1'000'000, 'x') << 414;
    QTest::newRow("a handshake with a long URL")
        << RawPeer::upgradeRequest("/?authorization=" + QByteArray(9'000, 'x')) << 414;
}

void tst_Malformed::requestLimitsHold()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer peer(m_server->port());
    peer.send(request);
    QCOMPARE(peer.response().status, status);
    if (status != 200)
        QVERIFY(peer.waitForClose());
    QVERIFY(neighbour.isUnharmed());
}

void tst_Malformed::nothingFollowsAnError()
{
    RawPeer peer(m_server->port());
    peer.send(get("Host: a\r\nHost: b\r\n") + get(Host) + join(Host + Upgrade + Version + Key));
    QCOMPARE(peer.response().status, 400);
    QVERIFY(peer.waitForClose());
    QVERIFY2(peer.pending().isEmpty(), peer.pending().constData());
}

void tst_Malformed::halfClosedRequestIsAnswered()
{
    RawPeer peer(m_server->port());
    peer.send("GET /info/p HTTP/1.1\r\nHost: a\r\n");
    peer.sendNoMore();
    QCOMPARE(peer.response().status, 400);
    QVERIFY(peer.waitForClose());
}

QTEST_GUILESS_MAIN(tst_Malformed)
#include "tst_malformed.moc"
