// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"

#include <QtCore/qjsonvalue.h>
#include <QtCore/qstringlist.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace Dispatch {

using Outgoing = std::variant<std::string, DispatchError>;

/// The text of an event that a user emits, or why it can't be one. Undefined is no payload.
Outgoing composeEvent(const QString &eventName, const QJsonValue &payload,
                      const std::optional<QStringList> &recipients);

/// The text of a platform event.
Outgoing composePlatformEvent(std::string_view eventName, const QJsonObject &payload);

/// The payload in a text that composeEvent() made.
QJsonValue payloadOf(const std::string &message);

} // namespace Dispatch
