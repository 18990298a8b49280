// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "resumetest.h"

#include "plainverifier.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

const QString ResumeTest::Room = u"projectId=p&shardName=s"_s;

bool ResumeTest::isRecovered(const ExtendedPeer &peer)
{
    return peer.greeting()["recovered"_L1].toBool();
}

void ResumeTest::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    DispatchServerSettings settings;
    settings.threads = 3;
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void ResumeTest::cleanup()
{
    m_server.reset();
}

void ResumeTest::configure(const std::function<void(DispatchServerSettings &)> &change)
{
    DispatchServerSettings settings = m_server->settings();
    change(settings);
    m_server->setSettings(settings);
}
