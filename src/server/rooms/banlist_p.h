// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace Dispatch {

/// Whom a project has banned, until when, and why. Bounded; what is over is forgotten.
class BanList {
public:
    enum class Kind { User, Address };

    struct Ban {
        Kind kind = Kind::User;
        std::string name; ///< a user's id, or where he comes from, as AddressKey writes it
        std::string reason;
        TimePoint until;
    };

    /// Adds a ban or puts it in the place of an earlier one; false if there are \a mostBans.
    bool put(std::string_view projectId, Ban ban, TimePoint now, std::size_t mostBans);
    /// False if there is no such ban.
    bool remove(std::string_view projectId, Kind kind, std::string_view name, TimePoint now);
    std::optional<Ban> find(std::string_view projectId, Kind kind, std::string_view name,
                            TimePoint now) const;
    /// At most \a limit bans of \a projectId in the order of position(), from behind \a after on.
    std::vector<Ban> list(std::string_view projectId, std::string_view after, std::size_t limit,
                          TimePoint now) const;
    std::size_t size() const { return m_bans.size(); }

    /// "users/ann": where a ban stands in a list, and what it is called in a URL.
    static std::string position(const Ban &ban);
    static std::string_view kindName(Kind kind);
    static std::optional<Kind> kindOf(std::string_view name);

private:
    using Key = std::tuple<std::string, std::string>; // project, position
    struct Value {
        Kind kind;
        std::string name;
        std::string reason;
        TimePoint until;
    };

    static Key key(std::string_view projectId, Kind kind, std::string_view name);
    void forgetExpired(TimePoint now);

    std::map<Key, Value> m_bans;
};

} // namespace Dispatch
