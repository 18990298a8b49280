// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "distantpeople_p.h"

#include "packedtexts_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Dispatch {

namespace {

constexpr std::size_t PersonParts = 4;

} // namespace

std::string packedPerson(const Person &person, std::string_view address,
                         std::int64_t connectedSince)
{
    return packed({person.userId, person.userInfoFields, address, std::to_string(connectedSince)});
}

std::optional<ClientInfo> unpackedPerson(const std::string &clientId, std::string_view data)
{
    const auto parts = unpacked(data, PersonParts);
    if (!parts)
        return std::nullopt;
    ClientInfo client;
    client.clientId = clientId;
    client.userId = (*parts)[0];
    client.userInfoFields = (*parts)[1];
    client.address = (*parts)[2];
    if (!readNumber((*parts)[3], client.connectedSince))
        return std::nullopt;
    return client;
}

void DistantPeople::joinHere(Person &person)
{
    m_here.insert(person.clientId);
    m_gone.erase(person.clientId);
    m_leaving.erase(person.clientId);
    const auto distant = m_people.find(person.clientId);
    if (distant == m_people.end())
        return m_presence.join(&person);
    m_presence.replace(&distant->second, &person);
    m_people.erase(distant);
}

void DistantPeople::leaveHere(Person &person, bool staysElsewhere)
{
    m_here.erase(person.clientId);
    const bool isGone = m_gone.erase(person.clientId) > 0;
    if (staysElsewhere && !isGone) {
        const auto distant = m_people.insert_or_assign(person.clientId, person).first;
        return m_presence.replace(&person, &distant->second);
    }
    if (!staysElsewhere)
        m_leaving.insert(person.clientId);
    m_presence.leave(&person);
}

void DistantPeople::list(const std::vector<Engine::Member> &all)
{
    std::unordered_set<std::string_view> there;
    for (const Engine::Member &member : all)
        there.insert(member.clientId);
    std::erase_if(m_leaving, [&there](const std::string &id) { return !there.contains(id); });
    std::ranges::copy_if(m_here, std::inserter(m_gone, m_gone.end()),
                         [&there](const std::string &id) { return !there.contains(id); });
    for (auto person = m_people.begin(); person != m_people.end();) {
        if (there.contains(person->first)) {
            ++person;
        } else {
            m_presence.leave(&person->second);
            person = m_people.erase(person);
        }
    }
    for (const Engine::Member &member : all)
        change(member);
}

void DistantPeople::change(const Engine::Member &member)
{
    m_gone.erase(member.clientId);
    auto known = unpackedPerson(member.clientId, member.data);
    if (!known || m_here.contains(member.clientId) || m_leaving.contains(member.clientId))
        return;
    const auto [distant, isNew] = m_people.try_emplace(member.clientId);
    Person &person = distant->second;
    if (isNew) {
        person = {member.clientId, std::move(known->userInfoFields), std::move(known->userId), 0};
        return m_presence.join(&person);
    }
    m_presence.setUserId(person, std::move(known->userId));
    m_presence.setUserInfo(person, std::move(known->userInfoFields));
}

void DistantPeople::remove(const std::string &clientId)
{
    m_leaving.erase(clientId);
    if (m_here.contains(clientId))
        m_gone.insert(clientId);
    const auto distant = m_people.find(clientId);
    if (distant == m_people.end())
        return;
    m_presence.leave(&distant->second);
    m_people.erase(distant);
}

void DistantPeople::setLastPing(std::int64_t lastPing)
{
    for (auto &[id, person] : m_people)
        person.lastPing = lastPing;
}

} // namespace Dispatch
