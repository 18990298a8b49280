// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qabstractitemmodel.h>
#include <QtCore/qdatetime.h>
#include <QtCore/qlist.h>

/// One line of the conversation. What others wrote is untrusted.
struct ChatMessage {
    QString id{}; ///< empty: a note, which nobody said
    QString person{}; ///< the same for all messages of one person
    QString author{};
    QString body{};
    QDateTime time{};
    bool isOwn = false;
    bool isPending = false; ///< has not come back from the server
    QString failure{}; ///< why it will not be sent

    bool isNote() const { return id.isEmpty(); }
};

/// The conversation: messages in the order of the server, then one's own that wait for their echo.
class MessageModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { MessageRole = Qt::UserRole + 1, StartsGroupRole };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    /// Qt::DisplayRole is for screen readers; delegates take MessageRole.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    /// True if that is news: not the echo of one's own, and not a repetition.
    bool addReceived(ChatMessage message);
    /// One that was sent while this chat was away; goes where its time puts it.
    void addEarlier(ChatMessage message);
    void addOwn(ChatMessage message);
    void addNote(const QString &text);
    void fail(const QString &id, const QString &why);
    /// The last messages, at most \a most, for somebody who was not there.
    QList<ChatMessage> latest(qsizetype most) const;

private:
    static constexpr qsizetype Limit = 500;

    qsizetype find(const QString &id) const;
    qsizetype firstPending() const;
    void insert(qsizetype at, ChatMessage message);
    void confirm(qsizetype at);
    bool startsGroup(qsizetype at) const;

    QList<ChatMessage> m_messages;
};

Q_DECLARE_METATYPE(ChatMessage)
