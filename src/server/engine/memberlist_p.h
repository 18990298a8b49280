// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <optional>
#include <utility>

namespace Dispatch::Engine {

/// Makes one sequence of changes without gaps of what comes live and of whole lists.
class MemberList {
public:
    struct Step {
        std::optional<PresenceList> list; ///< before the changes
        std::vector<PresenceChange> changes;
        bool isListWanted = false;
    };

    explicit MemberList(std::size_t mostHeldBack)
        : m_mostHeldBack(mostHeldBack)
    {
    }

    /// Changes come live from now on; who was there before has to be listed.
    Step begin()
    {
        m_held.clear();
        return ask();
    }

    Step change(PresenceChange change)
    {
        if (m_isListing) {
            if (m_held.size() == m_mostHeldBack)
                return begin();
            m_held.push_back(std::move(change));
            return {};
        }
        if (change.revision <= m_revision)
            return {};
        if (change.revision > m_revision + 1)
            return ask();
        m_revision = change.revision;
        return {{}, {std::move(change)}, false};
    }

    Step list(PresenceList list)
    {
        m_isListing = false;
        if (m_isOutdated)
            return ask();
        m_revision = list.revision;
        Step step{std::move(list), {}, false};
        for (PresenceChange &held : std::exchange(m_held, {})) {
            Step one = change(std::move(held));
            step.isListWanted |= one.isListWanted;
            for (PresenceChange &next : one.changes)
                step.changes.push_back(std::move(next));
        }
        return step;
    }

    Step listFailed()
    {
        m_isListing = false;
        return ask();
    }

private:
    Step ask()
    {
        m_isOutdated = m_isListing;
        return {{}, {}, !std::exchange(m_isListing, true)};
    }

    std::size_t m_mostHeldBack;
    std::vector<PresenceChange> m_held;
    std::uint64_t m_revision = 0;
    bool m_isListing = false;
    bool m_isOutdated = false; // what is being listed is not enough
};

} // namespace Dispatch::Engine
