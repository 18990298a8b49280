// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "redissettings_p.h"

#include <string_view>
#include <variant>

namespace Dispatch::Engine {

/// Why a text does not say where Redis is.
enum class RedisUrlError {
    Scheme, ///< none that is known
    Escape, ///< a broken percent escape
    Host, ///< none, or one that no host is called
    Port,
    Database, ///< another one than 0
    Path, ///< no path of a socket, or one that is too long
    Rest, ///< a query or a fragment
};

/// Reads redis://[user[:password]@]host[:port][/0], rediss:// the same with TLS, and
/// redis+unix://[user[:password]@]/path; user, password and path may have percent escapes. Pure.
std::variant<RedisSettings, RedisUrlError> parseRedisUrl(std::string_view url);

/// The end of a sentence that begins with the name of what was parsed; nothing of the text is in
/// it, for that may have a password.
std::string_view textOf(RedisUrlError error);

} // namespace Dispatch::Engine
