// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "chatwindow.h"

#include "chatlook.h"
#include "messagedelegate.h"
#include "persondelegate.h"

#include <DispatchClientsModel>
#include <QtCore/qcoreevent.h>
#include <QtGui/qevent.h>
#include <QtWidgets/qapplication.h>
#include <QtWidgets/qboxlayout.h>
#include <QtWidgets/qlabel.h>
#include <QtWidgets/qlistview.h>
#include <QtWidgets/qplaintextedit.h>
#include <QtWidgets/qpushbutton.h>
#include <QtWidgets/qscrollbar.h>
#include <QtWidgets/qsplitter.h>
#include <QtWidgets/qstatusbar.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int TypingLifetime = 4500;
constexpr int InputHeight = 44;

/// A label for what others wrote: never as markup.
QLabel *makeLabel(const QString &objectName, const QString &text = {})
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setObjectName(objectName);
    return label;
}

} // namespace

ChatWindow::ChatWindow(ChatRoom *room, QWidget *parent)
    : QMainWindow(parent)
    , m_room(room)
{
    auto *splitter = new QSplitter;
    splitter->addWidget(makePeople());
    splitter->addWidget(makeConversation());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({220, 640});
    splitter->setHandleWidth(1);
    setCentralWidget(splitter);

    m_state = makeLabel(u"state"_s);
    m_retry = new QPushButton(tr("Retry now"));
    m_retry->setFlat(true);
    m_retry->setStyleSheet(
        u"QPushButton { min-height: 22px; padding: 0 10px; font-size: 12px; }"_s);
    statusBar()->addWidget(m_state, 1);
    statusBar()->addPermanentWidget(m_retry);
    connect(m_retry, &QPushButton::clicked, room->client(), &DispatchClient::retryNow);

    m_typingEnds.setSingleShot(true);
    m_typingEnds.setInterval(TypingLifetime);
    connect(&m_typingEnds, &QTimer::timeout, m_typing, &QLabel::clear);
    connect(room, &ChatRoom::typing, this, &ChatWindow::showTyping);
    connect(room, &ChatRoom::received, m_typing, &QLabel::clear);

    DispatchClient *client = room->client();
    connect(client, &DispatchClient::stateChanged, this, &ChatWindow::showState);
    connect(client, &DispatchClient::nextRetryInChanged, this, &ChatWindow::showState);
    connect(client, &DispatchClient::queuedEventsChanged, this, &ChatWindow::showState);
    connect(client, &DispatchClient::latencyChanged, this, &ChatWindow::showState);
    connect(client->clients(), &DispatchClientsModel::countChanged, this, &ChatWindow::showPeople);
    showState();
    showPeople();
    applyLook();
    resize(860, 600);
    m_input->setFocus();
}

QWidget *ChatWindow::makePeople()
{
    auto *people = new QListView;
    people->setModel(m_room->client()->clients());
    people->setItemDelegate(new PersonDelegate(people));
    people->setSelectionMode(QAbstractItemView::NoSelection);
    people->setFocusPolicy(Qt::NoFocus);
    people->setAccessibleName(tr("People in this room"));

    auto *panel = new QWidget;
    panel->setObjectName(u"people"_s);
    panel->setMinimumWidth(140);
    auto *layout = new QVBoxLayout(panel);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    QLabel *title = makeLabel(u"title"_s, tr("People"));
    title->setContentsMargins(16, 18, 16, 12);
    layout->addWidget(title);
    layout->addWidget(people);
    return panel;
}

QWidget *ChatWindow::makeConversation()
{
    m_title = makeLabel(u"title"_s);
    m_subtitle = makeLabel(u"subtitle"_s);
    auto *header = new QWidget;
    header->setObjectName(u"header"_s);
    auto *headerLayout = new QVBoxLayout(header);
    headerLayout->setContentsMargins(18, 10, 18, 10);
    headerLayout->setSpacing(1);
    headerLayout->addWidget(m_title);
    headerLayout->addWidget(m_subtitle);

    m_messages = new QListView;
    m_messages->setObjectName(u"messages"_s);
    m_messages->setModel(m_room->messages());
    m_messages->setItemDelegate(new MessageDelegate(m_messages));
    m_messages->setSelectionMode(QAbstractItemView::NoSelection);
    m_messages->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_messages->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_messages->setResizeMode(QListView::Adjust);
    m_messages->setAccessibleName(tr("Messages"));
    QScrollBar *bar = m_messages->verticalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this,
            [this, bar](int value) { m_isAtEnd = value >= bar->maximum() - 24; });
    connect(bar, &QScrollBar::rangeChanged, this, [this, bar](int, int maximum) {
        if (m_isAtEnd)
            bar->setValue(maximum);
    });

    m_typing = makeLabel(u"typing"_s);
    m_typing->setMinimumHeight(22);

    auto *conversation = new QWidget;
    auto *layout = new QVBoxLayout(conversation);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header);
    layout->addWidget(m_messages, 1);
    layout->addWidget(makeComposer());
    return conversation;
}

