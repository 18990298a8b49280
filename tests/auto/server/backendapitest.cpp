// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendapitest.h"

#include "plainverifier.h"
#include "rawpeer.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

void BackendApiTest::init()
{
    m_server = std::make_unique<DispatchServer>();
    configure([](DispatchServerSettings &settings) { settings.threads = 2; });
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY(m_server->listen());
}

void BackendApiTest::configure(const std::function<void(DispatchServerSettings &)> &change)
{
    DispatchServerSettings settings = m_server->settings();
    change(settings);
    m_server->setSettings(settings);
}

BackendApiTest::Answer BackendApiTest::ask(const char *method, const QString &path,
                                           const QByteArray &body, const Headers &headers,
                                           const QByteArray &token)
{
    return m_call.ask(m_server->url(), method, path, body, headers, token);
}

QString BackendApiTest::client(const QString &more)
{
    return u"projectId=p&shardName="_s + more;
}

int BackendApiTest::statusOfJoin(const QByteArray &query)
{
    RawPeer raw(m_server->port());
    raw.send(RawPeer::upgradeRequest("/?" + query));
    return raw.response().status;
}
