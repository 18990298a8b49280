// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "answers_p.h"

#include <algorithm>
#include <utility>

namespace Dispatch {

Answers::Answers(DeletionGuard::Pointer guard)
    : m_guard(std::move(guard))
{
}

Answers::~Answers()
{
    clear();
}

void Answers::await(const Future &future, qsizetype most, Told told)
{
    if (future.isFinished())
        return told(future);
    while (!m_watchers.empty() && size() >= most)
        drop(m_watchers.front());
    auto *watcher = new Watcher;
    m_watchers.push_back(watcher);
    QObject::connect(watcher, &QFutureWatcherBase::finished, watcher,
                     [this, guard = m_guard, watcher, told = std::move(told)] {
                         const DeletionGuard::Scope scope(*guard);
                         const Future ended = watcher->future();
                         drop(watcher);
                         told(ended);
                     });
    watcher->setFuture(future);
}

void Answers::clear()
{
    while (!m_watchers.empty())
        drop(m_watchers.front());
}

void Answers::drop(Watcher *watcher)
{
    std::erase(m_watchers, watcher);
    watcher->disconnect();
    m_guard->deleteLater(watcher);
}

} // namespace Dispatch
