// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"
#include "dispatchemitoptions.h"
#include "dispatcherror.h"
#include "statemessage_p.h"

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

/// The text of a change of the shared state, or why it can't be one.
Outgoing composeStateChange(const StateWish &wish);

/// Why the shared state can't be changed where there is none.
DispatchError noSharedState();

/// Why there are no requests and replies where the base profile is spoken.
DispatchError notSupported();

/// What is wrong with \a options, of an event for whose acknowledgement somebody waits or not; no
/// error if nothing is.
DispatchError checkOptions(const DispatchEmitOptions &options, bool isAwaited);

/// The text of a platform event.
Outgoing composePlatformEvent(std::string_view eventName, const QJsonObject &payload);

/// \a message, a text that composeEvent() made, as emit \a number of a session.
std::string numbered(std::string_view message, std::uint64_t number, bool wantsAck);

/// What a server takes of a message.
struct MessageLimits {
    std::uint64_t utf16Units = 0;
    std::uint64_t bytes = 0; ///< of UTF-8; 0: no limit of its own
};

/// Why \a message can't be sent to a server that has \a limits; no error if it can.
DispatchError checkLength(std::string_view message, const MessageLimits &limits);

/// The payload in a text that composeEvent() made.
QJsonValue payloadOf(const std::string &message);

} // namespace Dispatch
