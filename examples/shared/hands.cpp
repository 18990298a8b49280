// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "hands.h"

#include "puppet.h"

#include <QtCore/qdir.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qpainter.h>
#include <QtQuick/qquickitem.h>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

Puppet puppet(QObject *window)
{
    return Puppet(qobject_cast<QQuickWindow *>(window));
}

/// \a images in a row, on nothing.
QImage row(const QList<QImage> &images)
{
    constexpr double Gap = 24;
    if (images.size() == 1)
        return images.first();
    QSizeF size(0, 0);
    for (const QImage &image : images) {
        const QSizeF own = image.deviceIndependentSize();
        size = {size.width() + own.width() + Gap, std::max(size.height(), own.height())};
    }
    const double ratio = images.first().devicePixelRatio();
    size.rwidth() -= Gap;
    QImage all((size * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    all.setDevicePixelRatio(ratio);
    all.fill(Qt::transparent);
    QPainter painter(&all);
    double left = 0;
    for (const QImage &image : images) {
        painter.drawImage(QPointF(left, 0), image);
        left += image.deviceIndependentSize().width() + Gap;
    }
    return all;
}

} // namespace

Hands::Hands(const QString &pictureFolder, QObject *parent)
    : QObject(parent)
    , m_pictureFolder(pictureFolder)
{
}

bool Hands::click(QObject *window, const QString &objectName) const
{
    if (!puppet(window).find(objectName))
        return false;
    puppet(window).click(objectName);
    return true;
}

bool Hands::shows(QObject *window, const QString &text) const
{
    return puppet(window).shows(text);
}

void Hands::press(QObject *window, double x, double y) const
{
    puppet(window).point(QEvent::MouseButtonPress, {x, y}, Qt::LeftButton, Qt::LeftButton);
}

void Hands::moveTo(QObject *window, double x, double y, bool isPressed) const
{
    puppet(window).point(QEvent::MouseMove, {x, y}, Qt::NoButton,
                         isPressed ? Qt::LeftButton : Qt::NoButton);
}

void Hands::release(QObject *window, double x, double y) const
{
    puppet(window).point(QEvent::MouseButtonRelease, {x, y}, Qt::LeftButton, Qt::NoButton);
}

bool Hands::takePicture(const QVariantList &windows, const QString &name, bool asItIs)
{
    if (m_pictureFolder.isEmpty())
        return true;
    QList<QImage> images;
    for (const QVariant &window : windows)
        images.append(puppet(window.value<QObject *>()).grab());
    const QImage now = row(images);
    if (now != m_last && !asItIs) {
        m_last = now;
        return false;
    }
    m_last = {};
    const QDir folder(m_pictureFolder);
    return folder.mkpath(u"."_s) && now.save(folder.filePath(name + u".png"_s));
}

void Hands::print(const QString &line) const
{
    std::printf("%s\n", qUtf8Printable(line));
    std::fflush(stdout);
}

void Hands::complain(const QString &line)
{
    std::fprintf(stderr, "%s\n", qUtf8Printable(line));
    int number = 0;
    for (QWindow *window : QGuiApplication::topLevelWindows())
        takePicture({QVariant::fromValue<QObject *>(window)}, u"not-seen-%1"_s.arg(++number), true);
}
