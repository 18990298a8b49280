// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <DispatchTokenVerifier>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

class Verifier : public DispatchTokenVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &token, const QString &) const override
    {
        if (token.startsWith("user:"))
            return {QString::fromUtf8(token.mid(5)), {}};
        return {{}, u"bad"_s};
    }
};

} // namespace

void RoomTest::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(std::make_shared<Verifier>());
    auto settings = m_server->settings();
    settings.presenceInterval = 5;
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void RoomTest::cleanup()
{
    m_server.reset();
}

std::unique_ptr<DispatchClient> RoomTest::makeClient()
{
    auto client = std::make_unique<DispatchClient>();
    client->setUrl(m_server->url());
    client->setProjectId(u"test"_s);
    client->setReconnectPolicy({.minDelay = 10, .maxDelay = 50});
    return client;
}

std::unique_ptr<DispatchClient> RoomTest::join(const QString &shard)
{
    auto client = makeClient();
    const auto future = client->connectToServer({.shardName = shard});
    if (!QTest::qWaitFor([&] { return future.isFinished(); })
        || client->state() != DispatchClient::Connected)
        qWarning() << "could not join" << client->errorString();
    return client;
}
