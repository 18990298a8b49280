// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "servermessage_p.h"

#include <QtCore/qglobal.h>

#include <string>
#include <string_view>

namespace Dispatch::TestKit {

class Room;

/// An event on its way to those who hear it.
struct RoomEvent {
    std::string_view rawName; ///< JSON text, with its quotes
    std::string_view payload; ///< JSON text
    double latencyMs = 0;
    EventDetails details;
    bool isExtended = false; ///< it is told to clients of the extended profile alone

    /// As it is sent to a client, \a withDetails or as the base profile has it.
    std::string text(bool withDetails = true) const
    {
        std::string out;
        if (withDetails)
            appendServerMessage(out, rawName, payload, latencyMs, details);
        else
            appendServerMessage(out, rawName, payload, latencyMs);
        return out;
    }
};

/// Somebody in a room: a client, or a person of a script.
class Member {
public:
    Member() = default;
    virtual ~Member() = default;
    Q_DISABLE_COPY_MOVE(Member)

    virtual void hear(const RoomEvent &event) = 0;
    /// The same of an event that goes to recipients.
    virtual void hearDirectly(const RoomEvent &event) = 0;
    /// Others came, went or changed: \a differences is the payload of a PRESENCE.
    virtual void see(const std::string &differences) = 0;

    Room *room = nullptr;
    std::string clientId;
    std::string userId; ///< empty: not identified
    std::string userInfo; ///< JSON members without braces
};

} // namespace Dispatch::TestKit
