// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "addressbook_p.h"

#include "connection_p.h"

namespace Dispatch {

void AddressBook::add(Connection *connection)
{
    m_projects[connection->seat().projectId].clients.emplace(connection->person().clientId,
                                                             connection);
    addUser(connection);
}

void AddressBook::remove(Connection *connection)
{
    removeUser(connection);
    const auto project = m_projects.find(connection->seat().projectId);
    if (project == m_projects.end())
        return;
    project->second.clients.erase(connection->person().clientId);
    if (project->second.clients.empty())
        m_projects.erase(project);
}

void AddressBook::addUser(Connection *connection)
{
    if (!connection->person().userId.empty()) {
        m_projects[connection->seat().projectId].users.emplace(connection->person().userId,
                                                               connection);
    }
}

void AddressBook::removeUser(Connection *connection)
{
    const auto project = m_projects.find(connection->seat().projectId);
    if (project == m_projects.end())
        return;
    auto &users = project->second.users;
    const auto [first, last] = users.equal_range(connection->person().userId);
    for (auto it = first; it != last; ++it) {
        if (it->second == connection) {
            users.erase(it);
            return;
        }
    }
}

void AddressBook::find(std::string_view project, const std::string &recipient,
                       std::vector<Connection *> &found) const
{
    findClient(project, recipient, found);
    findUser(project, recipient, found);
}

void AddressBook::findClient(std::string_view project, const std::string &clientId,
                             std::vector<Connection *> &found) const
{
    const auto entries = m_projects.find(std::string(project));
    if (entries == m_projects.end())
        return;
    if (const auto client = entries->second.clients.find(clientId);
        client != entries->second.clients.end()) {
        found.push_back(client->second);
    }
}

void AddressBook::findUser(std::string_view project, const std::string &userId,
                           std::vector<Connection *> &found) const
{
    const auto entries = m_projects.find(std::string(project));
    if (entries == m_projects.end())
        return;
    const auto [first, last] = entries->second.users.equal_range(userId);
    for (auto it = first; it != last; ++it)
        found.push_back(it->second);
}

} // namespace Dispatch
