// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "run.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int LeavingInterval = 20;
constexpr int NamedShards = 2;

} // namespace

Run::Run(const Options &options)
    : m_options(options)
{
    DispatchServerSettings settings;
    settings.presenceInterval = 20;
    settings.heartbeatInterval = 200;
    settings.heartbeatTimeout = 300;
    settings.threads = 2;
    // Who never got his greeting leaves a session behind that nobody asks for.
    settings.sessionWindow = 1'000;
    m_server.setSettings(settings);
    connect(&m_leaving, &QTimer::timeout, this, &Run::watchServer);
}

void Run::start()
{
    if (!m_server.listen()) {
        m_violations.push_back(m_server.errorString().toStdString());
        return end();
    }
    std::mt19937_64 dice(m_options.seed);
    m_conversation =
        std::make_unique<Conversation>(Conversation::Options{.seed = dice(),
                                                             .clients = m_options.clients,
                                                             .shards = dice() % 2 ? NamedShards : 0,
                                                             .patience = m_options.patience});
    connect(m_conversation.get(), &Conversation::finished, this, &Run::judge);
    for (int i = 0; i < m_options.clients; ++i) {
        m_schedules.push_back(
            makeSchedule(dice(), m_options.length, std::size_t(m_options.faults)));
        m_proxies.push_back(std::make_unique<FaultProxy>(m_server.port()));
        QUrl url = m_server.url();
        url.setPort(m_proxies.back()->port());
        m_conversation->add(url);
        m_proxies.back()->run(m_schedules.back());
    }
    m_conversation->start();
    QTimer::singleShot(m_options.length, Qt::PreciseTimer, this, &Run::heal);
}

void Run::heal()
{
    for (const auto &proxy : m_proxies)
        proxy->heal();
    m_conversation->rest();
}

void Run::judge()
{
    m_violations = m_conversation->violations();
    m_drops = m_conversation->drops();
    // Not from a signal of its own.
    QTimer::singleShot(0, this, &Run::leave);
}

void Run::leave()
{
    m_conversation.reset();
    m_proxies.clear();
    m_deadline = std::chrono::steady_clock::now() + m_options.patience;
    m_leaving.start(LeavingInterval);
}

void Run::watchServer()
{
    const DispatchServerStatistics left = m_server.statistics();
    const bool isEmpty = left.connections == 0 && left.sessionsAway == 0 && left.shards == 0;
    if (!isEmpty && std::chrono::steady_clock::now() < m_deadline)
        return;
    if (!isEmpty) {
        m_violations.push_back("when all had left the server still had "
                               + std::to_string(left.connections) + " connections, "
                               + std::to_string(left.sessionsAway) + " sessions and "
                               + std::to_string(left.shards) + " shards");
    }
    end();
}

void Run::end()
{
    m_leaving.stop();
    m_isOver = true;
    Q_EMIT over();
}

std::string Run::describe() const
{
    std::string out = "seed " + std::to_string(m_options.seed) + '\n';
    for (std::size_t i = 0; i < m_schedules.size(); ++i)
        out += "client " + std::to_string(i) + ":\n" + Faults::describe(m_schedules[i]);
    return out;
}

} // namespace Dispatch::Faults
