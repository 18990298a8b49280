// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "closecode_p.h"

#include <algorithm>
#include <array>

namespace Dispatch {

namespace {

constexpr std::array Table = {
    CloseCodeInfo{CloseCode::Normal, false, "Done; do not come back."},
    CloseCodeInfo{CloseCode::GoingAway, true, "The other side goes away."},
    CloseCodeInfo{CloseCode::ProtocolError, true, "A frame broke the rules of WebSocket."},
    CloseCodeInfo{CloseCode::UnsupportedData, true,
                  "A binary message came; only text is spoken here."},
    CloseCodeInfo{CloseCode::NoStatus, true, "The close frame said no reason."},
    CloseCodeInfo{CloseCode::Abnormal, true, "The connection broke without a close frame."},
    CloseCodeInfo{CloseCode::InvalidData, true, "A text message was not UTF-8."},
    CloseCodeInfo{
        CloseCode::PolicyViolation, true,
        "A limit was broken again and again, or grossly; the error before it says which."},
    CloseCodeInfo{CloseCode::MessageTooBig, true, "A message was over the limit."},
    CloseCodeInfo{CloseCode::InternalError, true, "The server failed."},
    CloseCodeInfo{CloseCode::ServiceRestart, true, "The server restarts; come back."},
    CloseCodeInfo{CloseCode::TryAgainLater, true, "The server is overloaded; come back later."},
    CloseCodeInfo{CloseCode::TokenExpired, true,
                  "The token had expired, and no new one came in time."},
    CloseCodeInfo{CloseCode::SlowConsumer, true, "The client did not read what was sent to it."},
    CloseCodeInfo{CloseCode::HeartbeatTimeout, true, "Nothing was heard of the client."},
    CloseCodeInfo{CloseCode::OutOfStep, true,
                  "The two sides disagree about what was sent; come back, and go on."},
    CloseCodeInfo{CloseCode::Flooding, true, "The client sent too much for too long."},
    CloseCodeInfo{CloseCode::TooManyBadTokens, false, "Too many tokens were refused."},
    CloseCodeInfo{CloseCode::Replaced, false, "Another connection goes on with the session."},
};

constexpr std::uint16_t FirstFinalCode = 4500;
constexpr std::uint16_t LastFinalCode = 4599;

} // namespace

std::span<const CloseCodeInfo> closeCodes()
{
    return Table;
}

bool isRetryable(std::uint16_t code)
{
    const auto row = std::ranges::find(Table, static_cast<CloseCode>(code), &CloseCodeInfo::code);
    if (row != Table.end())
        return row->retry;
    return code < FirstFinalCode || code > LastFinalCode;
}

} // namespace Dispatch
