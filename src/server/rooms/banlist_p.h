// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
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

    /// How many bans there may be.
    struct Limits {
        std::size_t ofProject = 0;
        std::size_t ofAll = 0;
    };

    /// Adds a ban or puts it in the place of an earlier one; false if there are too many.
    bool put(std::string_view projectId, const Ban &ban, TimePoint now, const Limits &limits);
    /// False if there is no such ban.
    bool remove(std::string_view projectId, Kind kind, std::string_view name, TimePoint now);
    std::optional<Ban> find(std::string_view projectId, Kind kind, std::string_view name,
                            TimePoint now) const;
    /// At most \a limit bans of \a projectId in the order of position(), from behind \a after on.
    std::vector<Ban> list(std::string_view projectId, std::string_view after, std::size_t limit,
                          TimePoint now) const;
    std::size_t size() const { return m_ends.size(); }
    /// Forgets all bans of \a projectId.
    void clear(std::string_view projectId);

    /// "users/ann": where a ban stands in a list, and what it is called in a URL.
    static std::string position(const Ban &ban);
    static std::string_view kindName(Kind kind);
    static std::optional<Kind> kindOf(std::string_view name);

private:
    using Bans = std::map<std::string, Ban, std::less<>>; // by position

    static std::string position(Kind kind, std::string_view name);
    /// Null if there is none.
    const Ban *lookUp(std::string_view projectId, std::string_view position) const;
    void erase(std::string_view projectId, std::string_view position);
    void forgetExpired(TimePoint now);

    std::map<std::string, Bans, std::less<>> m_projects; // none without bans
    std::set<std::tuple<TimePoint, std::string, std::string>> m_ends; // of whose, at which position
};

} // namespace Dispatch
