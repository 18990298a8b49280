// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <string>
#include <string_view>
#include <vector>

namespace Dispatch::Engine {

/// Names of keys and channels. What one script touches has one hash tag, and so one slot of a Redis
/// Cluster; what people named is escaped, so that no two names ever meet.
class RedisKeys {
public:
    /// \a prefix has no braces, which would be a hash tag.
    explicit RedisKeys(std::string prefix);

    /// In the order in which the scripts take them.
    std::vector<std::string> seats(std::string_view projectId) const;
    std::vector<std::string> stream(const StreamId &stream) const;
    std::vector<std::string> pins(std::string_view projectId) const;
    std::vector<std::string> state(const StreamId &shard) const;
    std::vector<std::string> members(const StreamId &shard) const;
    std::vector<std::string> session(std::string_view clientId) const;

    /// What a secret leads to: the id of the client whose session it is of.
    std::string secret(std::string_view hash) const;
    std::string channel(const StreamId &stream) const;
    std::string nodeChannel(std::string_view nodeId) const;

    /// \a name in the characters that are no punctuation of a key, the others as %XX.
    static std::string escaped(std::string_view name);

private:
    /// The beginning of all keys of one stream.
    std::string streamBase(const StreamId &stream) const;

    std::string m_prefix;
};

} // namespace Dispatch::Engine
