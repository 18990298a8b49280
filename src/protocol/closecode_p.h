// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace Dispatch {

/// Close codes of a connection (RFC 6455 section 7.4, IANA registry; docs/protocol.md, "Close
/// codes"). 40xx are ours and mean 'come back', 45xx are ours and mean 'do not'.
enum class CloseCode : std::uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    UnsupportedData = 1003,
    NoStatus = 1005,
    Abnormal = 1006,
    InvalidData = 1007,
    PolicyViolation = 1008,
    MessageTooBig = 1009,
    InternalError = 1011,
    ServiceRestart = 1012,
    TryAgainLater = 1013,
    TokenExpired = 4003,
    SlowConsumer = 4008,
    HeartbeatTimeout = 4009,
    OutOfStep = 4010,
    Flooding = 4013,
    TooManyBadTokens = 4501,
    Replaced = 4509,
};

/// What a close code means, in words and for a client that asks itself whether to come back.
struct CloseCodeInfo {
    CloseCode code;
    bool retry;
    std::string_view meaning;
};

/// All documented codes, ascending.
std::span<const CloseCodeInfo> closeCodes();

/// Tells whether a client that was closed with \a code may come back. Codes that no table knows
/// are judged by their range: 45xx no, everything else yes.
bool isRetryable(std::uint16_t code);

} // namespace Dispatch
