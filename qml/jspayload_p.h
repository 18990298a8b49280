// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "dispatchtypes.h"

#include <QtCore/qjsonvalue.h>
#include <QtQml/qjsvalue.h>

#include <variant>

class QJSEngine;

namespace Dispatch {

class JsEngine;

/// Why \a what can't be sent.
DispatchError cantBeSent(const QString &what, const QString &why);

/// \a value as JSON has it, undefined if it is that; or why \a what it is can't be sent.
std::variant<QJsonValue, DispatchError> toJsonValue(const JsEngine &js, const QJSValue &value,
                                                    const QString &what);

/// What promises of an acknowledgement are fulfilled with: {sequence}.
QJSValue toJs(QJSEngine *engine, const DispatchAcknowledgement &acknowledgement);

} // namespace Dispatch
