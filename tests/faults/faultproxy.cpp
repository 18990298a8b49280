// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultproxy.h"

// Boost 1.74 forgets to include it.
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <thread>

namespace Dispatch::Faults {

namespace net = boost::asio;
using net::ip::tcp;
using ErrorCode = boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t NoCut = std::numeric_limits<std::size_t>::max();

struct Conditions {
    Milliseconds delay{};
    std::size_t bytesPerSecond = 0; ///< 0: as fast as it goes
    bool isBlocked = false;

    /// So few that another rate is soon noticed.
    std::size_t bytesAtOnce() const { return bytesPerSecond ? bytesPerSecond / 20 + 1 : NoCut; }
};

std::size_t index(Way way)
{
    return std::size_t(way);
}

auto reporting(ErrorCode &ec)
{
    return net::redirect_error(net::use_awaitable, ec);
}

/// A connection of a client, and the one to the server that belongs to it.
struct Link {
    explicit Link(tcp::socket fromClient)
        : client(std::move(fromClient))
        , server(client.get_executor())
        , changed{net::steady_timer(client.get_executor()),
                  net::steady_timer(client.get_executor())}
    {
    }
    tcp::socket &source(Way way) { return way == Way::ToServer ? client : server; }
    tcp::socket &sink(Way way) { return way == Way::ToServer ? server : client; }
    void reset()
    {
        for (tcp::socket *socket : {&client, &server}) {
            ErrorCode ignored;
            socket->set_option(net::socket_base::linger(true, 0), ignored);
            socket->close(ignored);
        }
        wake();
    }
    void wake()
    {
        for (net::steady_timer &timer : changed)
            timer.cancel();
    }

    tcp::socket client;
    tcp::socket server;
    std::array<net::steady_timer, 2> changed; ///< cancelled when the conditions are others
    std::array<std::size_t, 2> untilCut{NoCut, NoCut};
    int openWays = 2;
};

} // namespace

class FaultProxy::Private {
public:
    explicit Private(std::uint16_t port)
        : serverPort(port)
        , acceptor(context, tcp::endpoint(net::ip::address_v4::loopback(), 0))
    {
        net::co_spawn(context, accept(), net::detached);
        thread = std::thread([this] { context.run(); });
    }
    ~Private()
    {
        post([this] {
            for (const auto &link : links)
                link->reset();
            context.stop();
        });
        thread.join();
    }

    template<class F>
    void post(F f)
    {
        net::post(context, std::move(f));
    }

    net::awaitable<void> accept();
    net::awaitable<void> serve(tcp::socket client);
    net::awaitable<void> carry(std::shared_ptr<Link> link, Way way);
    net::awaitable<bool> pass(Link &link, Way way, const char *data, std::size_t size);
    net::awaitable<void> hold(Link &link, Way way, Clock::time_point due);
    net::awaitable<void> follow(Schedule schedule);
    void begin(const Fault &fault);
    void endLater(const Fault &fault);
    void change(const Fault &fault, bool begins);
    void wakeAll();

    net::io_context context{1};
    std::atomic<std::uint16_t> serverPort;
    tcp::acceptor acceptor;
    std::set<std::shared_ptr<Link>> links;
    std::array<Conditions, 2> conditions;
    bool refuses = false;
    std::size_t untilCall = NoCut;
    std::function<void()> call;
    std::uint64_t healed = 0; ///< a fault that began before does not end any more
    std::atomic<int> connections{0};
    std::array<std::atomic<std::int64_t>, 2> bytes{};
    std::thread thread;
};

net::awaitable<void> FaultProxy::Private::accept()
{
    for (;;) {
        ErrorCode ec;
        tcp::socket client = co_await acceptor.async_accept(reporting(ec));
        if (ec == net::error::operation_aborted)
            co_return;
        if (ec)
            continue;
        ++connections;
        if (refuses) {
            client.set_option(net::socket_base::linger(true, 0), ec);
            client.close(ec);
            continue;
        }
        net::co_spawn(context, serve(std::move(client)), net::detached);
    }
}

net::awaitable<void> FaultProxy::Private::serve(tcp::socket client)
{
    const auto link = std::make_shared<Link>(std::move(client));
    ErrorCode ec;
    co_await link->server.async_connect(tcp::endpoint(net::ip::address_v4::loopback(), serverPort),
                                        reporting(ec));
    if (ec)
        co_return link->reset();
    link->client.set_option(tcp::no_delay(true), ec);
    link->server.set_option(tcp::no_delay(true), ec);
    links.insert(link);
    for (const Way way : {Way::ToServer, Way::ToClient}) {
        net::co_spawn(context, carry(link, way), [this, link](std::exception_ptr) {
            if (--link->openWays == 0)
                links.erase(link);
        });
    }
}

