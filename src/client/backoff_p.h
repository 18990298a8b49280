// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"
#include "instant_p.h"

#include <functional>
#include <optional>

namespace Dispatch {

/// Draws the delays between attempts: full jitter under a ceiling that doubles with each attempt.
class Backoff {
public:
    /// Gives a number in [0, 1].
    using Random = std::function<double()>;

    explicit Backoff(Random random, const DispatchReconnectPolicy &policy = {});

    void setPolicy(const DispatchReconnectPolicy &policy) { m_policy = policy; }
    const DispatchReconnectPolicy &policy() const { return m_policy; }

    /// The delay before the next attempt; nothing if the policy allows no more.
    std::optional<Milliseconds> next();
    /// The same after a server has sent the client away for \a asked: that long, and up to a
    /// quarter more, so that those who were told the same don't come together. It does not count,
    /// unless the connection that the last such delay led to did not hold.
    std::optional<Milliseconds> nextAsAsked(Milliseconds asked);
    /// A delay under the first ceiling, when there is a reason to come back soon that others may
    /// have, too. It does not count.
    Milliseconds soon() const;
    /// The ceiling that next() would draw under.
    Milliseconds ceiling() const;

    /// Starts anew, as for a new wish.
    void reset();
    /// A connection ended that held for \a uptime; starts anew only if that was long enough, so
    /// that a server that takes clients and throws them out at once is not hammered.
    void connectionEnded(Instant uptime);

    /// Delays given since the last reset.
    int retries() const { return m_retries; }

private:
    bool isSpent() const;
    Milliseconds ceilingAfter(int retries) const;
    Milliseconds drawUnder(Milliseconds ceiling) const;
    double draw() const;

    Random m_random;
    DispatchReconnectPolicy m_policy;
    int m_retries = 0;
    bool m_wasAsked = false; // since the last reset
};

} // namespace Dispatch
