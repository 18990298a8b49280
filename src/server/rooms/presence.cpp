// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include "presencemessage_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

// What the list has for each client beside its ids and its info, and a little more.
constexpr std::size_t BytesOfEntry = 80;

} // namespace

Presence::Presence(Duration interval)
    : m_interval(interval)
{
}

void Presence::join(Person *person)
{
    m_people.push_back(person);
    m_changed = true;
}

void Presence::leave(Person *person)
{
    m_changed |= std::erase(m_people, person) > 0;
}

bool Presence::setUserInfo(Person &person, std::string fields)
{
    if (person.userInfoFields == fields)
        return false;
    person.userInfoFields = std::move(fields);
    m_changed = true;
    return true;
}

bool Presence::setUserId(Person &person, std::string userId)
{
    if (person.userId == userId)
        return false;
    person.userId = std::move(userId);
    m_changed = true;
    return true;
}

std::optional<TimePoint> Presence::due() const
{
    return m_changed && !m_people.empty() ? std::optional(m_earliest) : std::nullopt;
}

std::string Presence::announce(TimePoint now, std::size_t maxBytes)
{
    m_changed = false;
    m_earliest = now + m_interval;
    m_isTruncated = false;
    std::size_t rest = maxBytes;
    for (const Person *person : m_people) {
        const std::size_t needed = BytesOfEntry + person->clientId.size() + person->userId.size();
        rest -= std::min(rest, needed);
    }
    PresenceWriter writer;
    for (const Person *person : m_people) {
        const bool fits = person->userInfoFields.size() <= rest;
        if (fits)
            rest -= person->userInfoFields.size();
        m_isTruncated |= !fits;
        writer.add(
            {person->clientId, person->userInfoFields, person->userId, person->lastPing, !fits});
    }
    return writer.take();
}

} // namespace Dispatch
