// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchemitoptions.h"
#include "dispatcherror.h"

#include <QtQml/qjsvalue.h>

#include <variant>

namespace Dispatch {

/// What the third argument of emitEvent() says: an array of recipients, an object with members of
/// DispatchEmitOptions, or, being undefined or null, nothing. What it is else is an error.
std::variant<DispatchEmitOptions, DispatchError> toEmitOptions(const QJSValue &argument);

} // namespace Dispatch
