// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stage.h"

#include "faultproxy.h"

#include <DispatchServer>
#include <DispatchTestServer>
#include <DispatchTokenVerifier>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace Faults = Dispatch::Faults;

namespace {

constexpr int Patience = 20'000;

class KitStage final : public Stage {
public:
    KitStage() { m_server.setUserOfToken(u"good"_s, u"user:17"_s); }

    void configure(const Config &config) override
    {
        m_server.setMaxHistory(config.maxHistory);
        m_server.setMaxReplayEvents(config.maxReplayEvents);
        m_server.setSessionWindow(config.sessionWindow);
        m_server.setMessageRate(config.messagesPerSecond, config.messageBurst);
    }
    QUrl url() const override { return m_server.url(); }
    void drop() override { m_server.drop(); }
    void drain() override { m_server.drain(); }

protected:
    bool wait(const std::function<bool()> &condition) override
    {
        constexpr auto Step = 10ms;
        m_server.settle();
        while (!condition() && m_server.elapsed() < m_until)
            m_server.advance(Step);
        m_until = m_server.elapsed() + std::chrono::milliseconds(Patience);
        return condition();
    }

private:
    DispatchTestServer m_server;
    std::chrono::milliseconds m_until{Patience};
};

class Verifier final : public DispatchTokenVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &token, const QString &) const override
    {
        return token == "good" ? DispatchTokenVerdict{u"user:17"_s, {}}
                               : DispatchTokenVerdict{{}, u"bad"_s};
    }
};

class RealStage final : public Stage {
public:
    RealStage()
    {
        start();
        m_proxy = std::make_unique<Faults::FaultProxy>(m_server->port());
    }

    void configure(const Config &config) override
    {
        m_config = config;
        apply();
    }
    QUrl url() const override { return QUrl(u"ws://127.0.0.1:%1"_s.arg(m_proxy->port())); }
    void drop() override { m_proxy->apply({.kind = Faults::Fault::Kind::Reset}); }
    void drain() override
    {
        m_left = std::move(m_server);
        start();
        apply();
        m_proxy->setServerPort(m_server->port());
        m_left->drain();
    }

protected:
    bool wait(const std::function<bool()> &condition) override
    {
        return QTest::qWaitFor(condition, Patience);
    }

private:
    void start()
    {
        m_server = std::make_unique<DispatchServer>();
        m_server->setTokenVerifier(std::make_shared<Verifier>());
        apply();
        if (!m_server->listen())
            qFatal("%s", qPrintable(m_server->errorString()));
    }
    void apply()
    {
        DispatchServerSettings settings = m_server->settings();
        settings.presenceInterval = 1;
        settings.maxHistory = m_config.maxHistory;
        settings.maxReplayEvents = m_config.maxReplayEvents;
        settings.sessionWindow = m_config.sessionWindow;
        settings.messagesPerSecond = m_config.messagesPerSecond;
        settings.messageBurst = m_config.messageBurst > 0 ? m_config.messageBurst : 1;
        m_server->setSettings(settings);
    }

    Config m_config;
    std::unique_ptr<DispatchServer> m_server;
    std::unique_ptr<DispatchServer> m_left; ///< that was drained
    std::unique_ptr<Faults::FaultProxy> m_proxy;
};

} // namespace

std::unique_ptr<Stage> Stage::ofTestKit()
{
    return std::make_unique<KitStage>();
}

std::unique_ptr<Stage> Stage::ofRealServer()
{
    return std::make_unique<RealStage>();
}

void Stage::waitFor(const QString &what, const std::function<bool()> &condition)
{
    if (!wait(condition))
        m_failures += what;
}
