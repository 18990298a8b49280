// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "closecode_p.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace Dispatch {

/// Why the server refuses a join, a frame or a token (docs/protocol.md, "Refusals").
enum class Refusal {
    BadRequest,
    BadParameters,
    Unauthorized,
    TokenExpired,
    ShardNotAllowed,
    NotFound,
    MethodNotAllowed,
    UpgradeRequired,
    BodyTooLarge,
    HeaderTooLarge,
    RequestTimeout,
    AnswerTimeout,
    ShardFull,
    ServerFull,
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
/// The row of \a slug, or nothing for a slug that a newer server made up.
const RefusalInfo *refusalFromSlug(std::string_view slug);

/// The payload of an ERROR event for \a refusal: {code, message, closing, retry}.
/// \a detail, if any, is put behind the sentence (a number, the name of a field).
std::string refusalPayload(Refusal refusal, std::string_view detail = {});

} // namespace Dispatch
