// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <QtCore/qstring.h>

#include <cstdint>
#include <string>

namespace Dispatch {

/// An event on its way out of the client, and what its emitter said of it.
struct OutgoingEvent {
    QString eventName = {};
    std::string message = {}; ///< its text, without a number
    Instant since{}; ///< when it began to wait
    std::uint64_t id = 0; ///< one more for each that the client emits
    bool isAwaited = false; ///< somebody waits to hear what becomes of it
    bool isVolatile = false; ///< sent at once, and once, or not at all
    bool isRequest = false; ///< somebody waits for a reply
    bool isDirect = false; ///< goes to recipients, and may not come back to us
    bool needsExtended = false; ///< means nothing in the base profile
    QString key = {}; ///< replaces what waits under it; empty: replaces nothing
    Milliseconds maxAge{0}; ///< that it may wait; 0: as long as the queue lets it
    QString tag = {};
    QString stateKey = {}; ///< of the shared state, that it changes; empty: it is an event

    /// Whether it is shown among those on their way: one that the application emitted, and that may
    /// take its time.
    bool isShown() const { return !isVolatile && !needsExtended; }
    /// What it takes to keep.
    std::int64_t bytes() const
    {
        return std::int64_t(message.size())
            + std::int64_t(key.size() + tag.size() + stateKey.size()) * std::int64_t(sizeof(QChar));
    }
};

} // namespace Dispatch
