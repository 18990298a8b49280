// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fault.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace Dispatch::Faults {

/// A bad network on loopback: hands bytes on between clients and a server, and does to them what
/// it is told. Has a thread of its own; may be called on any.
class FaultProxy {
public:
    /// Listens on a free port of 127.0.0.1; whoever connects talks to \a serverPort.
    explicit FaultProxy(std::uint16_t serverPort);
    /// Resets all connections.
    ~FaultProxy();

    std::uint16_t port() const;
    /// Where connections go from now on: the server came back elsewhere.
    void setServerPort(std::uint16_t port);

    /// Does it now, whatever its `at` says, and ends it when it is over.
    void apply(const Fault &fault);
    /// Begins \a schedule now.
    void run(const Schedule &schedule);
    /// All is well from now on, also if a fault had not come to its end. Connections that a fault
    /// ended stay ended.
    void heal();
    /// Calls \a what once on the proxy's thread when so many more \a bytes, of both ways together,
    /// have been handed on, and none behind them. Replaces what was to be called before.
    void afterBytes(std::int64_t bytes, std::function<void()> what);

    /// Connections that were begun since the proxy is there.
    int connections() const;
    /// Bytes that were handed on.
    std::int64_t bytes(Way way) const;

private:
    class Private;
    const std::unique_ptr<Private> d;
};

} // namespace Dispatch::Faults
