// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"

#include <QtCore/qmetatype.h>
#include <QtCore/qobjectdefs.h>
#include <QtCore/qstringlist.h>

#include <chrono>
#include <optional>

/// How DispatchClient::emitEvent() is to treat one event. In QML it is a plain object with some of
/// these; maxAge is in ms there. What is no option, or contradicts another, is refused
/// (DispatchError::InvalidOptions).
/// \since 0.1
struct DISPATCH_CLIENT_EXPORT DispatchEmitOptions {
    Q_GADGET

public:
    /// What becomes of an event that can't be sent at once: the client is not connected, the
    /// connection takes no more at the moment, DispatchQueuePolicy::maxInFlight is reached, or the
    /// server would refuse it for coming too soon (DispatchQueuePolicy::paced).
    enum IfDelayed {
        Queue, ///< it waits for its turn, within the bounds of DispatchQueuePolicy
        /// It is dropped: for what is worth nothing later, such as that somebody types. It is also
        /// never sent again after a loss of the connection, and can't be acknowledged.
        Drop,
        /// It waits in place of the one that waits under the same key, which is dropped
        /// (DispatchError::Superseded). It goes to the end of the queue: events leave in the order
        /// in which they were emitted. What was sent already is not touched.
        KeepLatest,
    };
    Q_ENUM(IfDelayed)

    /// As in emitEvent(); not set: all of the shard.
    std::optional<QStringList> recipients = {};
    IfDelayed ifDelayed = Queue; ///< what becomes of it if it can't be sent at once
    /// What KeepLatest replaces by, whatever the event's name and recipients; for it alone.
    QString key = {};
    /// How long the event may wait to be sent, within DispatchQueuePolicy::maxAge; 0: no longer
    /// than that. What was sent does not age any more.
    std::chrono::milliseconds maxAge{0};
    /// Names the event's row in DispatchClient::pendingEvents(); of no other meaning.
    QString tag = {};
};

Q_DECLARE_METATYPE(DispatchEmitOptions)
