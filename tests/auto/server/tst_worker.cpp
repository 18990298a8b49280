// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "connectparameters_p.h"
#include "hub_p.h"
#include "upgraderequest_p.h"
#include "worker_p.h"

#include <QtTest/qtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <optional>
#include <unistd.h>

using namespace Dispatch;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace http = boost::beast::http;
namespace net = boost::asio;

/// A worker that is told what to do before its loop turns.
class tst_Worker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void whoJoinsAtTheEndIsToldToComeBack();
    void seatOfWhoCannotBeServedIsGivenBack();

private:
    /// A client who has asked to join, on its way to the worker.
    std::shared_ptr<UpgradeRequest> join();
    Worker &worker() { return *m_hub->workers.front(); }

    net::io_context m_loop;
    std::optional<tcp::socket> m_client;
    int m_descriptor = -1; // of the server's end
    std::unique_ptr<Hub> m_hub;
};

void tst_Worker::init()
{
    m_hub = std::make_unique<Hub>(DispatchServerSettings(), nullptr, [] {});
}

void tst_Worker::cleanup()
{
    m_hub.reset();
    m_client.reset();
}

std::shared_ptr<UpgradeRequest> tst_Worker::join()
{
    tcp::acceptor acceptor(m_loop, {net::ip::address_v4::loopback(), 0});
    m_client.emplace(m_loop);
    m_client->connect(acceptor.local_endpoint());
    Socket::Tcp accepted(m_loop);
    acceptor.accept(accepted);
    m_descriptor = accepted.native_handle();
    auto request = std::make_shared<UpgradeRequest>();
    request->socket = Socket(std::move(accepted)).detach();
    request->request = {http::verb::get, "/", 11};
    request->request.set(http::field::host, "localhost");
    request->request.set(http::field::connection, "Upgrade");
    request->request.set(http::field::upgrade, "websocket");
    request->request.set(http::field::sec_websocket_version, "13");
    request->request.set(http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
    request->seat = std::get<Placement::Seat>(m_hub->reserve({}, {}));
    return request;
}

void tst_Worker::whoJoinsAtTheEndIsToldToComeBack()
{
    worker().admit(join());
    worker().close();
    worker().start();
    worker().join();
    QCOMPARE(m_hub->placementFigures().connections, 0);
    std::string heard;
    ErrorCode ec;
    net::read(*m_client, net::dynamic_buffer(heard), ec);
    // The answer that is due comes first, and then, without a greeting, 1012.
    QVERIFY(heard.starts_with("HTTP/1.1 101 "));
    QVERIFY(heard.ends_with("\r\n\r\n\x88\x08\x03\xf4"
                            "closed"));
}

void tst_Worker::seatOfWhoCannotBeServedIsGivenBack()
{
    worker().admit(join());
    QCOMPARE(m_hub->placementFigures().connections, 1);
    // What is no descriptor any more is nothing that a loop could wait for.
    QCOMPARE(::close(m_descriptor), 0);
    std::promise<void> isDone;
    worker().call([&isDone](Worker &) { isDone.set_value(); });
    worker().start();
    QCOMPARE(isDone.get_future().wait_for(10s), std::future_status::ready);
    QCOMPARE(m_hub->placementFigures().connections, 0);
    QCOMPARE(worker().counters().refusedJoins.of(Refusal::ServerFull), 1);
    // The others are served.
    worker().admit(join());
    net::streambuf answer;
    net::read_until(*m_client, answer, "\r\n\r\n");
    const std::string text(static_cast<const char *>(answer.data().data()), answer.size());
    QVERIFY(text.starts_with("HTTP/1.1 101 "));
    worker().close();
    worker().join();
}

QTEST_GUILESS_MAIN(tst_Worker)
#include "tst_worker.moc"
