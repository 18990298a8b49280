// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "neighbour.h"

#include <QtCore/qjsondocument.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

// Slow enough for the limits of a server.
constexpr int IntervalMs = 5;
constexpr int MoreNumbers = 3;
constexpr int Deadline = 10'000;

const QString Number = QStringLiteral("neighbour");

} // namespace

Neighbour::Neighbour(QObject *parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &Neighbour::talk);
    connect(&m_peer.socket(), &QWebSocket::textMessageReceived, this, &Neighbour::listen);
}

bool Neighbour::join(const QUrl &server, const QString &query)
{
    if (!m_peer.join(server, query))
        return false;
    m_timer.start(IntervalMs);
    return waitForMore(1);
}

bool Neighbour::isUnharmed()
{
    return waitForMore(MoreNumbers) && m_hasHeardAll && m_peer.count(Error) == 0;
}

void Neighbour::talk()
{
    // What is not heard is waited for: its place is then seen to be empty.
    if (m_said == m_heard)
        m_peer.emitEvent(Number, m_said++);
}

void Neighbour::listen(const QString &text)
{
    if (!text.startsWith(u"{\"eventName\":\""_s + Number))
        return;
    const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();
    m_hasHeardAll = m_hasHeardAll && message["payload"_L1] == QJsonValue(m_heard);
    ++m_heard;
}

bool Neighbour::waitForMore(int numbers)
{
    const int enough = m_heard + numbers;
    return QTest::qWaitFor([&] { return m_heard >= enough; }, Deadline);
}
