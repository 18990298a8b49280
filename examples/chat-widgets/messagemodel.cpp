// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "messagemodel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

int MessageModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_messages.size());
}

QVariant MessageModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ChatMessage &message = m_messages[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return message.isNote() ? message.body : u"%1: %2"_s.arg(message.author, message.body);
    case MessageRole:
        return QVariant::fromValue(message);
    case StartsGroupRole:
        return startsGroup(index.row());
    default:
        return {};
    }
}

bool MessageModel::addReceived(ChatMessage message)
{
    const qsizetype known = find(message.id);
    if (known < 0) {
        insert(firstPending(), std::move(message));
        return true;
    }
    if (m_messages[known].isPending)
        confirm(known);
    return false;
}

void MessageModel::addEarlier(ChatMessage message)
{
    const qsizetype known = find(message.id);
    if (known >= 0) {
        if (m_messages[known].isPending)
            confirm(known);
        return;
    }
    qsizetype at = firstPending();
    while (at > 0 && m_messages[at - 1].time > message.time)
        --at;
    insert(at, std::move(message));
}

QList<ChatMessage> MessageModel::latest(qsizetype most) const
{
    QList<ChatMessage> said;
    for (qsizetype i = firstPending() - 1; i >= 0 && said.size() < most; --i) {
        if (!m_messages[i].isNote() && m_messages[i].failure.isEmpty())
            said.prepend(m_messages[i]);
    }
    return said;
}

void MessageModel::addOwn(ChatMessage message)
{
    message.isOwn = true;
    message.isPending = true;
    insert(m_messages.size(), std::move(message));
}

void MessageModel::addNote(const QString &text)
{
    insert(firstPending(), {.body = text, .time = QDateTime::currentDateTime()});
}

void MessageModel::fail(const QString &id, const QString &why)
{
    const qsizetype at = find(id);
    if (at < 0 || !m_messages[at].isPending)
        return;
    m_messages[at].isPending = false;
    m_messages[at].failure = why;
    Q_EMIT dataChanged(index(int(at)), index(int(at)));
}

qsizetype MessageModel::find(const QString &id) const
{
    const auto found =
        std::ranges::find_if(m_messages.crbegin(), m_messages.crend(),
                             [&](const ChatMessage &m) { return !m.isNote() && m.id == id; });
    return std::distance(found, m_messages.crend()) - 1;
}

qsizetype MessageModel::firstPending() const
{
    return std::distance(m_messages.cbegin(),
                         std::ranges::find_if(m_messages, &ChatMessage::isPending));
}

void MessageModel::insert(qsizetype at, ChatMessage message)
{
    beginInsertRows({}, int(at), int(at));
    m_messages.insert(at, std::move(message));
    endInsertRows();
    if (m_messages.size() > Limit) {
        beginRemoveRows({}, 0, 0);
        m_messages.removeFirst();
        endRemoveRows();
    }
    // The neighbours may belong to another group now.
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {StartsGroupRole});
}

void MessageModel::confirm(qsizetype at)
{
    m_messages[at].isPending = false;
    m_messages[at].time = QDateTime::currentDateTime();
    Q_EMIT dataChanged(index(int(at)), index(int(at)));
    const qsizetype place = firstPending();
    if (place >= at)
        return;
    beginMoveRows({}, int(at), int(at), {}, int(place));
    m_messages.move(at, place);
    endMoveRows();
}

bool MessageModel::startsGroup(qsizetype at) const
{
    const ChatMessage &message = m_messages[at];
    if (at == 0 || m_messages[at - 1].isNote())
        return true;
    return m_messages[at - 1].person != message.person;
}
