// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"

#include <QtCore/qglobal.h>

#include <memory>

namespace Dispatch {
struct SubscriptionEntry;
}

/// What DispatchClient::on() returns: the means to undo it. A plain handle, like
/// QMetaObject::Connection: dropping it leaves the handler in place.
/// Lives on the client's thread: to use it on another one ends the program. Safe to use after the
/// client's end.
/// \since 0.1
class DISPATCH_CLIENT_EXPORT DispatchSubscription {
public:
    DispatchSubscription();
    /// \internal
    explicit DispatchSubscription(std::weak_ptr<Dispatch::SubscriptionEntry> entry);

    /// Takes the handler away: it is not called again, not even for the event that is being
    /// delivered. Doing so twice does nothing.
    void unsubscribe();
    /// unsubscribe().
    void operator()() { unsubscribe(); }

    /// Whether the handler is still in place.
    bool isActive() const;
    /// isActive().
    explicit operator bool() const { return isActive(); }

private:
    std::weak_ptr<Dispatch::SubscriptionEntry> m_entry;
};
