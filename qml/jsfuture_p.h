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
void settle(const JsPromise &promise, const QFuture<T> &future, QObject *owner, JsEngine *engine,
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
                                 promise.resolve.call({toJs(ended.result())});
                                 return;
                             }
                         } catch (const DispatchError &thrown) {
                             error = thrown;
                         }
                         promise.reject.call({js->makeError(error)});
                     });
    watcher->setFuture(future);
}

} // namespace Dispatch
