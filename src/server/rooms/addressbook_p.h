// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace Dispatch {

class Connection;

/// Finds the connections of one worker by project and client id or user id.
class AddressBook {
public:
    void add(Connection *connection);
    void remove(Connection *connection);
    /// To be called around a change of the user id of \a connection.
    void addUser(Connection *connection);
    void removeUser(Connection *connection);

    /// Appends the connections that \a recipient of \a project names.
    void find(std::string_view project, const std::string &recipient,
              std::vector<Connection *> &found) const;

    void findClient(std::string_view project, const std::string &clientId,
                    std::vector<Connection *> &found) const;
    void findUser(std::string_view project, const std::string &userId,
                  std::vector<Connection *> &found) const;

private:
    struct Entries {
        std::unordered_map<std::string, Connection *> clients;
        std::unordered_multimap<std::string, Connection *> users;
    };

    std::unordered_map<std::string, Entries> m_projects;
};

} // namespace Dispatch
