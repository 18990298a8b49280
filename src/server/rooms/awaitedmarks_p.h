// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>

namespace Dispatch {

/// What waits until a stream has come to a place, or began a new life before it did. Answers of the
/// engine and the stream come by two connections: an answer may tell of a life that is over here, or
/// of one that has not begun here. What is in that one is not waited for: it comes, with all of it.
class AwaitedMarks {
public:
    /// \a isLost: what is at the place was never delivered here, and can't be had any more.
    using Step = std::function<void(bool isLost)>;

    /// Has \a step done when the stream, which is at \a here, is at \a mark; at once if it is past
    /// that, or in another life.
    void add(const Engine::Mark &mark, const Engine::Mark &here, Step step);
    /// The stream has come to \a here.
    void reach(const Engine::Mark &here);
    /// The stream goes on at \a here, in another life than \a before or behind what it has missed.
    void reset(const Engine::Mark &before, const Engine::Mark &here);

private:
    std::multimap<std::uint64_t, Step> m_waiting; // by number, in the life that the stream is in
    std::deque<std::uint64_t> m_ended; // the latest lives that are over
};

} // namespace Dispatch
