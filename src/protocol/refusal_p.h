// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closecode_p.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace Dispatch {

/// Why the server refuses a join, a frame or a token (docs/protocol.md, "Refusals").
enum class Refusal {
    BadRequest,
    BadParameters,
    ProjectRequired,
    TlsRequired,
    Unauthorized,
    TokenExpired,
    ShardNotAllowed,
    OriginNotAllowed,
    NotFound,
    MethodNotAllowed,
    UpgradeRequired,
    BodyTooLarge,
    HeaderTooLarge,
    TargetTooLong,
    RequestTimeout,
    AnswerTimeout,
    ShardFull,
    ServerFull,
    ServerBusy,
    BadMessage,
    BadEventName,
    ReservedEvent,
    TooDeep,
    MessageTooBig,
    BinaryMessage,
    BadRecipients,
    TooManyRecipients,
    BadUserInfo,
    UserInfoTooBig,
    InvalidToken,
    TooManyErrors,
    TooManyBadTokens,
    TokenNotRenewed,
    TooManyReservedEvents,
    TooComplex,
    RateLimited,
    FanOutLimited,
    Flooding,
    TooManyControlFrames,
    TooManyFragments,
    MessageTimeout,
    TooManyConnections,
    TooManyFromAddress,
    SlowConsumer,
    HeartbeatTimeout,
    Banned,
    Disconnected,
    NoBackEnd,
    NoSuchShard,
    NoSuchClient,
    NoSuchBan,
    UnsupportedMediaType,
    BadTarget,
    BadBan,
    IdempotencyKeyReused,
    TooManyRequests,
    Draining,
    EmitGap,
    Replaced,
    EngineUnavailable,
    StreamReset,
    SeatLost,
    BadState,
    StateNotKept,
    StateTooBig,
    StateFull,
    StateOwned,
    StateChanged,
    NoTokenKey,
};

/// One row of the table of refusals: what the client is told.
struct RefusalInfo {
    Refusal refusal;
    std::string_view slug; ///< stable, for programs
    std::string_view sentence; ///< for people: what to do about it
    bool retry; ///< whether the same thing can succeed later
    int httpStatus; ///< of the answer to a request; 0 where it can't occur there
    std::optional<CloseCode> closeCode; ///< set where the connection ends with it
};

std::span<const RefusalInfo> refusals();
const RefusalInfo &info(Refusal refusal);

/// The refusal that is called \a slug; null if there is none.
const RefusalInfo *findRefusal(std::string_view slug);
/// The refusal that is called \a slug and is answered with \a httpStatus; null if there is none.
const RefusalInfo *findRefusal(std::string_view slug, int httpStatus);

/// The payload of an ERROR event for \a refusal: {code, message, closing, retry, retryAfterMs?,
/// emit?}.
/// \a detail, if any, is put behind the sentence (a number, the name of a field).
/// \a retryAfter is when to try again, if that is known. \a emit is the number of the message that
/// is refused, if it has one.
std::string refusalPayload(Refusal refusal, std::string_view detail = {},
                           std::optional<std::chrono::milliseconds> retryAfter = {},
                           std::uint64_t emit = 0);

} // namespace Dispatch
