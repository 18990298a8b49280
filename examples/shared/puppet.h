// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qcoreevent.h>
#include <QtCore/qpoint.h>
#include <QtCore/qstring.h>
#include <QtGui/qimage.h>
#include <QtQuick/qquickwindow.h>

/// A pair of hands and eyes at a window: it types and clicks as a user does, and tells what can be
/// seen.
class Puppet {
public:
    explicit Puppet(QQuickWindow *window = nullptr);

    QQuickWindow *window() const { return m_window; }

    void type(const QString &text) const;
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const;
    /// Clicks into the middle of the item that is named so.
    void click(const QString &objectName) const;
    /// Does something with the pointer at \a place in the window.
    void point(QEvent::Type type, QPointF place, Qt::MouseButton button,
               Qt::MouseButtons held) const;

    /// The item that is named so and can be seen; null if there is none.
    QQuickItem *find(const QString &objectName) const;
    /// What the item that is named so says; empty if it can't be seen.
    QString textOf(const QString &objectName) const;

    /// The items in sight that say exactly \a text, as plain text, from top to bottom.
    QList<QQuickItem *> saying(const QString &text) const;
    bool shows(const QString &text) const { return !saying(text).isEmpty(); }
    /// Whether all of \a texts can be seen, each once, one under the other.
    bool showsInOrder(const QStringList &texts) const;

    QImage grab() const;

private:
    QQuickWindow *m_window = nullptr;
};
