// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stage.h"

#include "faultproxy.h"
#include "peer.h"

#include <DispatchServer>
#include <DispatchTestServer>
#include <DispatchTokenVerifier>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
namespace Faults = Dispatch::Faults;

namespace {

constexpr int Patience = 20'000;

/// Takes the warnings of this program for as long as it lives.
class Warnings {
public:
    Warnings()
    {
        s_text.clear();
        m_before = qInstallMessageHandler(
            [](QtMsgType, const QMessageLogContext &, const QString &text) { s_text += text; });
    }
    ~Warnings() { qInstallMessageHandler(m_before); }
    Q_DISABLE_COPY_MOVE(Warnings)

    static QString text() { return s_text; }

private:
    static inline QString s_text;
    QtMessageHandler m_before = nullptr;
};

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
    QString emitOfStranger(const QString &, const QString &shard, const QString &eventName,
                           const QJsonValue &payload) override
    {
        const Warnings warnings;
        const std::unique_ptr<DispatchTestPerson> stranger(m_server.join(u"Stranger"_s, {}, shard));
        const bool isTaken = stranger->emitEvent(eventName, payload);
        static const QRegularExpression code(u" was not emitted: ([a-z_]+): "_s);
        const QString refused = code.match(warnings.text()).captured(1);
        return isTaken == refused.isEmpty() ? refused : u"?"_s;
    }

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
    QString emitOfStranger(const QString &project, const QString &shard, const QString &eventName,
                           const QJsonValue &payload) override
    {
        Peer stranger;
        stranger.join(url(), u"projectId=%1&shardName=%2"_s.arg(project, shard));
        stranger.emitEvent(eventName, payload);
        const auto answered = [&] {
            return stranger.count(Error) > 0 || stranger.count(eventName) > 0;
        };
        if (!wait(answered) || stranger.count(Error) == 0)
            return answered() ? QString() : u"no answer"_s;
        return stranger.messages(Error).first().payload[u"code"_s].toString();
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
