// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "dispatchtypes.h"
#include "instant_p.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace Dispatch {

/// Keeps the messages that wait for a connection, in order and within bounds. What is taken
/// is taken once; what is dropped is handed back with the reason.
class Outbox {
public:
    struct Entry {
        QString eventName;
        std::string message;
        Instant since{};
        std::uint64_t ticket = 0; ///< of who waits to hear what becomes of it; 0: nobody
        bool needsExtended = false; ///< means nothing in the base profile
    };
    struct Dropped {
        Entry entry;
        DispatchError::Code reason = DispatchError::NoError;
    };
    struct Outcome {
        DispatchError::Code refused = DispatchError::NoError; ///< why the new one did not get in
        std::vector<Dropped> dropped;
    };

    /// \a dropped of the answer must be reported.
    [[nodiscard]] Outcome push(Entry entry, Instant now);
    [[nodiscard]] std::vector<Dropped> setPolicy(const DispatchQueuePolicy &policy, Instant now);
    [[nodiscard]] std::vector<Dropped> expire(Instant now);
    [[nodiscard]] std::vector<Dropped> clear();

    std::optional<Entry> take();
    /// Puts \a entry, which was taken and could not be sent, where it was.
    void putBack(Entry entry);
    /// Takes out the one with \a ticket, if it is there.
    void withdraw(std::uint64_t ticket);
    /// When expire() has something to do; nothing if never.
    std::optional<Instant> nextExpiry() const;

    const DispatchQueuePolicy &policy() const { return m_policy; }
    bool isEmpty() const { return m_entries.empty(); }
    qsizetype size() const { return qsizetype(m_entries.size()); }
    qint64 bytes() const { return m_bytes; }

private:
    bool isOver(qsizetype messages, qint64 bytes) const;
    Dropped dropOldest(DispatchError::Code reason);

    DispatchQueuePolicy m_policy;
    std::deque<Entry> m_entries;
    qint64 m_bytes = 0;
};

} // namespace Dispatch
