// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "member_p.h"
#include "settings_p.h"
#include "statemap_p.h"
#include "streamposition_p.h"
#include "testclock_p.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace Dispatch::TestKit {

/// A shard: who is in it, and its events with their numbers. Away is still there.
class Room final : private Alarm {
public:
    using Name = std::pair<std::string, std::string>; ///< of the project and of the shard

    Room(TestClock &clock, const Settings &settings, Name name, int limit, std::uint64_t epoch);
    ~Room();

    const Name &name() const { return m_name; }
    const std::vector<Member *> &members() const { return m_members; }
    bool isEmpty() const { return m_members.empty(); }
    /// Whether one may come who wants to be among \a ownLimit at most.
    bool hasSeat(int ownLimit) const;

    void join(Member &member);
    void leave(Member &member);
    /// Of what others see of \a member.
    void changed(Member &member);
    std::uint64_t revision() const { return m_revision; }
    /// All members as JSON.
    std::string list() const;

    /// Tells all, and gives the number of the event.
    std::uint64_t emitEvent(RoomEvent event);
    StreamPosition position() const { return {m_epoch, m_seq, 0}; }
    /// The events behind \a seq, with their numbers; nothing if one of them is not there.
    std::optional<std::vector<std::pair<std::uint64_t, std::string>>>
    since(std::uint64_t seq) const;
    std::size_t logSize() const { return m_log.size(); }

    /// A change of the shared state that was made, and the number of the event that tells it.
    struct Made {
        StateWish wish; ///< its value is a view into what was read
        std::uint64_t seq = 0;
    };
    /// Changes the shared state as \a member says with the \a payload of a SET_STATE.
    std::variant<Made, StateFault> changeState(const Member &member, std::string_view payload);
    /// All of it as JSON.
    std::string wholeState() const { return m_state.whole(m_seq); }

private:
    void ring() override;
    /// Has ring() called when there is something to tell, or the time of a key is over.
    void setAlarm();
    bool hasNews() const { return !m_joined.empty() || !m_changed.empty() || !m_left.empty(); }
    /// Tells who came, went and changed in this turn.
    void tellNews();
    /// Gives an event its number and time.
    void number(EventDetails &details);
    std::uint64_t tell(const RoomEvent &event);
    std::uint64_t tellState(const StateItem &item, EventDetails details);
    /// As the server does it.
    void removeState(const std::vector<std::string> &keys);
    std::string write(const std::vector<Member *> &members) const;

    TestClock &m_clock;
    const Settings &m_settings;
    const Name m_name;
    const int m_limit;
    std::vector<Member *> m_members;
    std::vector<Member *> m_joined; // since others were told
    std::vector<Member *> m_changed;
    std::vector<std::string> m_left;
    std::uint64_t m_revision = 0;
    const std::uint64_t m_epoch;
    std::uint64_t m_seq = 0;
    std::deque<std::string> m_log; // the last of them is m_seq
    StateMap m_state;
};

} // namespace Dispatch::TestKit
