// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qobject.h>

#include <functional>

/// Calls a function when a signal comes that is only known by its meta-method.
class Ear : public QObject {
    Q_OBJECT

public:
    explicit Ear(std::function<void()> heard, QObject *parent = nullptr);

    void listen(QObject *sender, const QMetaMethod &signal);

public Q_SLOTS:
    void hear();

private:
    const std::function<void()> m_heard;
};

/// The signals of \a type, without those that it inherits.
QList<QMetaMethod> signalsOf(const QMetaObject &type);
/// Those of a model that tell of a change of its rows.
QList<QMetaMethod> rowSignals();
