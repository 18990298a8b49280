// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "policybounds_p.h"

#include <QtCore/qstring.h>

#include <initializer_list>
#include <variant>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

/// The least that one member of a policy can have: a number, or a time.
template<typename Policy>
struct Bound {
    QLatin1StringView name;
    std::variant<int Policy::*, DispatchMilliseconds Policy::*> member;
    int least = 0;
};

template<typename Policy>
QStringList keepWithin(std::initializer_list<Bound<Policy>> bounds, Policy &wished,
                       const Policy &present)
{
    QStringList refused;
    for (const Bound<Policy> &bound : bounds) {
        const auto keep = [&](auto member) {
            int number = wished.*member;
            refused += refuseNonsense(number, present.*member, {bound.name, bound.least});
            wished.*member = number;
        };
        std::visit(keep, bound.member);
    }
    return refused;
}

} // namespace

QStringList refuseNonsense(DispatchReconnectPolicy &wished, const DispatchReconnectPolicy &present)
{
    using Policy = DispatchReconnectPolicy;
    return keepWithin<Policy>({{"reconnect.minDelay"_L1, &Policy::minDelay},
                               {"reconnect.maxDelay"_L1, &Policy::maxDelay},
                               {"reconnect.maxAttempts"_L1, &Policy::maxAttempts, -1},
                               {"reconnect.minUptime"_L1, &Policy::minUptime},
                               {"reconnect.maxRetryAfter"_L1, &Policy::maxRetryAfter}},
                              wished, present);
}

QStringList refuseNonsense(DispatchQueuePolicy &wished, const DispatchQueuePolicy &present)
{
    using Policy = DispatchQueuePolicy;
    QStringList refused =
        keepWithin<Policy>({{"queue.maxMessages"_L1, &Policy::maxMessages},
                            {"queue.maxBytes"_L1, &Policy::maxBytes},
                            {"queue.maxAge"_L1, &Policy::maxAge},
                            {"queue.maxInFlight"_L1, &Policy::maxInFlight, 1},
                            {"queue.maxInFlightBytes"_L1, &Policy::maxInFlightBytes, 1}},
                           wished, present);
    if (wished.overflow != Policy::Reject && wished.overflow != Policy::DropOldest) {
        refused.append(u"queue.overflow can't be %1: give Reject or DropOldest."_s.arg(
            QString::number(wished.overflow)));
        wished.overflow = present.overflow;
    }
    return refused;
}

QStringList refuseNonsense(DispatchRequestPolicy &wished, const DispatchRequestPolicy &present)
{
    using Policy = DispatchRequestPolicy;
    return keepWithin<Policy>({{"requests.timeout"_L1, &Policy::timeout, 1},
                               {"requests.maxPending"_L1, &Policy::maxPending, 1}},
                              wished, present);
}

QStringList refuseNonsense(DispatchIncomingLimits &wished, const DispatchIncomingLimits &present)
{
    using Limits = DispatchIncomingLimits;
    return keepWithin<Limits>(
        {{"incomingLimits.maxMessageSize"_L1, &Limits::maxMessageSize, 1},
         {"incomingLimits.maxFrameSize"_L1, &Limits::maxFrameSize, 1},
         {"incomingLimits.maxFragments"_L1, &Limits::maxFragments, 1},
         {"incomingLimits.maxUnsentBytes"_L1, &Limits::maxUnsentBytes, 1},
         {"incomingLimits.maxConnectedClients"_L1, &Limits::maxConnectedClients, 1},
         {"incomingLimits.maxStateBytes"_L1, &Limits::maxStateBytes, 1},
         {"incomingLimits.maxTurnTime"_L1, &Limits::maxTurnTime, 1}},
        wished, present);
}

} // namespace Dispatch
