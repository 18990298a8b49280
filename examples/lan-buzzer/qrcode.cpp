// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "qrcode.h"

#include <QtGui/qpainter.h>

#include <qrencode.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace {

constexpr int Margin = 4; // modules, as the standard wants

QImage imageOf(const QString &text)
{
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString(text.toUtf8().constData(), 0, QR_ECLEVEL_M, QR_MODE_8, 1),
        &QRcode_free);
    if (!code)
        return {};
    const int size = code->width + 2 * Margin;
    QImage image(size, size, QImage::Format_Grayscale8);
    image.fill(Qt::white);
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if (code->data[y * code->width + x] & 1)
                image.setPixelColor(x + Margin, y + Margin, Qt::black);
        }
    }
    return image;
}

} // namespace

QrCode::QrCode(QQuickItem *parent)
    : QQuickPaintedItem(parent)
{
}

void QrCode::setText(const QString &text)
{
    if (m_text == text)
        return;
    m_text = text;
    m_image = text.isEmpty() ? QImage() : imageOf(text);
    update();
    Q_EMIT textChanged();
}

void QrCode::paint(QPainter *painter)
{
    if (m_image.isNull())
        return;
    // Whole pixels of the screen for each module: blurred edges are hard to read.
    const double ratio = painter->device()->devicePixelRatio();
    const int pixels = int(std::min(width(), height()) * ratio);
    const int module = std::max(1, pixels / m_image.width());
    const double side = module * m_image.width() / ratio;
    const QPointF corner(std::floor((width() - side) / 2), std::floor((height() - side) / 2));
    painter->drawImage(QRectF(corner, QSizeF(side, side)), m_image);
}
