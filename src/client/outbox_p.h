// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "dispatchtypes.h"
#include "instant_p.h"
#include "outgoingevent_p.h"

#include <QtCore/qhash.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace Dispatch {

/// Keeps the messages that wait for a connection, in order and within bounds. What is taken
/// is taken once; what is dropped is handed back with the reason.
class Outbox {
public:
    using Entry = OutgoingEvent;
    struct Dropped {
        Entry entry;
        DispatchError::Code reason = DispatchError::NoError;
    };
    struct Outcome {
        DispatchError::Code refused = DispatchError::NoError; ///< why the new one did not get in
        std::vector<Dropped> dropped;
    };

    /// Takes \a entry, unless it is refused; then it is left as it was. What waits under its key
    /// goes. What is dropped must be reported.
    [[nodiscard]] Outcome push(Entry &&entry, Instant now);
    [[nodiscard]] std::vector<Dropped> setPolicy(const DispatchQueuePolicy &policy, Instant now);
    [[nodiscard]] std::vector<Dropped> expire(Instant now);
    [[nodiscard]] std::vector<Dropped> clear();

    std::optional<Entry> take();
    /// Puts \a entry, which was taken and could not be sent, where it was.
    void putBack(Entry &&entry);
    /// Takes out the one with \a id; false if it is not there.
    bool withdraw(std::uint64_t id);
    /// When expire() has something to do; nothing if never.
    std::optional<Instant> nextExpiry() const;
    /// How long \a entry may wait; 0: for ever.
    Milliseconds maxAgeOf(const Entry &entry) const;

    const DispatchQueuePolicy &policy() const { return m_policy; }
    bool isEmpty() const { return m_entries.empty(); }
    qsizetype size() const { return qsizetype(m_entries.size()); }
    qint64 bytes() const { return m_bytes; }
    /// All that wait, by their places.
    const std::map<std::int64_t, Entry> &entries() const { return m_entries; }

private:
    using Place = std::int64_t;
    using Entries = std::map<Place, Entry>;

    bool isOver(qsizetype messages, qint64 bytes) const;
    std::optional<Instant> dueOf(const Entry &entry) const;
    void put(Place place, Entry &&entry);
    Entry remove(Entries::iterator at);
    Dropped dropOldest(DispatchError::Code reason);

    DispatchQueuePolicy m_policy;
    Entries m_entries;
    QHash<QString, Place> m_latest; ///< what waits under a key
    std::set<std::pair<Instant, Place>> m_due; ///< when those that have a time must go
    Place m_nextPlace = 0;
    qint64 m_bytes = 0;
};

} // namespace Dispatch
