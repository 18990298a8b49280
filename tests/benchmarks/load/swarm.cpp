// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "swarm.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace Load {

namespace {

constexpr std::size_t ReadBytes = 256 * 1024;
// Handshakes under way at once: fewer than any server's backlog.
constexpr std::size_t MaximumPending = 100;
// Clients per source address, far below the number of ports that an address has.
constexpr std::size_t ChannelsPerAddress = 2000;
constexpr Seconds ConnectDeadline{120};

[[noreturn]] void fail(const std::string &what)
{
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

void setOption(int fd, int level, int option, int value)
{
    if (setsockopt(fd, level, option, &value, sizeof value) != 0)
        fail("setsockopt");
}

sockaddr_in loopback(unsigned host, int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
    address.sin_port = htons(std::uint16_t(port));
    return address;
}

} // namespace

Swarm::Swarm(const Dialect &dialect, const Endpoint &endpoint)
    : m_dialect(dialect)
    , m_endpoint(endpoint)
    , m_epoll(epoll_create1(EPOLL_CLOEXEC))
    , m_buffer(FrameReader::Headroom + ReadBytes)
{
}

Swarm::~Swarm()
{
    for (auto &channel : m_channels) {
        if (channel->fd >= 0)
            ::close(channel->fd);
    }
    ::close(m_epoll);
}

Channel &Swarm::add(std::string_view room)
{
    m_channels.push_back(std::make_unique<Channel>());
    Channel &channel = *m_channels.back();
    channel.index = m_channels.size() - 1;
    channel.target = m_dialect.target(room);
    return channel;
}

void Swarm::connectAll()
{
    const auto deadline = Clock::now() + ConnectDeadline;
    while (m_ready < m_channels.size()) {
        while (m_opened < m_channels.size() && m_opened - m_ready < MaximumPending)
            open(*m_channels[m_opened++]);
        turn(100);
        if (m_closed > 0)
            throw std::runtime_error("the server closed a connection while others joined");
        if (Clock::now() > deadline)
            throw std::runtime_error("only " + std::to_string(m_ready) + " clients could join");
    }
}

void Swarm::open(Channel &channel)
{
    channel.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (channel.fd < 0)
        fail("socket");
    setOption(channel.fd, IPPROTO_TCP, TCP_NODELAY, 1);
    setOption(channel.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (channel.receiveBuffer > 0)
        setOption(channel.fd, SOL_SOCKET, SO_RCVBUF, channel.receiveBuffer);
    const auto source = loopback(1 + unsigned(channel.index / ChannelsPerAddress), 0);
    if (bind(channel.fd, reinterpret_cast<const sockaddr *>(&source), sizeof source) != 0)
        fail("bind");
    const int port = m_endpoint.ports[channel.index % m_endpoint.ports.size()];
    const auto server = loopback(0, port);
    if (connect(channel.fd, reinterpret_cast<const sockaddr *>(&server), sizeof server) != 0
        && errno != EINPROGRESS)
        fail("connect");
    channel.wire = Wire(channel.fd, m_endpoint.isEncrypted);
    channel.out = "GET " + channel.target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port)
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
    if (const auto subprotocol = m_dialect.subprotocol(); !subprotocol.empty())
        channel.out.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
    channel.out += "\r\n";
    watch(channel, EPOLL_CTL_ADD);
}

void Swarm::watch(Channel &channel, int operation)
{
    epoll_event event{};
    event.events = EPOLLRDHUP;
    if (channel.state != Channel::Paused)
        event.events |= EPOLLIN;
    // While it shakes hands the request waits for what the server says.
    if (channel.state == Channel::Connecting
        || (!channel.out.empty() && channel.state != Channel::Handshaking))
        event.events |= EPOLLOUT;
    event.data.ptr = &channel;
    if (epoll_ctl(m_epoll, operation, channel.fd, &event) != 0)
        fail("epoll_ctl");
}

void Swarm::turn(int timeoutMs)
{
    std::array<epoll_event, 256> events;
    const int count = epoll_wait(m_epoll, events.data(), int(events.size()), timeoutMs);
    for (int i = 0; i < count; ++i)
        handle(*static_cast<Channel *>(events[std::size_t(i)].data.ptr),
               events[std::size_t(i)].events);
}

void Swarm::turnFor(Seconds time)
{
    const auto end = Clock::now() + time;
    while (Clock::now() < end)
        turn(10);
}

void Swarm::handle(Channel &channel, unsigned events)
{
    if (channel.state == Channel::Closed)
        return;
    if (channel.state == Channel::Connecting && (events & EPOLLOUT)) {
        channel.state = Channel::Handshaking;
        watch(channel, EPOLL_CTL_MOD);
    }
    if (channel.state == Channel::Handshaking)
        return handshake(channel);
    if ((events & EPOLLOUT) && !channel.out.empty())
        send(channel, {});
    if (events & EPOLLIN)
        readFrom(channel);
    else if (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))
        close(channel);
}

