// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace Dispatch::Engine {

/// Whether a node has one of its leases, and who waits for that.
class LeaseGate {
public:
    /// Hears whether there is a lease.
    using Waiter = std::function<void(bool)>;

    bool isHeld() const { return m_isHeld; }
    /// True if a lease has to be asked for now.
    bool wait(Waiter waiter)
    {
        m_waiters.push_back(std::move(waiter));
        return !std::exchange(m_isAsked, true);
    }
    /// There is no lease.
    void refuse() { answer(false); }
    bool isOther(std::uint64_t lease) const { return m_lease != lease; }
    void admit(std::uint64_t lease)
    {
        m_lease = lease;
        answer(true);
    }
    void lose() { m_isHeld = false; }
    /// Whichever comes next counts as another one.
    void forget() { m_lease = 0; }
    bool isIdle() const { return m_waiters.empty(); }

private:
    void answer(bool isHeld)
    {
        m_isHeld = isHeld;
        m_isAsked = false;
        for (const Waiter &waiter : std::exchange(m_waiters, {}))
            waiter(isHeld);
    }

    std::vector<Waiter> m_waiters;
    std::uint64_t m_lease = 0;
    bool m_isHeld = false;
    bool m_isAsked = false;
};

} // namespace Dispatch::Engine
