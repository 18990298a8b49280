// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "refusal_p.h"

#include "text_p.h"

#include <algorithm>
#include <array>

namespace Dispatch {

namespace {

constexpr std::optional<CloseCode> Stays = std::nullopt;

// In the order of the enumeration, so that a refusal is its own index.
constexpr std::array Table = {
    RefusalInfo{Refusal::BadRequest, "bad_request",
                "This is no request that HTTP/1.1 allows: correct the client.", false, 400, Stays},
    RefusalInfo{Refusal::BadParameters, "bad_parameters",
                "The URL asks for something that can't be: correct the named parameter.", false,
                400, Stays},
    RefusalInfo{Refusal::ProjectRequired, "project_required",
                "This server demands a project: name one, as projectId.", false, 422, Stays},
    RefusalInfo{Refusal::TlsRequired, "tls_required",
                "This port speaks TLS alone: use wss:// or https://.", false, 421, Stays},
    RefusalInfo{Refusal::Unauthorized, "unauthorized", "The token was not accepted: get a new one.",
                false, 401, Stays},
    RefusalInfo{Refusal::TokenExpired, "token_expired",
                "The token has expired: get a new one, and identify with it.", false, 401, Stays},
    RefusalInfo{Refusal::ShardNotAllowed, "shard_not_allowed",
                "The token is not good for this shard: choose one that it names.", false, 403,
                Stays},
    RefusalInfo{Refusal::OriginNotAllowed, "origin_not_allowed",
                "Pages of this origin may not connect: have the operator allow it.", false, 403,
                Stays},
    RefusalInfo{Refusal::NotFound, "not_found", "Nothing is served at this path: look at the URL.",
                false, 404, Stays},
    RefusalInfo{Refusal::MethodNotAllowed, "method_not_allowed",
                "The method is not answered here: the header Allow says which are.", false, 405,
                Stays},
    RefusalInfo{Refusal::UpgradeRequired, "upgrade_required", "Connect by WebSocket, version 13.",
                false, 426, Stays},
    RefusalInfo{Refusal::BodyTooLarge, "body_too_large",
                "The request's body is too large: send less at once.", false, 413, Stays},
    RefusalInfo{Refusal::HeaderTooLarge, "header_too_large",
                "The request is too large: shorten its header.", false, 431, Stays},
    RefusalInfo{Refusal::TargetTooLong, "target_too_long",
                "The URL is too long: shorten it, and send a token in the header.", false, 414,
                Stays},
    RefusalInfo{Refusal::RequestTimeout, "request_timeout",
                "The request did not arrive in time: try again.", true, 408, Stays},
    RefusalInfo{Refusal::AnswerTimeout, "answer_timeout",
                "The server did not find an answer in time: try again.", true, 504, Stays},
    RefusalInfo{Refusal::ShardFull, "shard_full",
                "The shard has no room: choose another, or name none.", true, 409, Stays},
    RefusalInfo{Refusal::ServerFull, "server_full", "The server has no room: try again later.",
                true, 503, Stays},
    RefusalInfo{Refusal::ServerBusy, "server_busy",
                "Too many come at once: wait as long as Retry-After says.", true, 503, Stays},
    RefusalInfo{Refusal::BadMessage, "bad_message",
                "The message is no JSON object with an eventName: correct it.", false, 422, Stays},
    RefusalInfo{Refusal::BadEventName, "bad_event_name",
                "An event's name is a text of 1 to 255 bytes: correct it.", false, 422, Stays},
    RefusalInfo{Refusal::ReservedEvent, "reserved_event",
                "Names that begin with @@ are the platform's: choose another.", false, 422, Stays},
    RefusalInfo{Refusal::TooDeep, "too_deep",
                "The message nests too deeply: flatten it to 64 levels.", false, 422, Stays},
    RefusalInfo{Refusal::MessageTooBig, "message_too_big",
                "A message may have 128,000 UTF-16 code units: send less at once.", false, 413,
                CloseCode::MessageTooBig},
    RefusalInfo{Refusal::BinaryMessage, "binary_message",
                "Only text messages are understood: send JSON as text.", false, 0,
                CloseCode::UnsupportedData},
    RefusalInfo{Refusal::BadRecipients, "bad_recipients",
                "Recipients are a list of texts of at most 255 bytes, or null: correct it.", false,
                422, Stays},
    RefusalInfo{Refusal::TooManyRecipients, "too_many_recipients",
                "Too many recipients: split the event up, or emit it to the shard.", false, 422,
                Stays},
    RefusalInfo{Refusal::BadUserInfo, "bad_user_info", "User info is a JSON object: correct it.",
                false, 0, Stays},
    RefusalInfo{Refusal::UserInfoTooBig, "user_info_too_big",
                "User info is sent to everybody and has a limit: keep it short.", false, 0, Stays},
    RefusalInfo{Refusal::InvalidToken, "invalid_token",
                "The token was not accepted: get a new one.", false, 0, Stays},
    RefusalInfo{Refusal::TooManyErrors, "too_many_errors",
                "Too many messages were refused: look at the errors before this one.", true, 0,
                CloseCode::PolicyViolation},
    RefusalInfo{Refusal::TooManyBadTokens, "too_many_bad_tokens",
                "Too many tokens were refused: do not come back without a good one.", false, 0,
                CloseCode::TooManyBadTokens},
    RefusalInfo{Refusal::TokenNotRenewed, "token_not_renewed",
                "No new token came after the last one had expired: come back with one.", true, 0,
                CloseCode::TokenExpired},
    RefusalInfo{Refusal::TooManyReservedEvents, "too_many_reserved_events",
                "Platform events were emitted again and again: emit none.", false, 0,
                CloseCode::PolicyViolation},
    RefusalInfo{Refusal::TooComplex, "too_complex",
                "The message has too many values: send fewer at once.", false, 422, Stays},
    RefusalInfo{Refusal::RateLimited, "rate_limited",
                "Too much was sent at once: wait, and send less.", true, 0, Stays},
    RefusalInfo{Refusal::FanOutLimited, "fan_out_limited",
                "The project sends too much to too many: wait, and emit less, or to fewer.", true,
                0, Stays},
    RefusalInfo{Refusal::Flooding, "flooding",
                "Too much was sent for too long: come back, and send less.", true, 0,
                CloseCode::Flooding},
    RefusalInfo{Refusal::TooManyControlFrames, "too_many_control_frames",
                "Too many pings and pongs were sent: send fewer.", true, 0,
                CloseCode::PolicyViolation},
    RefusalInfo{Refusal::TooManyFragments, "too_many_fragments",
                "The message has too many fragments: send it in fewer.", false, 0,
                CloseCode::PolicyViolation},
    RefusalInfo{Refusal::MessageTimeout, "message_timeout",
                "A message did not arrive in time: send it faster, or smaller ones.", true, 0,
                CloseCode::PolicyViolation},
    RefusalInfo{Refusal::TooManyConnections, "too_many_connections",
                "The user has too many connections: end one, or try again later.", true, 503,
                Stays},
    RefusalInfo{Refusal::TooManyFromAddress, "too_many_from_address",
                "The address has too many connections: end one, or try again later.", true, 429,
                Stays},
    RefusalInfo{Refusal::SlowConsumer, "slow_consumer",
                "What was sent was not read in time: read faster, or emit less.", true, 0,
                CloseCode::SlowConsumer},
    RefusalInfo{Refusal::HeartbeatTimeout, "heartbeat_timeout",
                "Nothing was heard in time: answer the pings.", true, 0,
                CloseCode::HeartbeatTimeout},
    RefusalInfo{Refusal::Banned, "banned", "You are banned: do not come back before it is over.",
                false, 403, CloseCode::Normal},
    RefusalInfo{Refusal::Disconnected, "disconnected",
                "A back end ended the connection: do not come back.", false, 0, CloseCode::Normal},
    RefusalInfo{Refusal::NoBackEnd, "no_back_end",
                "The token is a user's: a project token is needed here.", false, 403, Stays},
    RefusalInfo{Refusal::NoSuchShard, "no_such_shard",
                "No shard of the project is called that: look at the list of shards.", false, 404,
                Stays},
    RefusalInfo{Refusal::NoSuchClient, "no_such_client",
                "Nobody of that id is connected: look at the list of clients.", false, 404, Stays},
    RefusalInfo{Refusal::NoSuchBan, "no_such_ban",
                "There is no such ban: look at the list of bans.", false, 404, Stays},
    RefusalInfo{Refusal::UnsupportedMediaType, "unsupported_media_type",
                "Send JSON, and say so: Content-Type: application/json.", false, 415, Stays},
    RefusalInfo{Refusal::BadTarget, "bad_target",
                "An event goes to shards, or to users and clients: name one of both, in a list of "
                "texts.",
                false, 422, Stays},
    RefusalInfo{Refusal::BadBan, "bad_ban",
                "A ban is an object with seconds from 1 on, and a reason of at most 255 bytes or "
                "none: correct it.",
                false, 422, Stays},
    RefusalInfo{Refusal::IdempotencyKeyReused, "idempotency_key_reused",
                "The Idempotency-Key came with another body before: take a new one.", false, 422,
                Stays},
    RefusalInfo{Refusal::TooManyRequests, "too_many_requests",
                "Too many requests: wait as long as Retry-After says.", true, 429, Stays},
    RefusalInfo{Refusal::Draining, "draining",
                "The server is stopping: come back, another one takes over.", true, 503,
                CloseCode::ServiceRestart},
    RefusalInfo{Refusal::EmitGap, "emit_gap",
                "A message before this one did not arrive: come back, and send what is missing.",
                true, 0, CloseCode::OutOfStep},
    RefusalInfo{Refusal::Replaced, "replaced",
                "Another connection goes on with this session: use that one.", false, 0,
                CloseCode::Replaced},
    RefusalInfo{Refusal::EngineUnavailable, "engine_unavailable",
                "The servers can't reach what they share: try again later.", true, 503, Stays},
    RefusalInfo{Refusal::StreamReset, "stream_reset",
                "Events were lost: come back, and see what is true now.", true, 0,
                CloseCode::OutOfStep},
    RefusalInfo{Refusal::SeatLost, "seat_lost",
                "Somebody else has the seat since the servers lost each other: come back.", true, 0,
                CloseCode::ServiceRestart},
    RefusalInfo{Refusal::BadState, "bad_state",
                "The server can't make this change of the state: correct it.", false, 0, Stays},
    RefusalInfo{Refusal::StateNotKept, "state_not_kept",
                "This server keeps no shared state: have the operator allow it.", false, 0, Stays},
    RefusalInfo{Refusal::StateTooBig, "state_too_big",
                "Keys and values of the state have limits: make them shorter.", false, 0, Stays},
    RefusalInfo{Refusal::StateFull, "state_full",
                "The state of the shard has no room: remove a key, or make values shorter.", true,
                0, Stays},
    RefusalInfo{Refusal::StateOwned, "state_owned",
                "Somebody else owns the key: wait until it is free, or take another.", true, 0,
                Stays},
    RefusalInfo{Refusal::StateChanged, "state_changed",
                "The key was changed meanwhile: look at it, and decide anew.", false, 0, Stays},
    RefusalInfo{Refusal::NoTokenKey, "no_token_key",
                "This server has no key to check tokens with: have the operator give it one "
                "(dispatchd --secret-file, or a token verifier), or use no token.",
                false, 401, Stays},
};

constexpr bool isInOrder()
{
    for (std::size_t i = 0; i < Table.size(); ++i) {
        if (Table[i].refusal != static_cast<Refusal>(i))
            return false;
    }
    return true;
}
static_assert(isInOrder());

} // namespace

std::span<const RefusalInfo> refusals()
{
    return Table;
}

const RefusalInfo &info(Refusal refusal)
{
    return Table[static_cast<std::size_t>(refusal)];
}

const RefusalInfo *findRefusal(std::string_view slug)
{
    const auto *found = std::ranges::find(Table, slug, &RefusalInfo::slug);
    return found != Table.end() ? found : nullptr;
}

const RefusalInfo *findRefusal(std::string_view slug, int httpStatus)
{
    const RefusalInfo *found = findRefusal(slug);
    return found && found->httpStatus == httpStatus ? found : nullptr;
}

std::string refusalPayload(Refusal refusal, std::string_view detail,
                           std::optional<std::chrono::milliseconds> retryAfter, std::uint64_t emit)
{
    const RefusalInfo &row = info(refusal);
    std::string message(row.sentence);
    if (!detail.empty())
        message.append(" (").append(detail).append(")");

    std::string out = "{\"code\":";
    Text::appendJsonString(out, row.slug);
    out += ",\"message\":";
    Text::appendJsonString(out, message);
    out += row.closeCode ? ",\"closing\":true" : ",\"closing\":false";
    out += row.retry ? ",\"retry\":true" : ",\"retry\":false";
    if (retryAfter)
        out.append(",\"retryAfterMs\":").append(std::to_string(retryAfter->count()));
    if (emit > 0)
        out.append(",\"emit\":").append(std::to_string(emit));
    out += '}';
    return out;
}

} // namespace Dispatch
