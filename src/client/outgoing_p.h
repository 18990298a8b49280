// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"
#include "dispatcherror.h"

#include <QtCore/qjsonvalue.h>
#include <QtCore/qstringlist.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace Dispatch {

using Outgoing = std::variant<std::string, DispatchError>;

/// The text of an event that a user emits, or why it can't be one. Undefined is no payload.
Outgoing composeEvent(const QString &eventName, const QJsonValue &payload,
                      const std::optional<QStringList> &recipients,
                      const EmitDetails &details = {});

/// Why there are no requests and replies where the base profile is spoken.
DispatchError notSupported();

/// The text of a platform event.
Outgoing composePlatformEvent(std::string_view eventName, const QJsonObject &payload);

/// \a message, a text that composeEvent() made, as emit \a number of a session.
std::string numbered(std::string_view message, std::uint64_t number, bool wantsAck);

/// Why \a message can't be sent to a server that takes \a units UTF-16 code units; no error if it
/// can.
DispatchError checkLength(std::string_view message, std::uint64_t units);

/// The payload in a text that composeEvent() made.
QJsonValue payloadOf(const std::string &message);

} // namespace Dispatch
