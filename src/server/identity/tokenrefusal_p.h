// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenverifier.h"
#include "refusal_p.h"

namespace Dispatch {

/// What the bearer of a token is told of its \a fault; \a otherwise, if that is none of his
/// business.
constexpr Refusal refusalOf(DispatchTokenVerdict::Fault fault, Refusal otherwise)
{
    switch (fault) {
    case DispatchTokenVerdict::Expired:
        return Refusal::TokenExpired;
    case DispatchTokenVerdict::NoKey:
        return Refusal::NoTokenKey;
    default:
        return otherwise;
    }
}

} // namespace Dispatch