void Swarm::handshake(Channel &channel)
{
    if (!channel.wire.handshake())
        return;
    channel.state = Channel::Upgrading;
    send(channel, {});
}

void Swarm::readFrom(Channel &channel)
{
    char *data = m_buffer.data() + FrameReader::Headroom;
    ssize_t got = 0;
    do {
        got = channel.wire.receive(data, ReadBytes);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0)
            return close(channel);
        received(channel, data, std::size_t(got));
        // What TLS has taken from the socket the socket does not tell of again.
    } while (m_endpoint.isEncrypted && std::size_t(got) == ReadBytes
             && channel.state != Channel::Closed);
}

void Swarm::received(Channel &channel, char *data, std::size_t size)
{
    std::size_t skipped = 0;
    if (channel.state == Channel::Upgrading)
        skipped = readResponse(channel, data, size);
    channel.reader.read(data + skipped, size - skipped,
                        [this, &channel](const FrameHead &head) { frame(channel, head); });
    onReadDone(channel);
}

/// Gives the bytes that were no frames.
std::size_t Swarm::readResponse(Channel &channel, const char *data, std::size_t size)
{
    const std::size_t before = channel.response.size();
    channel.response.append(data, size);
    const std::size_t end = channel.response.find("\r\n\r\n");
    if (end == std::string::npos)
        return size;
    if (channel.response.rfind("HTTP/1.1 101 ", 0) != 0)
        throw std::runtime_error("refused: "
                                 + channel.response.substr(0, channel.response.find('\r')));
    channel.response = {};
    if (m_dialect.greets())
        channel.state = Channel::Greeting;
    else
        becomeReady(channel);
    return end + 4 - before;
}

void Swarm::frame(Channel &channel, const FrameHead &frame)
{
    if (frame.opcode == Ping)
        send(channel, clientFrame(frame.head, Pong));
    else if (frame.opcode == Close)
        close(channel);
    else if (frame.opcode == Text && frame.head == "2" && m_dialect.kind() == Dialect::SocketIo)
        send(channel, clientFrame("3"));
    else if (frame.opcode == Text && channel.state == Channel::Greeting)
        greeting(channel, frame);
    else if (frame.opcode == Text && channel.state == Channel::Ready)
        onText(channel, frame);
}

void Swarm::greeting(Channel &channel, const FrameHead &frame)
{
    if (m_dialect.kind() != Dialect::SocketIo)
        becomeReady(channel);
    else if (frame.head.substr(0, 1) == "0")
        send(channel, clientFrame("40"));
    else if (frame.head.substr(0, 2) == "40")
        becomeReady(channel);
}

void Swarm::becomeReady(Channel &channel)
{
    channel.state = Channel::Ready;
    ++m_ready;
}

void Swarm::send(Channel &channel, std::string_view frames)
{
    if (channel.state == Channel::Closed)
        return;
    const bool waited = !channel.out.empty();
    std::string_view rest = frames;
    if (waited)
        rest = channel.out.append(frames);
    const auto sent = channel.wire.send(rest);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return close(channel);
    channel.out = std::string(rest.substr(std::size_t(sent < 0 ? 0 : sent)));
    if (waited != !channel.out.empty() || channel.state == Channel::Upgrading)
        watch(channel, EPOLL_CTL_MOD);
}

void Swarm::pause(Channel &channel)
{
    channel.state = Channel::Paused;
    watch(channel, EPOLL_CTL_MOD);
}

void Swarm::close(Channel &channel)
{
    if (channel.state == Channel::Closed)
        return;
    ::close(channel.fd);
    channel.fd = -1;
    channel.wire = {};
    channel.state = Channel::Closed;
    ++m_closed;
}

} // namespace Load
