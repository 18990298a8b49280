// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ear.h"

#include <QtCore/qabstractitemmodel.h>

#include <utility>

Ear::Ear(std::function<void()> heard, QObject *parent)
    : QObject(parent)
    , m_heard(std::move(heard))
{
}

void Ear::listen(QObject *sender, const QMetaMethod &signal)
{
    static const QMetaMethod slot = staticMetaObject.method(staticMetaObject.indexOfSlot("hear()"));
    QObject::connect(sender, signal, this, slot);
}

void Ear::hear()
{
    // It may be deleted by what it calls.
    const auto heard = m_heard;
    heard();
}

QList<QMetaMethod> signalsOf(const QMetaObject &type)
{
    QList<QMetaMethod> found;
    for (int i = type.methodOffset(); i < type.methodCount(); ++i) {
        if (type.method(i).methodType() == QMetaMethod::Signal)
            found.append(type.method(i));
    }
    return found;
}

QList<QMetaMethod> rowSignals()
{
    QList<QMetaMethod> found;
    for (const QMetaMethod &signal : signalsOf(QAbstractItemModel::staticMetaObject)) {
        if (signal.name().startsWith("rows"))
            found.append(signal);
    }
    found.append(QMetaMethod::fromSignal(&QAbstractItemModel::dataChanged));
    return found;
}
