// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "connectingwatch_p.h"

#include <QtCore/qcoreevent.h>
#include <QtCore/qsocketnotifier.h>
#include <QtNetwork/qtcpsocket.h>

#include <utility>

namespace Dispatch {

namespace {

// One look is enough for any end but this one; a proxy that has to be talked to takes some more.
constexpr int MostLooks = 6;

} // namespace

ConnectingWatch::ConnectingWatch(QTcpSocket *socket, std::function<void()> wasReset,
                                 QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_wasReset(std::move(wasReset))
{
    connect(socket, &QTcpSocket::connected, this, &QObject::deleteLater);
    socket->installEventFilter(this);
    for (QObject *part : socket->findChildren<QObject *>())
        part->installEventFilter(this);
}

/// What a socket is made of comes and goes, with each address that it tries.
bool ConnectingWatch::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ChildAdded)
        static_cast<QChildEvent *>(event)->child()->installEventFilter(this);
    else if (event->type() == QEvent::SockAct)
        looked(watched);
    return false;
}

void ConnectingWatch::looked(QObject *watched)
{
    const auto *notifier = qobject_cast<QSocketNotifier *>(watched);
    if (!notifier || notifier->type() != QSocketNotifier::Write
        || m_socket->state() != QAbstractSocket::ConnectingState)
        return;
    if (std::exchange(m_notifier, watched) != watched)
        m_looks = 0;
    if (++m_looks == MostLooks)
        m_wasReset();
}

} // namespace Dispatch
