// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "dispatchtypes.h"
#include "instant_p.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qcoreapplication.h>
#include <QtCore/qfuture.h>
#include <QtCore/qpromise.h>

#include <memory>

/// Promises end from a step of the event loop of their own: what waits for them runs inside
/// finish(), and must find no work of ours half done. They end even if the client that made them
/// is gone by then, unless the application is, too.
namespace Dispatch {

template<typename T>
using SharedPromise = std::shared_ptr<QPromise<T>>;

/// What a promise ends with that nobody can keep any more.
DispatchError clientIsGone();

/// Keeps \a promise until the process ends.
void keepForEver(std::shared_ptr<void> promise);

template<typename T>
SharedPromise<T> startedPromise()
{
    const auto letGo = [](QPromise<T> *promise) {
        // A promise that is destroyed unfinished runs what waits for it. The context of that is
        // gone when the application is, which Qt 6.4 asserts it is not.
        const bool isOpen = !promise->future().isFinished();
        if (isOpen && QCoreApplication::closingDown())
            return keepForEver(std::shared_ptr<QPromise<T>>(promise));
        // As when a call from another thread finds the client gone.
        if (isOpen) {
            promise->setException(clientIsGone());
            promise->finish();
        }
        delete promise;
    };
    SharedPromise<T> promise(new QPromise<T>, letGo);
    promise->start();
    return promise;
}

template<typename Function>
void inOwnStep(Function &&function)
{
    // Without an event loop nothing else can be in the middle of its work.
    if (auto *dispatcher = QAbstractEventDispatcher::instance())
        QMetaObject::invokeMethod(dispatcher, std::forward<Function>(function),
                                  Qt::QueuedConnection);
    else
        function();
}

template<typename T>
void finishLater(const SharedPromise<T> &promise, const T &value)
{
    inOwnStep([promise, value] {
        promise->addResult(value);
        promise->finish();
    });
}

template<typename T>
void failLater(const SharedPromise<T> &promise, const DispatchError &error)
{
    inOwnStep([promise, error] {
        promise->setException(error);
        promise->finish();
    });
}

/// What \a call gives: a future, one that failed if it throws.
template<typename Call>
auto futureOf(Call &&call) -> decltype(call())
{
    try {
        return call();
    } catch (...) {
        QPromise<decltype(call().result())> promise;
        promise.start();
        promise.setException(std::current_exception());
        promise.finish();
        return promise.future();
    }
}

/// A wish to be connected that somebody waits for, and until when.
struct PendingConnect {
    SharedPromise<DispatchConnectionInfo> promise;
    Instant deadline;
};

} // namespace Dispatch
