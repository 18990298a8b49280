// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchpendingeventsmodel.h"
#include "outgoingevent_p.h"

#include <cstdint>
#include <vector>

namespace Dispatch {

/// Is told of the events that the application emits, in the order of emitting, and of what becomes
/// of them. May do anything meanwhile, but delete itself.
class OwnEventWatcher {
public:
    using Status = DispatchPendingEventsModel::Status;

    virtual ~OwnEventWatcher() = default;

    /// Whether events of that name are to be acknowledged at once.
    virtual bool watches(const QString &eventName) const = 0;
    /// Is told of all names. \a status is Queued, Sending or Failed.
    virtual void began(const OutgoingEvent &event, Status status, const DispatchError &reason) = 0;
    /// The events \a ids, in ascending order, are Sending or Sent. In the base profile, where
    /// nothing is acknowledged, none is ever said to be Sent.
    virtual void moved(const std::vector<std::uint64_t> &ids, Status status) = 0;
    /// The event is Failed or Uncertain.
    virtual void failed(std::uint64_t id, Status status, const DispatchError &reason) = 0;
    /// Another event takes the place of this one.
    virtual void replaced(std::uint64_t id) = 0;
};

} // namespace Dispatch
