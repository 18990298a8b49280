// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "subscriptions_p.h"

#include <QtCore/qobject.h>

#include <utility>

namespace Dispatch {

void SubscriptionEntry::cancel()
{
    if (!active)
        return;
    active = false;
    QObject::disconnect(std::exchange(contextWatch, {}));
    if (const auto owner = bucket.lock())
        owner->entryCancelled();
}

void SubscriptionBucket::entryCancelled()
{
    // What somebody listened to once must not be kept for ever.
    if (--active == 0) {
        if (const auto buckets = table.lock())
            buckets->erase(name.toStdString());
    }
    compact();
}

void SubscriptionBucket::compact()
{
    // While handlers are called, the list must keep its places.
    if (delivering > 0)
        return;
    // What a handler holds may cancel others when it is destroyed; the list is sound by then.
    std::vector<std::shared_ptr<SubscriptionEntry>> gone;
    std::vector<std::shared_ptr<SubscriptionEntry>> kept;
    for (auto &entry : entries)
        (entry->active ? kept : gone).push_back(std::move(entry));
    entries = std::move(kept);
}

std::shared_ptr<SubscriptionEntry> Subscriptions::add(const QString &eventName,
                                                      EventHandler handler)
{
    BucketPointer &bucket = (*m_buckets)[eventName.toStdString()];
    if (!bucket) {
        bucket = std::make_shared<SubscriptionBucket>();
        bucket->name = eventName;
        bucket->table = m_buckets;
    }
    auto entry = std::make_shared<SubscriptionEntry>();
    entry->handler = std::move(handler);
    entry->bucket = bucket;
    bucket->entries.push_back(entry);
    ++bucket->active;
    return entry;
}

Subscriptions::BucketPointer Subscriptions::find(std::string_view eventName) const
{
    const auto found = m_buckets->find(eventName);
    return found == m_buckets->end() ? nullptr : found->second;
}

void Subscriptions::deliver(BucketPointer bucket, const DispatchEvent &event)
{
    const std::size_t end = bucket->entries.size();
    ++bucket->delivering;
    for (std::size_t i = 0; i < end; ++i) {
        const auto entry = bucket->entries[i];
        if (entry->active)
            entry->handler(event);
    }
    --bucket->delivering;
    if (std::size_t(bucket->active) != bucket->entries.size())
        bucket->compact();
}

void Subscriptions::clear()
{
    const auto buckets = std::exchange(m_buckets, std::make_shared<SubscriptionBuckets>());
    for (const auto &[name, bucket] : SubscriptionBuckets(*buckets)) {
        const auto entries = bucket->entries;
        for (const auto &entry : entries)
            entry->cancel();
    }
}

} // namespace Dispatch
