// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "redistls_p.h"

#include <cstdint>
#include <string>

namespace Dispatch::Engine {

/// Where Redis is, and what it knows us by.
struct RedisSettings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 6379;
    std::string socketPath = {}; ///< instead of host and port
    std::string user = {}; ///< of an access control list; empty: Redis's default user
    std::string password = {};
    bool isEncrypted = false; ///< by TLS, with \a tls
    TlsContext tls = {};
    std::string prefix = "dispatch"; ///< of all keys and channels; without braces
};

} // namespace Dispatch::Engine
