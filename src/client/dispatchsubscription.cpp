// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchsubscription.h"

#include "../threadcheck/threadcheck_p.h"
#include "subscriptions_p.h"

namespace {

void requireThreadOfClient(const Dispatch::SubscriptionEntry &entry, const char *function)
{
    if (entry.active && entry.client)
        Dispatch::requireThreadOf(entry.client, function);
}

} // namespace

DispatchSubscription::DispatchSubscription() = default;

DispatchSubscription::DispatchSubscription(std::weak_ptr<Dispatch::SubscriptionEntry> entry)
    : m_entry(std::move(entry))
{
}

void DispatchSubscription::unsubscribe()
{
    const auto entry = m_entry.lock();
    if (!entry)
        return;
    requireThreadOfClient(*entry, Q_FUNC_INFO);
    entry->cancel();
}

bool DispatchSubscription::isActive() const
{
    const auto entry = m_entry.lock();
    if (!entry)
        return false;
    requireThreadOfClient(*entry, Q_FUNC_INFO);
    return entry->active;
}
