// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "conversation.h"
#include "servers.h"

#include <functional>
#include <string>
#include <vector>

namespace Dispatch::Faults {

/// A conversation over some servers, something that goes wrong in it, and what the clients saw.
class ClusterRun {
public:
    struct Options {
        std::uint64_t seed = 1;
        Servers::Options servers = {};
        Milliseconds patience{30'000}; ///< until all must be well again
        Order order = Order::OfAll;
    };
    /// Makes something go wrong, and puts it right; false if that does not work.
    using Trouble = std::function<bool(ClusterRun &)>;

    explicit ClusterRun(const Options &options);

    /// What went wrong that must not; empty if nothing.
    std::vector<std::string> violations(const Trouble &trouble);

    /// Whether there are none; if there are, the log has them, and all that helps to understand
    /// them.
    bool isWell(const Trouble &trouble);

    // For the trouble.
    Servers &servers() { return m_servers; }
    /// Waits until the clients have said so many events more.
    bool goesOn(int events);
    /// Waits for so long, while the clients go on: for what is a time by its nature.
    static bool lasts(Milliseconds time);

    /// How often a client lost its connection, and what was said.
    std::string summary() const;
    /// All that there is for whoever looks into a failure: why connections were lost, what the
    /// servers said, and where the histories are, a line of JSON for each entry.
    std::string describe() const;

private:
    std::string writeHistories() const;

    const Options m_options;
    Servers m_servers;
    Conversation m_conversation;
};

} // namespace Dispatch::Faults
