// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "neighbour.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

// Slow enough for the limits of a server.
constexpr int IntervalMs = 5;
constexpr int MoreNumbers = 3;

const QString Number = QStringLiteral("neighbour");

} // namespace

Neighbour::Neighbour(QObject *parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &Neighbour::talk);
}

bool Neighbour::join(const QUrl &server, const QString &query)
{
    if (!m_peer.join(server, query))
        return false;
    m_timer.start(IntervalMs);
    return m_peer.waitFor(Number);
}

bool Neighbour::isUnharmed()
{
    if (!m_peer.waitFor(Number, m_peer.count(Number) + MoreNumbers))
        return false;
    return m_peer.count(Error) == 0 && hasHeardAll();
}

void Neighbour::talk()
{
    // What is not heard is waited for: its place is then seen to be empty.
    if (m_said == m_peer.count(Number))
        m_peer.emitEvent(Number, m_said++);
}

bool Neighbour::hasHeardAll() const
{
    int next = 0;
    for (const Peer::Message &message : m_peer.messages(Number)) {
        if (message.payload != QJsonValue(next++))
            return false;
    }
    return true;
}
