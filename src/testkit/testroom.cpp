// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "testroom_p.h"

#include "presencemessage_p.h"

#include <algorithm>

namespace Dispatch::TestKit {

Room::Room(TestClock &clock, Name name, int limit, std::uint64_t epoch)
    : m_clock(clock)
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
    changeSoon();
}

void Room::leave(Member &member)
{
    member.room = nullptr;
    std::erase(m_members, &member);
    std::erase(m_joined, &member);
    std::erase(m_changed, &member);
    // Also one who came only now: a newcomer may have found it in the list of his greeting.
    m_left.push_back(member.clientId);
    changeSoon();
}

void Room::changed(Member &member)
{
    const auto isIn = [&member](const std::vector<Member *> &members) {
        return std::ranges::find(members, &member) != members.end();
    };
    if (!isIn(m_joined) && !isIn(m_changed))
        m_changed.push_back(&member);
    changeSoon();
}

void Room::changeSoon()
{
    m_clock.setAlarm(this, m_clock.now().steady);
}

void Room::ring()
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

std::uint64_t Room::emitEvent(RoomEvent event, int kept)
{
    event.details.seq = ++m_seq;
    event.details.time = m_clock.now().wall.count();
    m_log.push_back(event.text());
    while (std::cmp_greater(m_log.size(), kept))
        m_log.pop_front();
    // Whoever hears it may make others come and go.
    for (Member *member : std::vector(m_members))
        member->hear(event);
    return event.details.seq;
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
