// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace Dispatch {

/// One client, as the others see it.
struct Person {
    std::string clientId;
    std::string userInfoFields; ///< JSON members without braces
    std::string userId; ///< empty: not identified
    std::int64_t lastPing = 0; ///< ms since the epoch of the last sign of life
};

/// What became different between two announcements of who is in a shard.
struct PresenceChanges {
    std::vector<const Person *> joined;
    std::vector<const Person *> changed;
    std::vector<std::string> left; ///< client ids

    bool isEmpty() const { return joined.empty() && changed.empty() && left.empty(); }
};

/// What all are told, and whether user infos were left out of it.
struct PresenceText {
    std::string json;
    bool isTruncated = false;
};

/// Who is in a shard, and when the others are to be told. The first change is told at once,
/// further ones at most once per interval, all together. That a client lives is no change.
class Presence {
public:
    explicit Presence(Duration interval);

    /// Keeps what changes from now on: somebody is told differences.
    void keepChanges() { m_keepsChanges = true; }

    void join(Person *person);
    void leave(Person *person);
    /// \a by is \a person from now on; that alone is no change.
    void replace(Person *person, Person *by);
    /// True if that is a change.
    bool setUserInfo(Person &person, std::string fields);
    bool setUserId(Person &person, std::string userId);

    /// When all are to be told; nothing if they know it.
    std::optional<TimePoint> due() const;
    /// Changes that all are told of next.
    int unannounced() const { return m_unannounced; }
    /// All are told at \a now. What they are told of is returned, if changes are kept; each time
    /// that this is something, it is the next revision.
    PresenceChanges announce(TimePoint now);
    /// How often there were differences to be told.
    std::uint64_t revision() const { return m_revision; }

    /// The clients by their ids. If it were longer than \a maxBytes, user infos are left out: of
    /// those who came last.
    PresenceText list(std::size_t maxBytes) const;

private:
    void noteChange(const Person &person);

    std::vector<Person *> m_people;
    PresenceChanges m_changes;
    std::uint64_t m_revision = 0;
    Duration m_interval;
    TimePoint m_earliest;
    int m_unannounced = 0;
    bool m_keepsChanges = false;
};

/// The payload of PRESENCE for \a changes, the difference between \a revision and the one before
/// it; user infos are left out as in a list.
PresenceText differences(std::uint64_t revision, const PresenceChanges &changes,
                         std::size_t maxBytes);

} // namespace Dispatch
