// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchemitoptions.h"
#include "dispatcherror.h"
#include "dispatchsharedstate.h"
#include "dispatchtypes.h"

#include <QtQml/qjsvalue.h>

#include <variant>

namespace Dispatch {

/// Whether \a value is one that was not given.
inline bool isMissing(const QJSValue &value)
{
    return value.isUndefined() || value.isNull();
}

/// What the third argument of emitEvent() says: an array of recipients, an object with members of
/// DispatchEmitOptions, or, being undefined or null, nothing. What it is else is an error.
std::variant<DispatchEmitOptions, DispatchError> toEmitOptions(const QJSValue &argument);

/// What the third argument of request() says: an object with members of DispatchRequestOptions, or
/// nothing. What it is else is an error.
std::variant<DispatchRequestOptions, DispatchError> toRequestOptions(const QJSValue &argument);

/// What the last argument of DispatchSharedState.set() says: an object with members of
/// DispatchStateOptions, or nothing. What it is else is an error.
std::variant<DispatchStateOptions, DispatchError> toStateOptions(const QJSValue &argument);

} // namespace Dispatch
