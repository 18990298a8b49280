// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "windows.h"

#include <QtGui/qfontinfo.h>
#include <QtGui/qguiapplication.h>
#include <QtGui/qscreen.h>
#include <QtGui/qwindow.h>

#include <algorithm>

using namespace Qt::StringLiterals;

void preferColourEmoji()
{
    QFont font = QGuiApplication::font();
    font.setFamilies({QFontInfo(font).family(), u"Noto Color Emoji"_s, u"Apple Color Emoji"_s,
                      u"Segoe UI Emoji"_s});
    QGuiApplication::setFont(font);
}

void placeSideBySide()
{
    constexpr int Gap = 20;
    const QWindowList windows = QGuiApplication::topLevelWindows();
    if (windows.isEmpty())
        return;
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    const int most = (screen.width() - Gap) / int(windows.size()) - Gap;
    int left = screen.left() + Gap;
    for (QWindow *window : windows) {
        window->setWidth(std::clamp(most, window->minimumWidth(),
                                    std::max(window->width(), window->minimumWidth())));
        window->setPosition(left, screen.top() + 3 * Gap);
        left += window->width() + Gap;
    }
}
