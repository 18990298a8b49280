// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchsubscription.h"

#include "subscriptions_p.h"

DispatchSubscription::DispatchSubscription() = default;

DispatchSubscription::DispatchSubscription(std::weak_ptr<Dispatch::SubscriptionEntry> entry)
    : m_entry(std::move(entry))
{
}

void DispatchSubscription::unsubscribe()
{
    if (const auto entry = m_entry.lock())
        entry->cancel();
}

bool DispatchSubscription::isActive() const
{
    const auto entry = m_entry.lock();
    return entry && entry->active;
}
