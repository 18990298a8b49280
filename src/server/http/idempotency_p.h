// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace Dispatch {

/// Remembers for a time what was answered to which Idempotency-Key, so that a request that is
/// repeated is not done again. Bounded: when it is full nothing new is taken until something old
/// has expired, because to forget a key early would be to do its request twice.
class Idempotency {
public:
    enum class State {
        New, ///< it is to be done
        Known, ///< it was done; answer the same
        Reused, ///< the key came with another request
        Full, ///< there is no room to remember it
    };

    struct Verdict {
        State state = State::New;
        std::string answer; ///< of a known one
    };

    /// How many keys are remembered.
    struct Limits {
        std::size_t ofProject = 0;
        std::size_t ofAll = 0;
    };

    /// Judges \a key of \a projectId, whose request has \a digest, at \a now.
    Verdict check(const std::string &projectId, const std::string &key, std::string_view digest,
                  TimePoint now, const Limits &limits);
    /// Remembers \a answer for \a lifetime, after check() has said that the key is new.
    void remember(const std::string &projectId, const std::string &key, std::string_view digest,
                  std::string answer, TimePoint now, Duration lifetime);
    std::size_t size() const { return m_ends.size(); }

private:
    struct Entry {
        std::string digest;
        std::string answer;
    };

    using Entries = std::unordered_map<std::string, Entry>; // by key

    void forgetExpired(TimePoint now);

    std::unordered_map<std::string, Entries> m_projects; // none without keys
    // When which key of which project is to be forgotten.
    std::multimap<TimePoint, std::pair<std::string, std::string>> m_ends;
};

} // namespace Dispatch
