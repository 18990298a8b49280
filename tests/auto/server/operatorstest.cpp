// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "operatorstest.h"

#include <QtTest/qtest.h>

void OperatorsTest::init()
{
    DispatchServerSettings settings;
    settings.maxConnections = 1'000;
    serve(settings);
}

void OperatorsTest::cleanup()
{
    m_server.reset();
}

void OperatorsTest::serve(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
    QVERIFY2(m_server->listenForOperators(), qPrintable(m_server->errorString()));
}

RawPeer::Response OperatorsTest::get(const QByteArray &target) const
{
    RawPeer peer(quint16(m_server->operatorsUrl().port()));
    peer.send(RawPeer::request("GET", target));
    return peer.response();
}

bool OperatorsTest::waitFor(const QString &name, double expected,
                            const MetricsText::Labels &labels) const
{
    return QTest::qWaitFor([&] { return metrics().value(name, labels) == expected; });
}
