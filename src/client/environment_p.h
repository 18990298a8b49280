// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"
#include "dispatchtypes.h"
#include "instant_p.h"

#include <QtCore/qfuture.h>
#include <QtCore/qlist.h>
#include <QtCore/qurl.h>

#include <memory>

class QThread;

namespace Dispatch {

class Transport;
class TransportListener;

/// What rings when its time has come.
class Alarm {
public:
    virtual void ring() = 0;

protected:
    ~Alarm() = default;
};

/// What stands in for the clocks of the machine, its network and chance, for the clients whose URL
/// leads there: Dispatch::Test provides one. Clients have none otherwise.
///
/// An implementation
/// - belongs to one thread, on which the clients live that have it;
/// - MUST NOT ring an alarm from inside setAlarm(), but from an event or when time is moved on;
/// - MUST ring alarms in the order of their times, those of one time in the order in which they
///   were set, and let the event loop of the thread wake (QAbstractEventDispatcher::awake) between
///   those of different times.
class Environment {
public:
    virtual ~Environment() = default;

    virtual QThread *thread() const = 0;
    virtual Moment now() const = 0;
    /// Has \a alarm ring once, at \a at; at another time if it was set already.
    virtual void setAlarm(Alarm *alarm, Instant at) = 0;
    virtual void cancelAlarm(Alarm *alarm) = 0;
    /// A random number from 0 to less than 1.
    virtual double randomShare() = 0;
    virtual std::unique_ptr<Transport> makeTransport(TransportListener *listener) = 0;
    /// The shards of a project. The future always ends, but not from inside this call.
    virtual QFuture<QList<DispatchShardInfo>> requestInfo(const QString &projectId) = 0;
};

/// Has clients that connect to scheme, host and port of \a url find \a environment there, from
/// their next attempt on, for as long as it lives. The latest counts. Any thread may call it.
DISPATCH_CLIENT_EXPORT void setEnvironmentAt(const QUrl &url,
                                             const std::weak_ptr<Environment> &environment);
/// The environment where \a url leads; null, as a rule, if that is the network. One that belongs to
/// another thread is refused with a warning.
DISPATCH_CLIENT_EXPORT std::shared_ptr<Environment> environmentAt(const QUrl &url);

} // namespace Dispatch
