// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <simdjson.h>

#include <string_view>

/// What simdjson's on-demand reader leaves to its caller: it looks only at what is asked for, so
/// a text that shall be passed on unread has to be walked through once.
namespace Dispatch::Json {

enum class Fault { None, Invalid, TooDeep, TooMany };

/// Walks through \a value, which belongs to \a document, and sets \a text to what it is written as.
/// Anything that RFC 8259 allows passes, also what simdjson could not turn into a value:
/// integers of any size, escapes of lone surrogates. \a levels is how deep \a value may nest;
/// a scalar needs none. \a tokens is how many keys and values there may be; it is counted down.
Fault validate(simdjson::ondemand::document &document, simdjson::ondemand::value value, int levels,
               int &tokens, std::string_view &text);

/// The text of \a value: balanced, but not looked into.
simdjson::error_code slice(simdjson::ondemand::value value, std::string_view &text);

/// Tells whether \a document, whose root was walked through, has nothing behind it.
bool isAtEnd(simdjson::ondemand::document &document);

/// The text of \a key, with its quotes.
std::string_view rawText(simdjson::ondemand::raw_json_string key);

/// \a text as simdjson takes it. \a text must be followed by simdjson::SIMDJSON_PADDING readable
/// bytes.
inline simdjson::padded_string_view padded(std::string_view text)
{
    return simdjson::padded_string_view(text.data(), text.size(),
                                        text.size() + simdjson::SIMDJSON_PADDING);
}

} // namespace Dispatch::Json
