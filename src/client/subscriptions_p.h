// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchevent.h"

#include <QtCore/qobjectdefs.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace Dispatch {

using EventHandler = std::function<void(const DispatchEvent &)>;

struct SubscriptionBucket;

struct EventNameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const
    {
        return std::hash<std::string_view>()(text);
    }
};
/// By event name (UTF-8).
using SubscriptionBuckets = std::unordered_map<std::string, std::shared_ptr<SubscriptionBucket>,
                                               EventNameHash, std::equal_to<>>;

/// One handler in the table. Outlives its table only as an inactive thing.
struct SubscriptionEntry {
    EventHandler handler;
    const QObject *client = nullptr; ///< whose thread this belongs to; good while it is active
    std::weak_ptr<SubscriptionBucket> bucket;
    QMetaObject::Connection contextWatch; ///< calls cancel() when the context ends
    bool active = true;

    /// Takes the handler out; it is not called again.
    void cancel();
};

/// The handlers of one event name, in the order of their coming.
struct SubscriptionBucket {
    QString name;
    std::vector<std::shared_ptr<SubscriptionEntry>> entries;
    std::weak_ptr<SubscriptionBuckets> table; ///< which forgets a bucket that is empty
    int active = 0;
    int delivering = 0;

    void entryCancelled();
    void compact();
};

/// Who listens to what. Handlers may add and remove handlers, and destroy the table, while
/// they are called: one that was added during an event does not get it, one that was removed
/// is not called any more.
class Subscriptions {
public:
    using BucketPointer = std::shared_ptr<SubscriptionBucket>;

    ~Subscriptions() { clear(); }

    std::shared_ptr<SubscriptionEntry> add(const QString &eventName, EventHandler handler);
    /// The handlers of \a eventName (UTF-8); null if nobody listens.
    BucketPointer find(std::string_view eventName) const;
    static void deliver(BucketPointer bucket, const DispatchEvent &event);
    /// Takes all handlers out.
    void clear();
    /// The number of names that have a handler.
    std::size_t size() const { return m_buckets->size(); }

private:
    std::shared_ptr<SubscriptionBuckets> m_buckets = std::make_shared<SubscriptionBuckets>();
};

} // namespace Dispatch
