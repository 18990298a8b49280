// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "jsengine_p.h"

#include <QtCore/qfuturewatcher.h>
#include <QtCore/qpointer.h>

namespace Dispatch {

/// Ends \a promise as \a future ends; \a toJs makes the value. If \a owner or the engine is gone by
/// then, nothing happens.
template<typename T, typename ToJs>
void settleAs(const QFuture<T> &future, const JsPromise &promise, QObject *owner, JsEngine *engine,
              ToJs toJs)
{
    auto *watcher = new QFutureWatcher<T>(owner);
    QObject::connect(watcher, &QFutureWatcherBase::finished, owner,
                     [watcher, promise, toJs, js = QPointer(engine)] {
                         watcher->deleteLater();
                         if (!js)
                             return;
                         QFuture<T> ended = watcher->future();
                         DispatchError error(DispatchError::Cancelled,
                                             QStringLiteral("The call was cancelled."));
                         try {
                             ended.waitForFinished();
                             if (ended.resultCount() > 0) {
                                 promise.resolve.call({toJs(*js, ended.result())});
                                 return;
                             }
                         } catch (const DispatchError &thrown) {
                             error = thrown;
                         }
                         promise.reject.call({js->makeError(error)});
                     });
    watcher->setFuture(future);
}

/// Makes \a call, which gives a future and may lead to the end of everything, and ends \a promise
/// as settleAs() does.
template<typename Call, typename ToJs>
void settle(const JsPromise &promise, QObject *owner, JsEngine *engine, Call call, ToJs toJs)
{
    const QPointer<QObject> alive(owner);
    const QPointer<JsEngine> js(engine);
    const auto future = call();
    if (alive && js)
        settleAs(future, promise, alive, js, toJs);
}

} // namespace Dispatch
