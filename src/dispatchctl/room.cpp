// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "room_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

const QString EchoEvent = u"dispatchctl.echo"_s;

} // namespace

std::unique_ptr<DispatchClient> makeClient(const Settings &settings)
{
    auto client = std::make_unique<DispatchClient>();
    client->setQueuePolicy({.paced = false}); // what the server refuses is to be seen
    client->setUrl(settings.url);
    client->setAllowInsecure(settings.isInsecure);
    client->setProjectId(settings.projectId);
    client->setShardName(settings.shardName);
    client->setAttemptTimeout(int(settings.timeout.count()));
    client->setConnectTimeout(int(settings.timeout.count()));
    if (settings.ssl)
        client->setSslConfiguration(*settings.ssl);
    return client;
}

QFuture<DispatchConnectionInfo> join(DispatchClient &client, const Settings &settings)
{
    DispatchConnectOptions options;
    if (!settings.token.isEmpty())
        options.authorization = settings.token;
    return client.connectToServer(options);
}

QString nameOf(const Settings &settings)
{
    return settings.projectId.isEmpty() ? u"the default project"_s
                                        : u"project '%1'"_s.arg(settings.projectId);
}

QString nameOf(const DispatchConnectionInfo &info, const Settings &settings)
{
    return u"shard '%1' of %2"_s.arg(info.shardName, nameOf(settings));
}

Echo::Echo(DispatchClient &client)
    : m_client(client)
    , m_subscription(client.on(EchoEvent, this, [this] {
        if (m_clock.isValid())
            Q_EMIT returned(double(m_clock.nsecsElapsed()) / 1e6);
        m_clock.invalidate();
    }))
{
}

void Echo::send()
{
    m_clock.start();
    m_client.emitEvent(EchoEvent, QJsonObject(), {m_client.clientId()});
}

} // namespace Dispatch::Ctl
