// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dialect.h"
#include "frames.h"
#include "scenarios.h"

#include <QtCore/qcryptographichash.h>

#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace Load {

namespace {

constexpr int Variants = 64;

/// One client over a blocking socket.
class Peer {
public:
    explicit Peer(int fd)
        : m_fd(fd)
    {
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~Peer() { close(m_fd); }
    Peer(const Peer &) = delete;
    Peer &operator=(const Peer &) = delete;

    /// Agrees to \a subprotocol, unless it is empty.
    void upgrade(std::string_view subprotocol)
    {
        std::string request;
        while (request.find("\r\n\r\n") == std::string::npos)
            request += receive();
        const std::string name = "sec-websocket-key:";
        const QByteArray lower = QByteArray::fromStdString(request).toLower();
        const auto at = lower.indexOf(name.c_str());
        if (at < 0)
            throw std::runtime_error("the client sent no Sec-WebSocket-Key");
        const auto begin = std::size_t(at) + name.size();
        const QByteArray key =
            QByteArray::fromStdString(request.substr(begin, request.find('\r', begin) - begin))
                .trimmed();
        const QByteArray accept =
            QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
                                     QCryptographicHash::Sha1)
                .toBase64();
        std::string answer =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: "
            + accept.toStdString() + "\r\n";
        if (!subprotocol.empty())
            answer.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
        send(answer + "\r\n");
    }

    std::string receive()
    {
        char buffer[4096];
        const auto got = recv(m_fd, buffer, sizeof buffer, 0);
        if (got <= 0)
            throw std::runtime_error("the client went away");
        return {buffer, std::size_t(got)};
    }

    void send(std::string_view data)
    {
        while (!data.empty()) {
            const auto sent = ::send(m_fd, data.data(), data.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                throw std::runtime_error("the client does not take what is sent");
            data.remove_prefix(std::size_t(sent));
        }
    }

    void waitForEnd()
    {
        char byte;
        while (recv(m_fd, &byte, 1, 0) > 0) { }
    }

private:
    const int m_fd;
};

int acceptOne()
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (bind(listener, generic, length) != 0 || listen(listener, 1) != 0
        || getsockname(listener, generic, &length) != 0)
        throw std::runtime_error(std::strerror(errno));
    std::printf("Listening on ws://127.0.0.1:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    const int fd = accept(listener, nullptr, nullptr);
    close(listener);
    if (fd < 0)
        throw std::runtime_error(std::strerror(errno));
    return fd;
}

void greet(Peer &peer, const Dialect &dialect)
{
    if (dialect.kind() == Dialect::SocketIo) {
        peer.send(serverFrame("0{\"sid\":\"s\",\"upgrades\":[],\"pingInterval\":25000,"
                              "\"pingTimeout\":20000,\"maxPayload\":1000000}"));
        peer.receive(); // "40"
        peer.send(serverFrame("40{\"sid\":\"c\"}"));
    } else {
        peer.send(serverFrame(dialect.greeting()));
    }
}

/// The events of one shard, in their order. Each has an id of its own: what repeats itself in life
/// does so here, and no more.
class Stream {
public:
    Stream(Peer &peer, const Dialect &dialect)
        : m_peer(peer)
        , m_dialect(dialect)
    {
        for (int i = 0; i < Variants; ++i)
            m_payloads.push_back(samplePayload(i, SamplePayloadBytes));
    }

    /// \a count events, and what is missing to a multiple of Variants.
    void play(std::int64_t count)
    {
        for (std::int64_t sent = 0; sent < count; sent += Variants) {
            std::string chunk;
            for (std::string &payload : m_payloads) {
                renumberSamplePayload(payload, m_number);
                chunk += frame("bench", payload);
            }
            m_peer.send(chunk);
        }
    }
    void mark(std::string_view name) { m_peer.send(frame(name, "{}")); }

private:
    std::string frame(std::string_view name, std::string_view payload)
    {
        return serverFrame(m_dialect.serverEvent(name, payload, ++m_number));
    }

    Peer &m_peer;
    const Dialect &m_dialect;
    std::vector<std::string> m_payloads;
    std::int64_t m_number = 0;
};

} // namespace

void replay(const Arguments &arguments)
{
    const Dialect dialect = Dialect::named(arguments.text("dialect"));
    Peer peer(acceptOne());
    peer.upgrade(dialect.subprotocol());
    greet(peer, dialect);
    Stream stream(peer, dialect);
    stream.play(arguments.integer("warmup", 50'000));
    stream.mark("start");
    stream.play(arguments.integer("events", 200'000));
    stream.mark("end");
    peer.waitForEnd();
}

} // namespace Load
