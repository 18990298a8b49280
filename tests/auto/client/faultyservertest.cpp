// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

void FaultyServerTest::init()
{
    m_server = std::make_unique<FakeServer>();
    QVERIFY(m_server->listen());
    m_client = std::make_unique<DispatchClient>();
    m_client->setUrl(m_server->url());
    m_client->setReconnectPolicy({.minDelay = 5, .maxDelay = 20});
}

void FaultyServerTest::cleanup()
{
    m_client.reset();
    m_server.reset();
}

bool FaultyServerTest::join()
{
    m_client->setActive(true);
    return QTest::qWaitFor([this] { return m_client->state() == DispatchClient::Connected; });
}

QStringList FaultyServerTest::eventsAtServer() const
{
    QStringList names;
    for (const auto &peer : m_server->peers()) {
        for (const QString &name : peer->eventNames()) {
            if (!name.startsWith("@@"_L1))
                names.append(name);
        }
    }
    return names;
}

QByteArray FaultyServerTest::message(const QString &eventName, const QByteArray &payload)
{
    return "{\"eventName\":\"" + eventName.toUtf8() + "\",\"payload\":" + payload
        + ",\"latencyMs\":0}";
}
