// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qhash.h>
#include <QtCore/qstring.h>

#include <deque>

namespace Dispatch {

/// As which events of the shard the client's own changes of the shared state were made. The server
/// may acknowledge several at once, with the number of the last one, but it tells all who are in
/// the shard of each: what it tells of a key are those that it took, in their order.
class ChangeNumbers {
public:
    /// Whether no change is on its way.
    bool isEmpty() const { return m_keys.isEmpty(); }
    /// A change of \a key is on its way.
    void begin(const QString &key);
    /// The server tells of one of this client's changes of \a key, as event \a sequence.
    void heard(const QString &key, qint64 sequence);
    /// The server took the first change of \a key that is on its way. Gives its number; 0 if it was
    /// not heard of.
    qint64 take(const QString &key);
    /// A change of \a key never will be made, or nobody knows.
    void drop(const QString &key);
    /// Nothing of what was heard belongs to what is on its way.
    void forgetHeard();

private:
    struct Changes {
        int onTheirWay = 0;
        std::deque<qint64> heard; ///< of the first of these
    };

    QHash<QString, Changes> m_keys;
};

} // namespace Dispatch
