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

/// Who is in a shard, and when the others are to be told. The first change is told at once,
/// further ones at most once per interval, all together. That a client lives is no change.
class Presence {
public:
    explicit Presence(Duration interval);

    void join(Person *person);
    void leave(Person *person);
    /// True if that is a change.
    bool setUserInfo(Person &person, std::string fields);
    bool setUserId(Person &person, std::string userId);

    /// When the list is to be sent; nothing if all know it.
    std::optional<TimePoint> due() const;
    /// The payload of CONNECTED_CLIENTS_CHANGED, sent at \a now. If it were longer than
    /// \a maxBytes, user infos are left out: of those who came last.
    std::string announce(TimePoint now, std::size_t maxBytes);
    /// Whether user infos were left out of the last list.
    bool isTruncated() const { return m_isTruncated; }

    const std::vector<Person *> &people() const { return m_people; }

private:
    std::vector<Person *> m_people;
    Duration m_interval;
    TimePoint m_earliest;
    bool m_changed = false;
    bool m_isTruncated = false;
};

} // namespace Dispatch
