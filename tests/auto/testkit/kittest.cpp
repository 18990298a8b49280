// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "kittest.h"

using namespace Qt::StringLiterals;

void KitTest::init()
{
    m_server = std::make_unique<DispatchTestServer>();
}

void KitTest::cleanup()
{
    m_server.reset();
}

std::unique_ptr<DispatchClient> KitTest::makeClient()
{
    auto client = std::make_unique<DispatchClient>();
    client->setUrl(m_server->url());
    return client;
}

std::unique_ptr<DispatchClient> KitTest::join(const QString &shard)
{
    auto client = makeClient();
    client->setShardName(shard);
    client->setActive(true);
    m_server->settle();
    return client;
}

QStringList KitTest::namesIn(const DispatchClient &client)
{
    QStringList names;
    for (const DispatchConnectedClient &there : client.connectedClients())
        names += there.isSelf ? u"self"_s : there.userInfo[u"name"_s].toString();
    return names;
}
