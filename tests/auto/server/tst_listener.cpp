// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "hub_p.h"
#include "listener_p.h"
#include "rawpeer.h"
#include "worker_p.h"

#include <QtTest/qtest.h>

#include <future>
#include <thread>

using namespace Dispatch;
using namespace std::chrono_literals;

/// A listener with routes of its own, as the one for operators is.
class tst_Listener : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void bodyReachesTheRoute_data();
    void bodyReachesTheRoute();
    void bodyUpToTheLimitPasses_data();
    void bodyUpToTheLimitPasses();
    void clientThatAsksIsToldToGoOn();
    void answerMayComeLaterAndFromAnotherThread();
    void answerThatDoesNotComeIsA504();
    void answerMayComeAfterAllAreGone();
    void secondAnswerIsIgnored();
    void upgradeIsOneMoreRequest();
    void originsAreNotToldToCome();

private:
    void serve(const DispatchServerSettings &settings);
    /// Waits for a request of /later.
    Respond respondOfLater();

    std::unique_ptr<Hub> m_hub;
    std::unique_ptr<Listener> m_listener;
    // What routes were given to answer with; on the listener's thread.
    std::promise<Respond> m_promise;
};

namespace {

HttpResponse textResponse(const std::string &text)
{
    HttpResponse response;
    response.contentType = "text/plain";
    response.body = text;
    return response;
}

} // namespace

void tst_Listener::init()
{
    serve({});
}

void tst_Listener::cleanup()
{
    m_listener.reset();
    m_hub.reset();
}

void tst_Listener::serve(const DispatchServerSettings &settings)
{
    m_listener.reset();
    m_hub = std::make_unique<Hub>(settings, nullptr, [] {});
    m_promise = {};
    Router router;
    Route echo;
    echo.method = "POST";
    echo.pattern = "/echo/{name}";
    echo.maxBodyBytes = 100;
    echo.handler = [](const HttpRequest &request, const Respond &respond) {
        respond(textResponse(request.parameters.at(0) + '|' + request.query + '|'
                             + std::string(request.field("x-y")) + '|' + request.remoteAddress + '|'
                             + request.body));
    };
    router.add(echo);
    Route later;
    later.method = "GET";
    later.pattern = "/later";
    later.handler = [this](const HttpRequest &, Respond respond) {
        m_promise.set_value(std::move(respond));
    };
    router.add(later);
    m_listener =
        std::make_unique<Listener>(*m_hub, m_hub->listenerCounters, settings, std::move(router));
    QVERIFY(!m_listener->listen(QHostAddress(QHostAddress::LocalHost), 0));
}

Respond tst_Listener::respondOfLater()
{
    std::future<Respond> future = m_promise.get_future();
    const auto hasCome = [&future] { return future.wait_for(0s) == std::future_status::ready; };
    return QTest::qWaitFor(hasCome) ? future.get() : Respond();
}

void tst_Listener::bodyReachesTheRoute_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("with a length")
        << QByteArray("Content-Length: 3\r\n") << QByteArray("abc") << QByteArray("abc");
    QTest::newRow("in chunks") << QByteArray("Transfer-Encoding: chunked\r\n")
                               << QByteArray("2\r\nab\r\n1\r\nc\r\n0\r\n\r\n") << QByteArray("abc");
    QTest::newRow("none") << QByteArray() << QByteArray() << QByteArray();
    QTest::newRow("empty") << QByteArray("Content-Length: 0\r\n") << QByteArray() << QByteArray();
}

void tst_Listener::bodyReachesTheRoute()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, body);
    RawPeer peer(m_listener->port());
    // The connection is kept: one behind the other.
    for (int i = 0; i < 2; ++i)
        peer.send(RawPeer::request("POST", "/echo/a%20b?q=1", "X-Y: z\r\n" + fields) + sent);
    for (int i = 0; i < 2; ++i) {
        const auto response = peer.response();
        QCOMPARE(response.status, 200);
        QCOMPARE(response.headers.value("content-type"), QByteArray("text/plain"));
        QCOMPARE(response.body, "a b|q=1|z|127.0.0.1|" + body);
    }
}

