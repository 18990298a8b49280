// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include "presencemessage_p.h"

#include <algorithm>

namespace Dispatch {

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

std::string Presence::announce(TimePoint now)
{
    m_changed = false;
    m_earliest = now + m_interval;
    PresenceWriter writer;
    for (const Person *person : m_people)
        writer.add({person->clientId, person->userInfoFields, person->userId, person->lastPing});
    return writer.take();
}

} // namespace Dispatch
