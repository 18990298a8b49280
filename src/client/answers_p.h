// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "deletionguard_p.h"

#include <QtCore/qfuture.h>
#include <QtCore/qfuturewatcher.h>
#include <QtCore/qjsonvalue.h>

#include <deque>
#include <functional>

namespace Dispatch {

/// The answers to requests that handlers owe. Each is told once, or never if it is given up.
class Answers {
public:
    using Future = QFuture<QJsonValue>;
    using Told = std::function<void(const Future &)>;

    explicit Answers(DeletionGuard::Pointer guard);
    ~Answers();
    Q_DISABLE_COPY_MOVE(Answers)

    /// Calls \a told with \a future when that has ended, at once if it has by now. No more than
    /// \a most are owed: the oldest is given up for a new one. \a told may destroy this.
    void await(const Future &future, qsizetype most, Told told);
    /// Gives up all.
    void clear();

    qsizetype size() const { return qsizetype(m_watchers.size()); }

private:
    using Watcher = QFutureWatcher<QJsonValue>;

    void drop(Watcher *watcher);

    const DeletionGuard::Pointer m_guard;
    std::deque<Watcher *> m_watchers; ///< the oldest first
};

} // namespace Dispatch