net::awaitable<void> FaultProxy::Private::carry(std::shared_ptr<Link> link, Way way)
{
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        ErrorCode ec;
        const std::size_t room = std::min(buffer.size(), conditions[index(way)].bytesAtOnce());
        const std::size_t got =
            co_await link->source(way).async_read_some(net::buffer(buffer, room), reporting(ec));
        if (ec == net::error::eof) {
            link->sink(way).shutdown(tcp::socket::shutdown_send, ec);
            co_return;
        }
        if (ec)
            co_return link->reset();

        co_await hold(*link, way, Clock::now() + conditions[index(way)].delay);
        std::size_t &untilCut = link->untilCut[index(way)];
        const std::size_t passes = std::min(got, untilCut);
        // Before they pass: meanwhile there may be another cut.
        if (untilCut != NoCut)
            untilCut -= passes;
        const bool isLast = untilCut == 0;
        if (!co_await pass(*link, way, buffer.data(), passes) || isLast)
            co_return link->reset();
        if (const std::size_t rate = conditions[index(way)].bytesPerSecond)
            co_await hold(*link, way, Clock::now() + Milliseconds(1000 * passes / rate));
    }
}

/// Hands on, with a stop at the byte that something is to be done at.
net::awaitable<bool> FaultProxy::Private::pass(Link &link, Way way, const char *data,
                                               std::size_t size)
{
    while (size > 0) {
        const std::size_t part = std::min(size, untilCall);
        if (untilCall != NoCut)
            untilCall -= part;
        ErrorCode ec;
        co_await net::async_write(link.sink(way), net::buffer(data, part), reporting(ec));
        if (ec)
            co_return false;
        bytes[index(way)] += std::int64_t(part);
        data += part;
        size -= part;
        if (untilCall == 0) {
            untilCall = NoCut;
            std::exchange(call, nullptr)();
        }
    }
    co_return true;
}

/// Comes back when it is \a due and the way is open; at once if the connection is gone.
net::awaitable<void> FaultProxy::Private::hold(Link &link, Way way, Clock::time_point due)
{
    net::steady_timer &timer = link.changed[index(way)];
    while (link.client.is_open()) {
        const bool isBlocked = conditions[index(way)].isBlocked;
        if (!isBlocked && Clock::now() >= due)
            co_return;
        timer.expires_at(isBlocked ? Clock::time_point::max() : due);
        ErrorCode ignored;
        co_await timer.async_wait(reporting(ignored));
    }
}

net::awaitable<void> FaultProxy::Private::follow(Schedule schedule)
{
    const Clock::time_point start = Clock::now();
    net::steady_timer timer(context);
    for (const Fault &fault : schedule) {
        timer.expires_at(start + fault.at);
        co_await timer.async_wait(net::use_awaitable);
        begin(fault);
    }
}

void FaultProxy::Private::begin(const Fault &fault)
{
    switch (fault.kind) {
    case Fault::Kind::Delay:
    case Fault::Kind::Throttle:
    case Fault::Kind::BlackHole:
    case Fault::Kind::Refuse:
        change(fault, true);
        return endLater(fault);
    case Fault::Kind::Reset:
        for (const auto &link : links)
            link->reset();
        return;
    case Fault::Kind::HalfClose:
        for (const auto &link : links) {
            ErrorCode ignored;
            link->sink(fault.way).shutdown(tcp::socket::shutdown_send, ignored);
        }
        return;
    case Fault::Kind::Cut:
        for (const auto &link : links) {
            if (fault.amount == 0)
                link->reset();
            link->untilCut[index(fault.way)] = fault.amount;
        }
        return;
    }
}

void FaultProxy::Private::endLater(const Fault &fault)
{
    const auto timer = std::make_shared<net::steady_timer>(context, fault.lasts);
    timer->async_wait([this, timer, fault, begun = healed](ErrorCode ec) {
        if (!ec && begun == healed)
            change(fault, false);
    });
}

void FaultProxy::Private::change(const Fault &fault, bool begins)
{
    Conditions &now = conditions[index(fault.way)];
    if (fault.kind == Fault::Kind::Delay)
        now.delay = begins ? Milliseconds(fault.amount) : Milliseconds();
    else if (fault.kind == Fault::Kind::Throttle)
        now.bytesPerSecond = begins ? fault.amount : 0;
    else if (fault.kind == Fault::Kind::BlackHole)
        now.isBlocked = begins;
    else
        refuses = begins;
    wakeAll();
}

void FaultProxy::Private::wakeAll()
{
    for (const auto &link : links)
        link->wake();
}

FaultProxy::FaultProxy(std::uint16_t serverPort)
    : d(std::make_unique<Private>(serverPort))
{
}

FaultProxy::~FaultProxy() = default;

std::uint16_t FaultProxy::port() const
{
    return d->acceptor.local_endpoint().port();
}

void FaultProxy::setServerPort(std::uint16_t port)
{
    d->serverPort = port;
}

void FaultProxy::apply(const Fault &fault)
{
    d->post([d = d.get(), fault] { d->begin(fault); });
}

void FaultProxy::run(const Schedule &schedule)
{
    d->post(
        [d = d.get(), schedule] { net::co_spawn(d->context, d->follow(schedule), net::detached); });
}

void FaultProxy::heal()
{
    d->post([d = d.get()] {
        ++d->healed;
        d->conditions = {};
        d->refuses = false;
        d->wakeAll();
    });
}

void FaultProxy::afterBytes(std::int64_t bytes, std::function<void()> what)
{
    d->post([d = d.get(), bytes, what = std::move(what)] {
        d->untilCall = std::size_t(std::max<std::int64_t>(bytes, 1));
        d->call = what;
    });
}

int FaultProxy::connections() const
{
    return d->connections;
}

std::int64_t FaultProxy::bytes(Way way) const
{
    return d->bytes[index(way)];
}

} // namespace Dispatch::Faults
