// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "chatlook.h"

#include <array>

using namespace Qt::StringLiterals;

namespace ChatLook {

namespace {

constexpr std::array<QRgb, 10> OnLight = {0xffc2410c, 0xffb45309, 0xff4d7c0f, 0xff047857,
                                          0xff0f766e, 0xff0369a1, 0xff1d4ed8, 0xff6d28d9,
                                          0xffa21caf, 0xffbe123c};
constexpr std::array<QRgb, 10> OnDark = {0xfffb923c, 0xfffbbf24, 0xffa3e635, 0xff34d399,
                                         0xff2dd4bf, 0xff38bdf8, 0xff7aa2ff, 0xffb794ff,
                                         0xfff07af5, 0xffff7a93};

QString initial(const QString &name)
{
    const auto characters = name.toUcs4();
    return characters.isEmpty()
        ? u"?"_s
        : QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()), 1)
              .toUpper();
}

} // namespace

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightnessF() < 0.5F;
}

Colours colours(const QPalette &palette)
{
    if (isDark(palette)) {
        return {.canvas = 0x0f1117,
                .panel = 0x171a22,
                .field = 0x232834,
                .line = 0x262b37,
                .text = 0xe8ebf3,
                .muted = 0x98a1b5,
                .accent = 0x5464e8,
                .ownBubble = 0x5464e8,
                .pendingBubble = 0x343b5e,
                .otherBubble = 0x232834,
                .danger = 0xff9aa5};
    }
    return {.canvas = 0xeef1f7,
            .panel = 0xffffff,
            .field = 0xf1f3f8,
            .line = 0xe2e6ee,
            .text = 0x1a1d29,
            .muted = 0x5d667b,
            .accent = 0x4453d6,
            .ownBubble = 0x4453d6,
            .pendingBubble = 0x8f9ae8,
            .otherBubble = 0xffffff,
            .danger = 0xa31b2d};
}

QColor colourOf(const QString &name, bool onDark)
{
    quint32 hash = 0;
    for (const QChar character : name)
        hash = hash * 37 + character.unicode();
    return QColor::fromRgb(onDark ? OnDark[hash % OnDark.size()] : OnLight[hash % OnLight.size()]);
}

void drawAvatar(QPainter &painter, const QRectF &place, const QString &name)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colourOf(name, false));
    painter.drawEllipse(place);
    QFont font = painter.font();
    font.setPixelSize(int(place.height() * 0.42));
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(place, Qt::AlignCenter, initial(name));
    painter.restore();
}

QString styleSheet(const Colours &c)
{
    return u"QMainWindow, QStatusBar { background: %1; color: %4; }"
           "QStatusBar QLabel { color: %5; padding: 2px 8px; }"
           "QListView { border: none; background: %1; outline: none; }"
           "QListView#messages { background: %2; }"
           "QLabel#title { color: %4; font-size: 17px; font-weight: bold; }"
           "QLabel#subtitle, QLabel#typing { color: %5; font-size: 12px; }"
           "QPlainTextEdit { background: %3; color: %4; border: 1px solid %6; border-radius: 12px;"
           "  padding: 5px 8px; font-size: 15px; }"
           "QPlainTextEdit:focus { border-color: %7; }"
           "QPushButton { background: %7; color: white; border: none; border-radius: 12px;"
           "  padding: 0 22px; min-height: 42px; font-weight: bold; font-size: 14px; }"
           "QPushButton:disabled { background: %6; color: %5; }"
           "QPushButton:focus { border: 2px solid %4; }"
           "QWidget#header, QWidget#people, QWidget#footer { background: %1; }"_s.arg(
               c.panel.name(), c.canvas.name(), c.field.name(), c.text.name(), c.muted.name(),
               c.line.name(), c.accent.name());
}

} // namespace ChatLook
