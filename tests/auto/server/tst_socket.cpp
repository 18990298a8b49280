// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "socket_p.h"
#include "tlsclient.h"

#include <QtTest/qtest.h>

#include <boost/asio/write.hpp>

#include <array>
#include <memory>
#include <optional>
#include <unistd.h>

using namespace Dispatch;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace net = boost::asio;

/// Connections, in the clear and with TLS, over loopback.
class tst_Socket : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void anEndThatComesWithDataIsSeen();
    void aFaultThatComesWithDataIsSeen();
    void keysThatAreRenewedForNothingEndIt();
    void recordsAreCounted();
    void aConnectionGoesOnInAnotherLoop();
    void aConnectionThatNoLoopTakesIsClosed();

private:
    struct Read {
        ErrorCode ec;
        std::string text;
    };

    /// Both ends of a connection; that of the server speaks TLS if \a tls says so.
    void connect(bool tls);
    /// Shakes hands, as the client and as the server.
    void shakeHands(TlsClient &client);
    void send(std::string_view bytes) { net::write(*m_client, net::buffer(bytes)); }
    /// What the server reads next; nothing if nothing comes.
    std::optional<Read> read();

    TlsContext m_tls;
    std::unique_ptr<net::io_context> m_loop;
    std::optional<tcp::socket> m_client;
    std::optional<Socket> m_server;
};

void tst_Socket::initTestCase()
{
    m_tls = contextForLoopback();
    QVERIFY(m_tls);
}

void tst_Socket::init()
{
    m_loop = std::make_unique<net::io_context>(1);
}

void tst_Socket::cleanup()
{
    m_server.reset();
    m_client.reset();
    m_loop.reset();
}

void tst_Socket::connect(bool tls)
{
    tcp::acceptor acceptor(*m_loop, {net::ip::address_v4::loopback(), 0});
    m_client.emplace(*m_loop);
    m_client->connect(acceptor.local_endpoint());
    Socket::Tcp accepted(*m_loop);
    acceptor.accept(accepted);
    m_server.emplace(std::move(accepted), tls ? std::make_unique<TlsSession>(m_tls) : nullptr);
}

void tst_Socket::shakeHands(TlsClient &client)
{
    send(client.out());
    while (!SSL_is_init_finished(client.ssl())) {
        m_server->handshake();
        std::array<char, 10'000> bytes;
        const std::size_t size = m_client->read_some(net::buffer(bytes));
        client.receive({bytes.data(), size});
    }
    send(client.out());
    QCOMPARE(m_server->handshake(), Socket::Handshake::Done);
}

std::optional<tst_Socket::Read> tst_Socket::read()
{
    std::optional<Read> result;
    std::array<char, 1'000> bytes;
    m_server->async_read_some(net::buffer(bytes), [&](ErrorCode ec, std::size_t size) {
        result = Read{ec, std::string(bytes.data(), size)};
    });
    m_loop->restart();
    m_loop->run_for(10s);
    if (!result) {
        m_server->reset();
        m_loop->restart();
        m_loop->run();
        return std::nullopt;
    }
    return result;
}

void tst_Socket::anEndThatComesWithDataIsSeen()
{
    TlsClient client;
    connect(true);
    shakeHands(client);
    client.say("last words");
    SSL_shutdown(client.ssl());
    send(client.out());
    const auto words = read();
    QVERIFY(words);
    QCOMPARE(words->text, std::string("last words"));
    // The connection below stays open, and nothing more comes on it.
    const auto end = read();
    QVERIFY(end);
    QCOMPARE(end->ec, ErrorCode(net::error::eof));
}

void tst_Socket::aFaultThatComesWithDataIsSeen()
{
    TlsClient client;
    connect(true);
    shakeHands(client);
    client.say("words");
    std::string bytes = client.out();
    client.say("changed");
    bytes += client.out();
    bytes.back() ^= 1;
    send(bytes);
    const auto words = read();
    QVERIFY(words);
    QCOMPARE(words->text, std::string("words"));
    const auto end = read();
    QVERIFY(end);
    QCOMPARE(end->ec, ErrorCode(net::error::connection_aborted));
}

void tst_Socket::keysThatAreRenewedForNothingEndIt()
{
    constexpr int Many = 1'000;
    TlsClient client;
    connect(true);
    shakeHands(client);
    for (int i = 0; i < Many; ++i) {
        SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
        client.say("x");
    }
    send(client.out());
    std::size_t heard = 0;
    auto result = read();
    for (; result && !result->ec; result = read())
        heard += result->text.size();
    QVERIFY(result);
    QCOMPARE(result->ec, ErrorCode(net::error::connection_aborted));
    QVERIFY(heard < 50);
}

void tst_Socket::recordsAreCounted()
{
    constexpr std::size_t Records = 100;
    TlsClient client;
    connect(true);
    shakeHands(client);
    m_server->takeOverhead();
    for (std::size_t i = 0; i < Records; ++i)
        client.say("x");
    const std::string bytes = client.out();
    std::array<char, 2 * Records> text;
    std::size_t size = 0;
    m_server->async_read_some(net::buffer(text), [&size](ErrorCode, std::size_t n) { size = n; });
    // The beginning of a record counts, and is not counted again when its end comes.
    send(std::string_view(bytes).substr(0, 10));
    m_loop->restart();
    std::size_t first = 0;
    while (first == 0 && m_loop->run_one_for(10s) > 0)
        first = m_server->takeOverhead();
    QCOMPARE(first, std::size_t(10));
    send(std::string_view(bytes).substr(10));
    m_loop->run_for(10s);
    QCOMPARE(size, Records);
    QCOMPARE(first + m_server->takeOverhead(), bytes.size() - Records);
}

void tst_Socket::aConnectionGoesOnInAnotherLoop()
{
    connect(false);
    m_server->putBack("before ");
    auto detached = m_server->detach();
    ErrorCode ec;
    m_server.emplace(Socket::attach(*m_loop, std::move(detached), ec));
    QVERIFY(!ec);
    send("after");
    QCOMPARE(read()->text, std::string("before "));
    QCOMPARE(read()->text, std::string("after"));
}

void tst_Socket::aConnectionThatNoLoopTakesIsClosed()
{
    connect(false);
    // Twice in one loop is what it refuses: the first of the two lives.
    Socket::Tcp other(*m_loop);
    const int descriptor = m_server->tcp().native_handle();
    auto detached = m_server->detach();
    other.assign(tcp::v4(), descriptor);
    ErrorCode ec;
    m_server.emplace(Socket::attach(*m_loop, std::move(detached), ec));
    QVERIFY(ec);
    QVERIFY(!m_server->tcp().is_open());
    QCOMPARE(::close(descriptor), -1);
}

QTEST_GUILESS_MAIN(tst_Socket)
#include "tst_socket.moc"
