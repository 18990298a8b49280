// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "testroom_p.h"

#include "presencemessage_p.h"

#include <algorithm>

namespace Dispatch::TestKit {

Room::Room(TestClock &clock, const Settings &settings, Name name, int limit, std::uint64_t epoch)
    : m_clock(clock)
    , m_settings(settings)
    , m_name(std::move(name))
    , m_limit(limit)
    , m_epoch(epoch)
{
}

Room::~Room()
{
    m_clock.cancelAlarm(this);
}

bool Room::hasSeat(int ownLimit) const
{
    return std::cmp_less(m_members.size(), std::min(m_limit, ownLimit));
}

void Room::join(Member &member)
{
    member.room = this;
    m_members.push_back(&member);
    m_joined.push_back(&member);
    setAlarm();
}

void Room::leave(Member &member)
{
    member.room = nullptr;
    std::erase(m_members, &member);
    std::erase(m_joined, &member);
    std::erase(m_changed, &member);
    // Also one who came only now: a newcomer may have found it in the list of his greeting.
    m_left.push_back(member.clientId);
    removeState(m_state.ownedBy(member.clientId));
    setAlarm();
}

void Room::changed(Member &member)
{
    const auto isIn = [&member](const std::vector<Member *> &members) {
        return std::ranges::find(members, &member) != members.end();
    };
    if (!isIn(m_joined) && !isIn(m_changed))
        m_changed.push_back(&member);
    setAlarm();
}

void Room::setAlarm()
{
    const auto nextEnd = m_state.nextEnd();
    if (hasNews())
        m_clock.setAlarm(this, m_clock.now().steady);
    else if (nextEnd)
        m_clock.setAlarm(this, nextEnd->time_since_epoch());
    else
        m_clock.cancelAlarm(this);
}

void Room::ring()
{
    removeState(m_state.takeEnded(StateMap::TimePoint(m_clock.now().steady)));
    if (hasNews())
        tellNews();
    setAlarm();
}

void Room::tellNews()
{
    const std::string joined = write(std::exchange(m_joined, {}));
    const std::string changed = write(std::exchange(m_changed, {}));
    const std::string differences =
        presencePayload(++m_revision, joined, changed, std::exchange(m_left, {}));
    for (Member *member : m_members)
        member->see(differences);
}

std::string Room::list() const
{
    return write(m_members);
}

std::string Room::write(const std::vector<Member *> &members) const
{
    PresenceWriter writer;
    for (const Member *member : members)
        writer.add(
            {member->clientId, member->userInfo, member->userId, m_clock.now().wall.count()});
    return writer.take();
}

std::uint64_t Room::emitEvent(RoomEvent event)
{
    number(event.details);
    return tell(event);
}

void Room::number(EventDetails &details)
{
    details.seq = ++m_seq;
    details.time = m_clock.now().wall.count();
}

std::uint64_t Room::tell(const RoomEvent &event)
{
    m_log.push_back(event.text());
    while (std::cmp_greater(m_log.size(), m_settings.maxReplayEvents))
        m_log.pop_front();
    // Whoever hears it may make others come and go.
    for (Member *member : std::vector(m_members))
        member->hear(event);
    return event.details.seq;
}

std::variant<Room::Made, StateFault> Room::changeState(const Member &member,
                                                       std::string_view payload)
{
    const auto read = readStateWish(payload, m_settings.state);
    if (const auto *fault = std::get_if<StateFault>(&read))
        return *fault;
    const auto &wish = std::get<StateWish>(read);
    const StateChange change = stateChange(wish, member.clientId, member.userId, m_settings.state);
    if (const auto why = m_state.refusalOf(change))
        return StateFault{*why};
    EventDetails details;
    details.from = member.clientId;
    details.fromUser = member.userId;
    return Made{wish, tellState(stateItem(wish, m_clock.now().wall.count()), details)};
}

void Room::removeState(const std::vector<std::string> &keys)
{
    for (const std::string &key : keys)
        tellState({key, {}}, {});
}

std::uint64_t Room::tellState(const StateItem &item, EventDetails details)
{
    number(details);
    const Moment now = m_clock.now();
    const std::string payload = statePayload(item);
    const auto end = item.expiresAt > 0
        ? std::optional(StateMap::TimePoint(now.steady + Milliseconds(item.expiresAt) - now.wall))
        : std::nullopt;
    m_state.keep(item, payload, details, end);
    setAlarm();
    return tell({StateEventName, payload, 0, details, true});
}

std::optional<std::vector<std::pair<std::uint64_t, std::string>>>
Room::since(std::uint64_t seq) const
{
    if (seq > m_seq || m_seq - seq > m_log.size())
        return std::nullopt;
    std::vector<std::pair<std::uint64_t, std::string>> events;
    for (std::uint64_t next = seq + 1; next <= m_seq; ++next)
        events.emplace_back(next, m_log[m_log.size() - 1 - (m_seq - next)]);
    return events;
}

} // namespace Dispatch::TestKit
