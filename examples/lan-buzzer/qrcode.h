// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGui/qimage.h>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/qquickpainteditem.h>

/// A text as QR code, with the margin that scanners need. Black on white, in dark rooms, too: many
/// scanners read nothing else.
class QrCode : public QQuickPaintedItem {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
    QML_ELEMENT

public:
    explicit QrCode(QQuickItem *parent = nullptr);

    QString text() const { return m_text; }
    void setText(const QString &text);

    void paint(QPainter *painter) override;

Q_SIGNALS:
    void textChanged();

private:
    QString m_text;
    QImage m_image; ///< a pixel for each module; null if the text is empty or too long
};
