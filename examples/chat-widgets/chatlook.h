// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGui/qcolor.h>
#include <QtGui/qpainter.h>
#include <QtGui/qpalette.h>

/// Colours and drawings that the parts of the chat share; light or dark, as the palette is.
namespace ChatLook {

struct Colours {
    QColor canvas;
    QColor panel;
    QColor field;
    QColor line;
    QColor text;
    QColor muted;
    QColor accent;
    QColor ownBubble;
    QColor pendingBubble;
    QColor otherBubble;
    QColor danger;
};

bool isDark(const QPalette &palette);
Colours colours(const QPalette &palette);

/// The same colour for the same name, in chat-qml too.
QColor colourOf(const QString &name, bool onDark);
void drawAvatar(QPainter &painter, const QRectF &place, const QString &name);

/// What Qt's own widgets need to look like the rest.
QString styleSheet(const Colours &colours);

} // namespace ChatLook