QWidget *ChatWindow::makeComposer()
{
    m_input = new QPlainTextEdit;
    m_input->setObjectName(u"composer"_s);
    m_input->setPlaceholderText(tr("Message"));
    m_input->setTabChangesFocus(true);
    m_input->setFixedHeight(InputHeight);
    m_input->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_input->setAccessibleName(tr("Message"));
    m_input->installEventFilter(this);
    m_send = new QPushButton(tr("Send"));
    m_send->setEnabled(false);
    connect(m_send, &QPushButton::clicked, this, &ChatWindow::send);
    connect(m_input, &QPlainTextEdit::textChanged, this, [this] {
        const bool hasText = !m_input->toPlainText().trimmed().isEmpty();
        m_send->setEnabled(hasText);
        if (hasText)
            m_room->hintTyping();
    });

    auto *footer = new QWidget;
    footer->setObjectName(u"footer"_s);
    auto *layout = new QVBoxLayout(footer);
    layout->setContentsMargins(12, 4, 12, 8);
    layout->setSpacing(4);
    layout->addWidget(m_typing);
    auto *line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_input, 1);
    line->addWidget(m_send);
    layout->addLayout(line);
    return footer;
}

/// Enter sends, Shift+Enter begins a new line.
bool ChatWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_input && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && !key->modifiers().testFlag(Qt::ShiftModifier)) {
            send();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void ChatWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange)
        applyLook();
    QMainWindow::changeEvent(event);
}

void ChatWindow::applyLook()
{
    setStyleSheet(ChatLook::styleSheet(ChatLook::colours(QApplication::palette())));
}

void ChatWindow::send()
{
    m_isAtEnd = true;
    if (m_room->send(m_input->toPlainText()))
        m_input->clear();
}

void ChatWindow::showState()
{
    m_state->setText(stateText());
    m_retry->setVisible(m_room->client()->state() == DispatchClient::Waiting
                        || m_room->client()->state() == DispatchClient::Failed);
}

QString ChatWindow::stateText() const
{
    const DispatchClient *client = m_room->client();
    const int seconds = (client->nextRetryIn() + 999) / 1000;
    const QString queue = client->queuedEvents() > 0
        ? tr(" – %1 waiting to be sent").arg(client->queuedEvents())
        : QString();
    switch (client->state()) {
    case DispatchClient::Connected:
        return client->latency() >= 0.5 ? tr("Online, %1 ms").arg(qRound(client->latency()))
                                        : tr("Online");
    case DispatchClient::Connecting:
        return tr("Connecting…") + queue;
    case DispatchClient::Recovering:
        return tr("Connection lost – trying…") + queue;
    case DispatchClient::Waiting:
        return tr("Connection lost – next try in %1 s").arg(seconds) + queue;
    case DispatchClient::Failed:
        return client->errorString();
    case DispatchClient::Disconnected:
        break;
    }
    return tr("Offline");
}

void ChatWindow::showPeople()
{
    const int count = m_room->client()->clients()->count();
    const QString room = m_room->client()->shardName();
    m_title->setText(room);
    m_subtitle->setText(count == 0       ? tr("Nobody is in sight")
                            : count == 1 ? tr("Only you are here")
                                         : tr("%1 people are here").arg(count));
    setWindowTitle(tr("%1 in %2").arg(m_room->userName(), room));
}

void ChatWindow::showTyping(const QString &author)
{
    m_typing->setText(tr("%1 is typing…").arg(author));
    m_typingEnds.start();
}
