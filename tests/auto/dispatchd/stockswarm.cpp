// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stockswarm.h"

// Boost 1.74 forgets to include it.
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <atomic>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace net = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using net::ip::tcp;
using ErrorCode = boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr auto TickInterval = 1s;
constexpr int ClientsPerEmitter = 10;

auto reporting(ErrorCode &ec)
{
    return net::redirect_error(net::use_awaitable, ec);
}

struct Member {
    using Stream = websocket::stream<tcp::socket>;

    StockSwarm::Client client;
    std::shared_ptr<Stream> stream; ///< once it has joined
    std::map<int, int> heard; ///< emitter, its last tick on this connection
    int emitted = 0;
};

/// Takes a number, and the sign behind it, off \a text.
int takeNumber(std::string_view &text)
{
    int number = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(std::min(text.size(), std::size_t(end - text.data()) + 1));
    return number;
}

} // namespace

class StockSwarm::Private {
public:
    net::awaitable<void> live(Member &member);
    net::awaitable<void> converse(Member &member, int &attempts);
    net::awaitable<void> emitTicks(Member &member);
    void hear(Member &member, std::string_view text);
    void ended(Member &member, int code);

    net::io_context context{1};
    std::uint16_t port = 0;
    std::vector<std::unique_ptr<Member>> members;
    std::atomic<int> connected{0};
    std::atomic<int> lost{0};
    std::thread thread;
};

net::awaitable<void> StockSwarm::Private::live(Member &member)
{
    net::steady_timer timer(context);
    for (int attempts = 0; attempts <= MaxAttempts && !member.client.isLost; ++attempts) {
        if (attempts > 0) {
            timer.expires_after(RetryDelay);
            co_await timer.async_wait(net::use_awaitable);
        }
        co_await converse(member, attempts);
    }
    member.client.isLost = true;
    ++lost;
}

/// One connection, from its beginning to its end.
net::awaitable<void> StockSwarm::Private::converse(Member &member, int &attempts)
{
    ErrorCode ec;
    const auto stream = std::make_shared<Member::Stream>(context);
    co_await stream->next_layer().async_connect({net::ip::address_v4::loopback(), port},
                                                reporting(ec));
    const std::string target = "/?projectId=p&shardName=room" + std::to_string(member.client.room);
    if (!ec)
        co_await stream->async_handshake("localhost", target, reporting(ec));
    if (ec)
        co_return;
    attempts = 0;
    member.heard.clear();
    beast::flat_buffer buffer;
    for (;;) {
        co_await stream->async_read(buffer, reporting(ec));
        if (ec)
            break;
        const std::string_view text(static_cast<const char *>(buffer.data().data()), buffer.size());
        if (text.starts_with(R"({"eventName":"@@KOJI_DISPATCH/CONNECTED")")) {
            member.stream = stream;
            member.client.joined.push_back(Clock::now());
            ++connected;
        } else {
            hear(member, text);
        }
        buffer.clear();
    }
    ended(member, ec == websocket::error::closed ? int(stream->reason().code) : 0);
}

void StockSwarm::Private::hear(Member &member, std::string_view text)
{
    static constexpr std::string_view tick = R"({"eventName":"tick","payload":[)";
    if (text.starts_with(R"({"eventName":"@@KOJI_DISPATCH/ERROR")")) {
        member.client.farewells += text.find(R"("code":"draining")") != std::string_view::npos;
    } else if (text.starts_with(tick)) {
        text.remove_prefix(tick.size());
        const int emitter = takeNumber(text);
        const int number = takeNumber(text);
        const int before = std::exchange(member.heard[emitter], number);
        member.client.gaps += before != 0 && number != before + 1;
        ++member.client.ticks;
    }
}

void StockSwarm::Private::ended(Member &member, int code)
{
    if (std::exchange(member.stream, nullptr)) {
        --connected;
        member.client.closed.push_back(Clock::now());
        member.client.closeCodes.push_back(code);
    }
    member.client.isLost = code == 1000 || code == 1001 || code == 1005;
}

net::awaitable<void> StockSwarm::Private::emitTicks(Member &member)
{
    net::steady_timer timer(context);
    for (;;) {
        timer.expires_after(TickInterval);
        co_await timer.async_wait(net::use_awaitable);
        const auto stream = member.stream;
        if (!stream)
            continue;
        const std::string text = R"({"eventName":"tick","payload":[)"
            + std::to_string(member.client.number) + ',' + std::to_string(++member.emitted) + "]}";
        ErrorCode ignored;
        co_await stream->async_write(net::buffer(text), reporting(ignored));
    }
}

StockSwarm::StockSwarm(std::uint16_t port, int clients, int rooms)
    : d(std::make_unique<Private>())
{
    d->port = port;
    for (int i = 0; i < clients; ++i) {
        Member &member = *d->members.emplace_back(std::make_unique<Member>());
        member.client.number = i;
        member.client.room = i % rooms;
        net::co_spawn(d->context, d->live(member), net::detached);
        // Every room has some.
        if (i / rooms % ClientsPerEmitter == 0)
            net::co_spawn(d->context, d->emitTicks(member), net::detached);
    }
    d->thread = std::thread([d = d.get()] { d->context.run(); });
}

StockSwarm::~StockSwarm()
{
    stop();
}

int StockSwarm::connected() const
{
    return d->connected;
}

int StockSwarm::lost() const
{
    return d->lost;
}

std::vector<StockSwarm::Client> StockSwarm::stop()
{
    d->context.stop();
    if (d->thread.joinable())
        d->thread.join();
    std::vector<Client> clients;
    for (const auto &member : d->members)
        clients.push_back(member->client);
    return clients;
}
