// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qthread.h>

namespace Dispatch {

/// Ends the program: \a function of \a object was called on another thread than the object's.
[[noreturn]] void calledOnWrongThread(const QObject *object, const char *function);

/// Holds the rule that \a function is called on the thread of \a object alone, in release builds,
/// too. To break it is a data race: what comes of that shows rarely, and far from its cause.
inline void requireThreadOf(const QObject *object, const char *function)
{
    if (object->thread() != QThread::currentThread()) [[unlikely]]
        calledOnWrongThread(object, function);
}

/// The same for a destructor and what it calls: who outlives his thread may be destroyed on another
/// one.
inline void requireThreadOfDying(const QObject *object, const char *function)
{
    const QThread *own = object->thread();
    if (own != QThread::currentThread() && own && !own->isFinished()) [[unlikely]]
        calledOnWrongThread(object, function);
}

} // namespace Dispatch
