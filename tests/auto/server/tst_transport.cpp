// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "transport_p.h"

#include "rawpeer.h"
#include "upgraderequest_p.h"

#include <QtTest/qtest.h>

#include <boost/asio/write.hpp>

#include <optional>

using namespace Dispatch;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace net = boost::asio;

namespace {

/// What a transport tells.
class Ear final : public Transport::Observer {
public:
    void opened() override { }
    void received(std::string_view text) override
    {
        texts += QByteArray(text.data(), int(text.size()));
    }
    void receivedBinary() override { }
    void ponged(std::string_view) override { }
    void tooBig() override { }
    void misbehaved(FrameWatch::Fault) override { }
    void ended(std::string_view reason, bool saidGoodbye) override
    {
        end = QByteArray(reason.data(), int(reason.size())) + (saidGoodbye ? ", good-bye" : "");
    }

    QByteArrayList texts;
    QByteArray end;
};

} // namespace

/// A connection of a client as its server sees it, over loopback.
class tst_Transport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void whatCameBeforeAResetIsRead_data();
    void whatCameBeforeAResetIsRead();
    void whoIsResetIsNotKept();

private:
    /// Does what there is to do, and nothing that it brings about.
    void run();
    void push(const char *text) { m_transport->push(std::make_shared<const std::string>(text)); }
    void send(const QByteArray &bytes)
    {
        net::write(*m_client, net::buffer(bytes.data(), std::size_t(bytes.size())));
    }
    void resetByClient();

    const Transport::Limits m_limits{.messageBytes = 1'000,
                                     .queueBytes = 1'000,
                                     .frames = {.fragments = 10, .controlFrames = Rate(10, 10)}};
    std::unique_ptr<net::io_context> m_loop;
    std::optional<tcp::socket> m_client;
    std::optional<LoopTurn> m_turn;
    Ear m_ear;
    std::shared_ptr<Transport> m_transport;
};

void tst_Transport::init()
{
    m_loop = std::make_unique<net::io_context>(1);
    tcp::acceptor acceptor(*m_loop, {net::ip::address_v4::loopback(), 0});
    m_client.emplace(*m_loop);
    m_client->connect(acceptor.local_endpoint());
    Socket::Tcp accepted(*m_loop);
    acceptor.accept(accepted);
    accepted.non_blocking(true);
    m_ear = {};
    m_turn.emplace();
    m_transport = std::make_shared<Transport>(Socket(std::move(accepted)), *m_turn, m_limits);
    UpgradeRequest request;
    namespace http = boost::beast::http;
    request.request = {http::verb::get, "/", 11};
    request.request.set(http::field::host, "localhost");
    request.request.set(http::field::upgrade, "websocket");
    request.request.set(http::field::connection, "Upgrade");
    request.request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    request.request.set(http::field::sec_websocket_version, "13");
    m_transport->start(&m_ear, request);
    run();
}

void tst_Transport::cleanup()
{
    m_transport->abort();
    m_loop->restart();
    m_loop->poll();
    m_transport.reset();
    m_turn.reset();
    m_client.reset();
    m_loop.reset();
}

void tst_Transport::run()
{
    do {
        for (const auto &transport : std::exchange(m_turn->toFlush, {}))
            transport->flush();
        m_loop->restart();
    } while (m_loop->poll() > 0 || !m_turn->toFlush.empty());
}

void tst_Transport::resetByClient()
{
    m_client->set_option(net::socket_base::linger(true, 0));
    m_client->close();
}

void tst_Transport::whatCameBeforeAResetIsRead_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArrayList>("heard");
    QTest::addColumn<QByteArray>("end");
    const QByteArray text = RawPeer::frame(RawPeer::Text, "hello");
    const QByteArray bye = RawPeer::frame(RawPeer::Close, QByteArray::fromHex("03e8"));
    const QByteArray comingBack = RawPeer::frame(RawPeer::Close, QByteArray::fromHex("0faa"));
    using List = QByteArrayList;
    QTest::newRow("nothing") << QByteArray() << List() << QByteArray("lost");
    QTest::newRow("a message") << text << List{"hello"} << QByteArray("lost");
    QTest::newRow("a good-bye") << bye << List() << QByteArray("closed, good-bye");
    QTest::newRow("both") << text + bye << List{"hello"} << QByteArray("closed, good-bye");
    QTest::newRow("that it comes back") << comingBack << List() << QByteArray("closed");
}

void tst_Transport::whatCameBeforeAResetIsRead()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArrayList, heard);
    QFETCH(QByteArray, end);
    send(sent);
    resetByClient();
    // It is written to before it is read.
    push("more");
    m_transport->flush();
    QCOMPARE(m_ear.end, QByteArray());
    run();
    QCOMPARE(m_ear.texts, heard);
    QCOMPARE(m_ear.end, end);
    QVERIFY(m_transport->isClosed());
}

void tst_Transport::whoIsResetIsNotKept()
{
    resetByClient();
    push("more");
    m_transport->flush();
    // Should the end never be read: who can't be written to is closed in time.
    m_transport->endIfLate(m_turn->now + 9s, 10s);
    QVERIFY(!m_transport->isClosed());
    m_transport->endIfLate(m_turn->now + 10s, 10s);
    QVERIFY(m_transport->isClosed());
    QCOMPARE(m_ear.end, QByteArray("lost"));
}

QTEST_GUILESS_MAIN(tst_Transport)
#include "tst_transport.moc"
