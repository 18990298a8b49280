// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>
#include <QtCore/qvariant.h>
#include <QtGui/qimage.h>

/// What a demonstration that is written in QML does with windows: it clicks and draws in them as a
/// user does, and takes pictures.
class Hands : public QObject {
    Q_OBJECT

public:
    explicit Hands(const QString &pictureFolder, QObject *parent = nullptr);

    /// Clicks into the middle of the item that is named so; false if it can't be seen.
    Q_INVOKABLE bool click(QObject *window, const QString &objectName) const;
    /// Whether the window says exactly \a text somewhere.
    Q_INVOKABLE bool shows(QObject *window, const QString &text) const;
    /// The pointer, at a place in the window.
    Q_INVOKABLE void press(QObject *window, double x, double y) const;
    Q_INVOKABLE void moveTo(QObject *window, double x, double y, bool isPressed) const;
    Q_INVOKABLE void release(QObject *window, double x, double y) const;

    /// Leaves a picture of \a windows, side by side, as soon as nothing moves in them any more, or
    /// if \a asItIs at once; to be called until it gives true.
    Q_INVOKABLE bool takePicture(const QVariantList &windows, const QString &name, bool asItIs);
    /// Prints a line, at once.
    Q_INVOKABLE void print(const QString &line) const;
    /// Says on stderr what went wrong, and leaves pictures of all windows as they are.
    Q_INVOKABLE void complain(const QString &line);

private:
    const QString m_pictureFolder; ///< empty: no pictures are wanted
    QImage m_last;
};