void tst_Listener::bodyUpToTheLimitPasses_data()
{
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<int>("status");
    for (const int size : {99, 100, 101}) {
        const int status = size > 100 ? 413 : 200;
        const QByteArray body(size, 'x');
        QTest::addRow("%d", size) << "Content-Length: " + QByteArray::number(size) + "\r\n\r\n"
                + body << status;
        QTest::addRow("%d in chunks", size)
            << "Transfer-Encoding: chunked\r\n\r\n32\r\n" + body.left(50) + "\r\n"
                + QByteArray::number(size - 50, 16) + "\r\n" + body.sliced(50) + "\r\n0\r\n\r\n"
            << status;
    }
    // Nothing of it needs to come.
    QTest::newRow("far too much") << QByteArray("Content-Length: 99999999999\r\n\r\n") << 413;
    QTest::newRow("a chunk that is far too large")
        << QByteArray("Transfer-Encoding: chunked\r\n\r\nffffffff\r\n") << 413;
}

void tst_Listener::bodyUpToTheLimitPasses()
{
    QFETCH(QByteArray, rest);
    QFETCH(int, status);
    RawPeer peer(m_listener->port());
    peer.send("POST /echo/x HTTP/1.1\r\nHost: h\r\n" + rest);
    const auto response = peer.response();
    QCOMPARE(response.status, status);
    if (status == 413) {
        QVERIFY(response.body.contains("body_too_large"));
        QVERIFY(peer.waitForClose());
    }
}

void tst_Listener::clientThatAsksIsToldToGoOn()
{
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::request("POST", "/echo/x", "Content-Length: 3\r\nExpect: 100-continue\r\n"));
    QCOMPARE(peer.response().status, 100);
    peer.send("abc");
    QCOMPARE(peer.response().status, 200);
    RawPeer tooMuch(m_listener->port());
    tooMuch.send(
        RawPeer::request("POST", "/echo/x", "Content-Length: 300\r\nExpect: 100-continue\r\n"));
    QCOMPARE(tooMuch.response().status, 413);
}

void tst_Listener::answerMayComeLaterAndFromAnotherThread()
{
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::request("GET", "/later") + RawPeer::request("POST", "/echo/next"));
    const Respond respond = respondOfLater();
    RawPeer other(m_listener->port());
    other.send(RawPeer::request("POST", "/echo/meanwhile"));
    QCOMPARE(other.response().status, 200);
    QVERIFY(peer.pending().isEmpty());
    std::thread([&respond] { respond(textResponse("late")); }).join();
    QCOMPARE(peer.response().body, QByteArray("late"));
    QCOMPARE(peer.response().body, QByteArray("next|||127.0.0.1|"));
}

void tst_Listener::answerThatDoesNotComeIsA504()
{
    DispatchServerSettings settings;
    settings.handshakeTimeout = 200;
    serve(settings);
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::request("GET", "/later"));
    const auto response = peer.response();
    QCOMPARE(response.status, 504);
    QVERIFY(response.body.contains("answer_timeout"));
    QVERIFY(peer.waitForClose());
    respondOfLater()(textResponse("too late"));
}

void tst_Listener::answerMayComeAfterAllAreGone()
{
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::request("GET", "/later"));
    const Respond respond = respondOfLater();
    m_listener.reset();
    respond(textResponse("nobody hears it"));
    QVERIFY(peer.waitForClose());
}

void tst_Listener::secondAnswerIsIgnored()
{
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::request("GET", "/later"));
    const Respond respond = respondOfLater();
    respond(textResponse("first"));
    respond(textResponse("second"));
    QCOMPARE(peer.response().body, QByteArray("first"));
    peer.send(RawPeer::request("POST", "/echo/next"));
    QCOMPARE(peer.response().body, QByteArray("next|||127.0.0.1|"));
}

void tst_Listener::upgradeIsOneMoreRequest()
{
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::upgradeRequest("/"));
    QCOMPARE(peer.response().status, 404);
    QVERIFY(peer.waitForClose());
}

void tst_Listener::originsAreNotToldToCome()
{
    RawPeer peer(m_listener->port());
    peer.send(RawPeer::request("POST", "/echo/x", "Origin: https://example.org\r\n"));
    QVERIFY(!peer.response().headers.contains("access-control-allow-origin"));
    RawPeer preflight(m_listener->port());
    preflight.send(RawPeer::request("OPTIONS", "/echo/x",
                                    "Origin: https://example.org\r\n"
                                    "Access-Control-Request-Method: POST\r\n"));
    const auto response = preflight.response();
    QCOMPARE(response.status, 405);
    QVERIFY(!response.headers.contains("access-control-allow-origin"));
}

QTEST_GUILESS_MAIN(tst_Listener)
#include "tst_listener.moc"
