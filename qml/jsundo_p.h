// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchsubscription.h"

#include <QtCore/qobject.h>

namespace Dispatch {

/// A subscription in JavaScript's hands. Its end changes nothing: who forgets the function that
/// on() gave keeps the handler.
class JsUndo : public QObject {
    Q_OBJECT

public:
    explicit JsUndo(const DispatchSubscription &subscription)
        : m_subscription(subscription)
    {
    }

    Q_INVOKABLE void unsubscribe() { m_subscription.unsubscribe(); }

private:
    DispatchSubscription m_subscription;
};

} // namespace Dispatch
