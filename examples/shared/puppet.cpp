// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "puppet.h"

#include <QtCore/qcoreapplication.h>
#include <QtGui/qevent.h>
#include <QtQuick/qquickitem.h>

#include <algorithm>

namespace {

template<typename Predicate>
void collect(QQuickItem *item, const Predicate &wanted, QList<QQuickItem *> &found)
{
    if (!item->isVisible() || item->opacity() == 0)
        return;
    if (wanted(item))
        found.append(item);
    for (QQuickItem *child : item->childItems())
        collect(child, wanted, found);
}

double topOf(const QQuickItem *item)
{
    return item->mapToScene({0, 0}).y();
}

bool isInside(const QQuickItem *item, const QQuickWindow *window)
{
    const QRectF area = item->mapRectToScene(item->boundingRect());
    return !area.isEmpty() && QRectF({0, 0}, window->size()).intersects(area);
}

bool isPlain(const QQuickItem *item)
{
    const QVariant format = item->property("textFormat");
    return !format.isValid() || format.toInt() == Qt::PlainText;
}

} // namespace

Puppet::Puppet(QQuickWindow *window)
    : m_window(window)
{
}

void Puppet::type(const QString &text) const
{
    for (const char32_t character : text.toUcs4()) {
        const QString letter = QString::fromUcs4(&character, 1);
        for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
            QKeyEvent event(type, Qt::Key_unknown, Qt::NoModifier, letter);
            QCoreApplication::sendEvent(m_window, &event);
        }
    }
}

void Puppet::press(Qt::Key key, Qt::KeyboardModifiers modifiers) const
{
    for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, key, modifiers);
        QCoreApplication::sendEvent(m_window, &event);
    }
}

void Puppet::click(const QString &objectName) const
{
    const QQuickItem *item = find(objectName);
    if (!item)
        return;
    const QPointF place = item->mapToScene(item->boundingRect().center());
    point(QEvent::MouseButtonPress, place, Qt::LeftButton, Qt::LeftButton);
    point(QEvent::MouseButtonRelease, place, Qt::LeftButton, Qt::NoButton);
}

void Puppet::point(QEvent::Type type, QPointF place, Qt::MouseButton button,
                   Qt::MouseButtons held) const
{
    QMouseEvent event(type, place, place, m_window->mapToGlobal(place), button, held,
                      Qt::NoModifier);
    QCoreApplication::sendEvent(m_window, &event);
}

QQuickItem *Puppet::find(const QString &objectName) const
{
    QList<QQuickItem *> found;
    collect(
        m_window->contentItem(),
        [&](const QQuickItem *item) { return item->objectName() == objectName; }, found);
    return found.value(0);
}

QString Puppet::textOf(const QString &objectName) const
{
    const QQuickItem *item = find(objectName);
    return item ? item->property("text").toString() : QString();
}

QList<QQuickItem *> Puppet::saying(const QString &text) const
{
    QList<QQuickItem *> found;
    collect(
        m_window->contentItem(),
        [&](const QQuickItem *item) {
            return item->property("text").toString() == text && isPlain(item)
                && isInside(item, m_window);
        },
        found);
    std::ranges::sort(found, {}, topOf);
    return found;
}

bool Puppet::showsInOrder(const QStringList &texts) const
{
    double above = -1;
    return std::ranges::all_of(texts, [&](const QString &text) {
        const auto found = saying(text);
        const bool isBelow = found.size() == 1 && topOf(found.first()) > above;
        if (isBelow)
            above = topOf(found.first());
        return isBelow;
    });
}

QImage Puppet::grab() const
{
    return m_window->grabWindow();
}
