// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "messagedelegate.h"

#include "chatlook.h"
#include "messagemodel.h"

#include <QtGui/qtextlayout.h>
#include <QtWidgets/qlistview.h>

#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr int Side = 16;
constexpr int AvatarSize = 34;
constexpr int Gutter = AvatarSize + 10;
constexpr int Padding = 13;
constexpr int NameHeight = 20;
constexpr int GroupGap = 12;
constexpr int LineGap = 3;
constexpr int NoteHeight = 30;
constexpr int TimeWidth = 96;

QFont fontOf(const QStyleOptionViewItem &option, int pixels, QFont::Weight weight = QFont::Normal)
{
    QFont font = option.font;
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

/// Where the parts of a message are, in coordinates of its row.
struct Geometry {
    QRectF bubble;
    QPointF text;
    bool showsName = false;
};

int viewWidth(const QStyleOptionViewItem &option)
{
    const auto *view = qobject_cast<const QListView *>(option.widget);
    return view ? view->viewport()->width() : option.rect.width();
}

QSizeF layOut(QTextLayout &layout, double width)
{
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    layout.beginLayout();
    double height = 0;
    double widest = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, height});
        height += line.height();
        widest = std::max(widest, line.naturalTextWidth());
    }
    layout.endLayout();
    return {std::ceil(widest), std::ceil(height)};
}

Geometry place(QTextLayout &layout, const ChatMessage &message, bool startsGroup, int width,
               const QFontMetrics &nameMetrics)
{
    Geometry geometry;
    geometry.showsName = startsGroup && !message.isOwn;
    const int left = message.isOwn ? Side : Side + Gutter;
    const double available =
        std::max(60, std::min(560, width - left - Side - TimeWidth) - 2 * Padding);
    QSizeF text = layOut(layout, available);
    // Again, for lines that are aligned to the right are to end where the widest does.
    text = layOut(layout, text.width() + 1);
    const double nameWidth =
        geometry.showsName ? nameMetrics.horizontalAdvance(message.author) + 1.0 : 0;
    const double bubbleWidth =
        std::min(available, std::max(text.width() + 1, nameWidth)) + 2 * Padding;
    const double top = startsGroup ? GroupGap : LineGap;
    const double nameHeight = geometry.showsName ? NameHeight : 0;
    geometry.bubble = {message.isOwn ? width - Side - bubbleWidth : left, top, bubbleWidth,
                       text.height() + nameHeight + 16};
    geometry.text = geometry.bubble.topLeft() + QPointF(Padding, 8 + nameHeight);
    return geometry;
}

QString stateOf(const ChatMessage &message)
{
    const QString time = message.time.toString(u"hh:mm"_s);
    if (!message.failure.isEmpty())
        return MessageDelegate::tr("%1  not sent").arg(time);
    return message.isPending ? MessageDelegate::tr("%1  waiting").arg(time) : time;
}

QString shown(const ChatMessage &message)
{
    QString body = message.body;
    return body.replace(u'\n', QChar::LineSeparator);
}

} // namespace

void MessageDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const auto message = index.data(MessageModel::MessageRole).value<ChatMessage>();
    const auto colours = ChatLook::colours(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (message.isNote()) {
        painter->setFont(fontOf(option, 12, QFont::Medium));
        painter->setPen(colours.muted);
        painter->drawText(option.rect, Qt::AlignCenter | Qt::TextSingleLine, message.body);
        painter->restore();
        return;
    }
    painter->translate(option.rect.topLeft());
    const bool startsGroup = index.data(MessageModel::StartsGroupRole).toBool();
    const QFont nameFont = fontOf(option, 13, QFont::DemiBold);
    QTextLayout layout(shown(message), fontOf(option, 15));
    const Geometry at =
        place(layout, message, startsGroup, viewWidth(option), QFontMetrics(nameFont));

    painter->setPen(Qt::NoPen);
    painter->setBrush(message.isPending   ? colours.pendingBubble
                          : message.isOwn ? colours.ownBubble
                                          : colours.otherBubble);
    painter->drawRoundedRect(at.bubble, 16, 16);
    if (at.showsName) {
        ChatLook::drawAvatar(*painter, {Side, at.bubble.top(), AvatarSize, AvatarSize},
                             message.author);
        painter->setFont(nameFont);
        painter->setPen(ChatLook::colourOf(message.author, ChatLook::isDark(option.palette)));
        const QString name = QFontMetrics(nameFont).elidedText(
            message.author, Qt::ElideRight, int(at.bubble.width()) - 2 * Padding);
        painter->drawText(at.bubble.adjusted(Padding, 8, 0, 0),
                          Qt::AlignTop | Qt::AlignLeft | Qt::TextSingleLine, name);
    }
    painter->setPen(message.isOwn ? QColor(Qt::white) : colours.text);
    layout.draw(painter, at.text);

    painter->setFont(fontOf(option, 11));
    painter->setPen(message.failure.isEmpty() ? colours.muted : colours.danger);
    const QRectF beside = message.isOwn
        ? QRectF(at.bubble.left() - TimeWidth - 8, at.bubble.bottom() - 24, TimeWidth, 20)
        : QRectF(at.bubble.right() + 8, at.bubble.bottom() - 24, TimeWidth, 20);
    painter->drawText(beside, Qt::AlignVCenter | (message.isOwn ? Qt::AlignRight : Qt::AlignLeft),
                      stateOf(message));
    painter->restore();
}

QSize MessageDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto message = index.data(MessageModel::MessageRole).value<ChatMessage>();
    if (message.isNote())
        return {viewWidth(option), NoteHeight};
    QTextLayout layout(shown(message), fontOf(option, 15));
    const Geometry at = place(layout, message, index.data(MessageModel::StartsGroupRole).toBool(),
                              viewWidth(option), QFontMetrics(fontOf(option, 13, QFont::DemiBold)));
    return {viewWidth(option), int(at.bubble.bottom()) + 1};
}
