// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "chatroom.h"

#include <QtCore/qtimer.h>
#include <QtWidgets/qmainwindow.h>

class QLabel;
class QListView;
class QPlainTextEdit;
class QPushButton;

/// People on the left, the conversation on the right, the connection at the bottom.
class ChatWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit ChatWindow(ChatRoom *room, QWidget *parent = nullptr);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QWidget *makePeople();
    QWidget *makeConversation();
    QWidget *makeComposer();
    void applyLook();

    void send();
    void showState();
    void showPeople();
    void showTyping(const QString &author);
    QString stateText() const;

    ChatRoom *const m_room;
    QLabel *m_title = nullptr;
    QLabel *m_subtitle = nullptr;
    QLabel *m_typing = nullptr;
    QLabel *m_state = nullptr;
    QListView *m_messages = nullptr;
    QPlainTextEdit *m_input = nullptr;
    QPushButton *m_send = nullptr;
    QPushButton *m_retry = nullptr;
    QTimer m_typingEnds;
    bool m_isAtEnd = true;
};
