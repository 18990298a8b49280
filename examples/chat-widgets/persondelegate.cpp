// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "persondelegate.h"

#include "chatlook.h"

#include <DispatchClientsModel>

using namespace Qt::StringLiterals;

namespace {

constexpr int Height = 52;
constexpr int Margin = 16;
constexpr int AvatarSize = 36;

} // namespace

void PersonDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const auto colours = ChatLook::colours(option.palette);
    const QString given =
        index.data(DispatchClientsModel::UserInfoRole).toMap().value(u"name"_s).toString();
    const QString name = given.isEmpty() ? tr("Guest") : given;
    const QRectF avatar(option.rect.left() + Margin,
                        option.rect.center().y() - AvatarSize / 2.0 + 0.5, AvatarSize, AvatarSize);
    ChatLook::drawAvatar(*painter, avatar, name);

    painter->save();
    QFont font = option.font;
    font.setPixelSize(15);
    painter->setFont(font);
    painter->setPen(colours.text);
    const QRect line = option.rect.adjusted(Margin + AvatarSize + 12, 0, -Margin, 0);
    const bool isSelf = index.data(DispatchClientsModel::IsSelfRole).toBool();
    const int roomForYou = isSelf ? 44 : 0;
    const QString elided =
        painter->fontMetrics().elidedText(name, Qt::ElideRight, line.width() - roomForYou);
    painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, elided);
    if (isSelf) {
        const int nameWidth = painter->fontMetrics().horizontalAdvance(elided);
        font.setPixelSize(12);
        painter->setFont(font);
        painter->setPen(colours.muted);
        painter->drawText(line.adjusted(nameWidth + 8, 1, 0, 1),
                          Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, tr("(you)"));
    }
    painter->restore();
}

QSize PersonDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {160, Height};
}
