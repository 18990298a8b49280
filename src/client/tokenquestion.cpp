// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokenquestion_p.h"

#include "dispatcherror.h"
#include "promises_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

TokenQuestion::Answer answerOf(QFuture<QString> future)
{
    try {
        future.waitForFinished();
        if (future.resultCount() > 0)
            return {.token = future.resultAt(0)};
        return {.failure = u"it was cancelled"_s};
    } catch (const DispatchError &error) {
        return {.failure = error.message()};
    } catch (const std::exception &error) {
        return {.failure = QString::fromUtf8(error.what())};
    } catch (...) {
        return {.failure = u"it threw something that is no std::exception"_s};
    }
}

} // namespace

TokenQuestion::TokenQuestion(DeletionGuard::Pointer guard)
    : m_guard(std::move(guard))
{
}

TokenQuestion::~TokenQuestion()
{
    drop();
}

void TokenQuestion::ask(const TokenProvider &provider, std::function<void(const Answer &)> told)
{
    drop();
    auto *watcher = new QFutureWatcher<QString>;
    m_watcher = watcher;
    QObject::connect(watcher, &QFutureWatcherBase::finished, watcher,
                     [this, guard = m_guard, watcher, told = std::move(told)] {
                         const DeletionGuard::Scope scope(*guard);
                         const Answer answer = answerOf(watcher->future());
                         drop();
                         told(answer);
                     });
    // The provider may end the question, and all of this.
    const QPointer<QFutureWatcher<QString>> alive(watcher);
    const QFuture<QString> future = futureOf([provider] { return provider(); });
    if (alive)
        alive->setFuture(future);
}

void TokenQuestion::drop()
{
    if (!m_watcher)
        return;
    m_watcher->disconnect();
    m_guard->deleteLater(std::exchange(m_watcher, nullptr));
}

} // namespace Dispatch
