// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include "presencemessage_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

namespace {

// What a list has for each client beside its ids and its info, and a little more.
constexpr std::size_t BytesOfEntry = 80;

/// Writes lists that have a limit together.
class BoundedWriter {
public:
    explicit BoundedWriter(std::size_t maxBytes)
        : m_rest(maxBytes)
    {
    }

    /// That \a people will be written: their ids come before user infos.
    template<class People>
    void reserve(const People &people)
    {
        for (const Person *person : people) {
            m_rest -=
                std::min(m_rest, BytesOfEntry + person->clientId.size() + person->userId.size());
        }
    }

    template<class People>
    std::string write(const People &people)
    {
        PresenceWriter writer;
        for (const Person *person : people) {
            const bool fits = person->userInfoFields.size() <= m_rest;
            if (fits)
                m_rest -= person->userInfoFields.size();
            m_isTruncated |= !fits;
            writer.add({person->clientId, person->userInfoFields, person->userId, person->lastPing,
                        !fits});
        }
        return writer.take();
    }

    bool isTruncated() const { return m_isTruncated; }

private:
    std::size_t m_rest;
    bool m_isTruncated = false;
};

} // namespace

Presence::Presence(Duration interval)
    : m_interval(interval)
{
}

void Presence::join(Person *person)
{
    m_people.push_back(person);
    ++m_unannounced;
    if (!m_keepsChanges)
        return;
    // Who left since the last announcement has not left for those who hear it.
    const bool isBack = std::erase(m_changes.left, person->clientId) > 0;
    (isBack ? m_changes.changed : m_changes.joined).push_back(person);
}

void Presence::leave(Person *person)
{
    if (std::erase(m_people, person) == 0)
        return;
    ++m_unannounced;
    std::erase(m_changes.changed, person);
    std::erase(m_changes.joined, person);
    // Also one who came only now: a newcomer may have found it in the list of his greeting.
    if (m_keepsChanges)
        m_changes.left.push_back(person->clientId);
}

void Presence::replace(Person *person, Person *by)
{
    std::ranges::replace(m_people, person, by);
    std::ranges::replace(m_changes.joined, std::as_const(person), std::as_const(by));
    std::ranges::replace(m_changes.changed, std::as_const(person), std::as_const(by));
    if (person->userInfoFields != by->userInfoFields || person->userId != by->userId)
        noteChange(*by);
}

bool Presence::setUserInfo(Person &person, std::string fields)
{
    if (person.userInfoFields == fields)
        return false;
    person.userInfoFields = std::move(fields);
    noteChange(person);
    return true;
}

bool Presence::setUserId(Person &person, std::string userId)
{
    if (person.userId == userId)
        return false;
    person.userId = std::move(userId);
    noteChange(person);
    return true;
}

std::optional<TimePoint> Presence::due() const
{
    return m_unannounced > 0 && !m_people.empty() ? std::optional(m_earliest) : std::nullopt;
}

PresenceChanges Presence::announce(TimePoint now)
{
    m_unannounced = 0;
    m_earliest = now + m_interval;
    if (!m_changes.isEmpty())
        ++m_revision;
    return std::exchange(m_changes, {});
}

PresenceText Presence::list(std::size_t maxBytes) const
{
    BoundedWriter writer(maxBytes);
    writer.reserve(m_people);
    std::string json = writer.write(m_people);
    return {std::move(json), writer.isTruncated()};
}

void Presence::noteChange(const Person &person)
{
    ++m_unannounced;
    const auto isIn = [&person](const auto &people) {
        return std::ranges::find(people, &person) != people.end();
    };
    if (m_keepsChanges && !isIn(m_changes.joined) && !isIn(m_changes.changed))
        m_changes.changed.push_back(&person);
}

PresenceText differences(std::uint64_t revision, const PresenceChanges &changes,
                         std::size_t maxBytes)
{
    BoundedWriter writer(maxBytes);
    writer.reserve(changes.joined);
    writer.reserve(changes.changed);
    const std::string joined = writer.write(changes.joined);
    const std::string changed = writer.write(changes.changed);
    return {presencePayload(revision, joined, changed, changes.left), writer.isTruncated()};
}

} // namespace Dispatch
