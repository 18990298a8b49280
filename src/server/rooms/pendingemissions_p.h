// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace Dispatch {

/// What one client emitted, and the engine has not taken yet. Those to one stream are all under way
/// at once; what goes to another one waits for them, so that all get the events of a client in its
/// order. What became of them is told in their order.
class PendingEmissions {
public:
    /// So many wait for the engine at most: more than a client may send at once by default.
    static constexpr std::size_t Most = 8'192;

    /// What became of one.
    struct Settled {
        std::uint64_t emit = 0; ///< the client's number; 0: it has none
        Engine::Mark mark; ///< in the shard; without a number: it has none
        std::optional<Engine::Failure> failure;
    };
    /// What is to be published.
    struct Step {
        std::uint64_t ticket = 0;
        Engine::Emission emission;
    };

    bool isEmpty() const { return m_items.empty(); }
    bool isFull() const { return m_items.size() >= Most; }

    /// \a emission is to be published, as the client's \a emit.
    void add(std::uint64_t emit, Engine::Emission emission);
    /// The client's \a emit was dealt with otherwise, behind those that are pending.
    void pass(std::uint64_t emit);
    /// How the emission of \a ticket ended.
    void answer(std::uint64_t ticket, Engine::Outcome<Engine::Published> outcome);

    /// The next one that is settled, with all before it.
    std::optional<Settled> takeSettled();
    /// What is to be published now: the next one, or one again, as one before it never was.
    std::optional<Step> takeStep();

private:
    struct Item {
        std::uint64_t emit = 0;
        Engine::Emission emission; ///< of no project: there is nothing to be published
        std::optional<Engine::Outcome<Engine::Published>> outcome;
    };

    bool isFrontGap() const;

    std::deque<Item> m_items;
    std::uint64_t m_firstTicket = 1;
    std::size_t m_begun = 0; ///< of m_items, from the front: they are under way, or need not be
    std::size_t m_underWay = 0; ///< of those
    Engine::StreamId m_stream; ///< where they go
};

} // namespace Dispatch
