// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include <QtCore/qmetaobject.h>
#include <QtCore/qthread.h>

/// Refuses a value that JSON can't carry, on any thread.
DispatchClient::SendStatus DispatchClient::refuseValue(const QString &eventName, const QString &why)
{
    const DispatchError error = Dispatch::unwritable(eventName, why);
    if (thread() == QThread::currentThread())
        return refuseEvent(error);
    QMetaObject::invokeMethod(
        this, [this, error] { refuseEvent(error); }, Qt::QueuedConnection);
    return Refused;
}

/// The event that is being delivered is not what a typed handler takes.
void DispatchClient::reportUnreadable(const QString &eventName, const QString &why)
{
    d->reportUnreadable(Dispatch::unreadable(eventName, why));
}

void DispatchClient::Private::reportUnreadable(const DispatchError &reason)
{
    if (std::exchange(m_unreadableDelivery, m_delivery) != m_delivery)
        report(reason);
}
