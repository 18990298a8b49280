// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

namespace Dispatch::Engine {

/// Hears what happens in one stream, on the executor that it subscribed with; on the store's own it
/// is called while the store is, and must not call it.
class StreamListener {
public:
    virtual ~StreamListener() = default;
    /// From now on everything behind \a top is heard. Comes once, before anything else but members.
    virtual void began(const Mark &top) = 0;
    /// Events in order, each once and without a gap; the last one is at \a last.
    virtual void received(const Mark &last, const std::vector<Entry> &entries) = 0;
    /// Events were lost, or the stream begins a new life: it goes on behind \a mark, and what is
    /// behind a place before that can't be had any more.
    virtual void wasReset(const Mark &mark) = 0;
    /// All members, whoever was there before.
    virtual void membersListed(const PresenceList &list) = 0;
    virtual void memberChanged(const PresenceChange &change) = 0;
};

} // namespace Dispatch::Engine
