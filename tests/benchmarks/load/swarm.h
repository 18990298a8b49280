// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "arguments.h"
#include "dialect.h"
#include "frames.h"
#include "wire.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace Load {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// One client of a swarm.
struct Channel {
    enum State { Connecting, Handshaking, Upgrading, Greeting, Ready, Paused, Closed };

    int fd = -1;
    Wire wire;
    State state = Connecting;
    std::size_t index = 0; ///< in its swarm
    std::string target;
    std::string response; ///< to the upgrade, as far as it came
    std::string out; ///< what the socket did not take
    FrameReader reader;
    int receiveBuffer = 0; ///< bytes; 0: as the system likes
};

/// Where a swarm connects to, one client after the other, and how.
struct Endpoint {
    explicit Endpoint(const Arguments &arguments)
        : ports(arguments.integers("port"))
        , isEncrypted(arguments.integer("tls", 0) != 0)
    {
    }

    std::vector<int> ports;
    bool isEncrypted;
};

/// Many clients of one server on one thread, over one epoll.
class Swarm {
public:
    Swarm(const Dialect &dialect, const Endpoint &endpoint);
    virtual ~Swarm();
    Swarm(const Swarm &) = delete;
    Swarm &operator=(const Swarm &) = delete;

    Channel &add(std::string_view room);
    /// Connects all that were added; returns when each of them is Ready. Throws if one is refused,
    /// or after two minutes.
    void connectAll();
    /// Handles what has come; waits for it for \a timeoutMs.
    void turn(int timeoutMs);
    /// Turns for so long.
    void turnFor(Seconds time);
    /// Sends \a frames, whole ones; keeps what the socket does not take.
    void send(Channel &channel, std::string_view frames);
    /// Stops reading for good.
    void pause(Channel &channel);

    Channel &channel(std::size_t index) { return *m_channels[index]; }
    std::size_t size() const { return m_channels.size(); }
    std::size_t closed() const { return m_closed; }

protected:
    virtual void onText(Channel &channel, const FrameHead &frame) = 0;
    /// All that one read brought was handled.
    virtual void onReadDone(Channel &) { }

private:
    void open(Channel &channel);
    void watch(Channel &channel, int operation);
    void handle(Channel &channel, unsigned events);
    void handshake(Channel &channel);
    void readFrom(Channel &channel);
    void received(Channel &channel, char *data, std::size_t size);
    std::size_t readResponse(Channel &channel, const char *data, std::size_t size);
    void frame(Channel &channel, const FrameHead &frame);
    void greeting(Channel &channel, const FrameHead &frame);
    void becomeReady(Channel &channel);
    void close(Channel &channel);

    const Dialect m_dialect;
    const Endpoint m_endpoint;
    const int m_epoll;
    std::vector<std::unique_ptr<Channel>> m_channels;
    std::vector<char> m_buffer;
    std::size_t m_opened = 0;
    std::size_t m_ready = 0;
    std::size_t m_closed = 0;
};

} // namespace Load
