// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>

#include <memory>
#include <utility>
#include <vector>

namespace Dispatch {

/// Deletes objects when none of their code is on the stack any more. QObject::deleteLater() alone
/// is not enough where a handler may run an event loop, as a modal dialog does: called inside that
/// loop, it deletes the object there, under the feet of the slot that the loop was started from.
class DeletionGuard {
public:
    using Pointer = std::shared_ptr<DeletionGuard>;

    /// Marks that code of the guarded objects is on the stack. The guard has to outlive it.
    class Scope {
    public:
        explicit Scope(DeletionGuard &guard)
            : m_guard(guard)
        {
            ++m_guard.m_depth;
        }
        ~Scope()
        {
            if (--m_guard.m_depth == 0)
                m_guard.deleteParked();
        }
        Q_DISABLE_COPY_MOVE(Scope)

    private:
        DeletionGuard &m_guard;
    };

    /// How many scopes are open.
    int depth() const { return m_depth; }

    /// Deletes \a object from the event loop, but not before the outermost scope has ended.
    void deleteLater(QObject *object)
    {
        if (m_depth == 0)
            object->deleteLater();
        else
            m_parked.emplace_back(object);
    }

private:
    void deleteParked()
    {
        for (const QPointer<QObject> &object : std::exchange(m_parked, {})) {
            if (object)
                object->deleteLater();
        }
    }

    int m_depth = 0;
    std::vector<QPointer<QObject>> m_parked;
};

} // namespace Dispatch
