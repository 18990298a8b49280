// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "streamlistener_p.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What a listener has heard of a stream.
class StreamRecord final : public Dispatch::Engine::StreamListener {
public:
    void began(const Dispatch::Engine::Mark &top) override { beginning = top; }
    void received(const Dispatch::Engine::Mark &last,
                  const std::vector<Dispatch::Engine::Entry> &entries) override
    {
        for (const Dispatch::Engine::Entry &entry : entries) {
            events.push_back({{last.epoch, entry.seq}, entry.data});
            data.push_back(entry.data);
        }
    }
    void wasReset(const Dispatch::Engine::Mark &mark) override { resets.push_back(mark); }
    void membersListed(const Dispatch::Engine::PresenceList &list) override
    {
        members.clear();
        for (const Dispatch::Engine::Member &member : list.members)
            members[member.clientId] = member.data;
        ++lists;
    }
    void memberChanged(const Dispatch::Engine::PresenceChange &change) override
    {
        changes.push_back(change);
        if (change.isThere)
            members[change.member.clientId] = change.member.data;
        else
            members.erase(change.member.clientId);
    }

    /// Whether the events of each life are numbered without a gap.
    bool isWithoutGaps() const
    {
        for (std::size_t i = 1; i < events.size(); ++i) {
            const auto &[before, its] = events[i - 1];
            const auto &[mark, ours] = events[i];
            if (mark.epoch == before.epoch && mark.seq != before.seq + 1)
                return false;
        }
        return true;
    }

    using Event = std::pair<Dispatch::Engine::Mark, std::string>;

    std::optional<Dispatch::Engine::Mark> beginning;
    std::vector<Event> events;
    std::vector<std::string> data; ///< of the events
    std::vector<Dispatch::Engine::Mark> resets;
    std::map<std::string, std::string> members; ///< data by client
    std::vector<Dispatch::Engine::PresenceChange> changes;
    int lists = 0;
};
