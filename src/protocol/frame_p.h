// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// WebSocket frames as a server sends them: unmasked, without extensions (RFC 6455 section 5.2).
namespace Dispatch::Frame {

/// Appends \a message, valid UTF-8, as one text frame, or as fragments of at most
/// \a fragmentBytes that are cut between code points: a stock QWebSocket closes the connection
/// on a code point that is split over two fragments.
void appendText(std::string &out, std::string_view message, std::size_t fragmentBytes);

/// Appends a ping with \a payload of at most 125 bytes.
void appendPing(std::string &out, std::string_view payload);

/// Where the first \a count messages in \a frames, which has as many or more, are over.
std::size_t endOfMessages(std::string_view frames, std::size_t count);

} // namespace Dispatch::Frame
