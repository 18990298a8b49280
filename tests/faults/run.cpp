// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "run.h"

#include "checker.h"
#include "extendedactor.h"
#include "nativeactor.h"
#include "stockactor.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int SpeakingInterval = 7;
constexpr int SettlingInterval = 20;
// So many looks at a fence before another one is put up: the first may have been lost.
constexpr int LooksPerFence = 25;

} // namespace

Run::Run(const Options &options)
    : m_options(options)
    , m_dice(options.seed)
{
    DispatchServerSettings settings;
    settings.presenceInterval = 20;
    settings.heartbeatInterval = 200;
    settings.heartbeatTimeout = 300;
    settings.threads = 2;
    // Who never got his greeting leaves a session behind that nobody asks for.
    settings.sessionWindow = 1'000;
    m_server.setSettings(settings);
    connect(&m_speaking, &QTimer::timeout, this, &Run::speak);
    connect(&m_settling, &QTimer::timeout, this, &Run::settle);
}

Run::~Run() = default;

void Run::start()
{
    if (!m_server.listen()) {
        m_violations.push_back(m_server.errorString().toStdString());
        QTimer::singleShot(0, this, &Run::finished);
        return;
    }
    for (int i = 0; i < m_options.clients; ++i) {
        m_schedules.push_back(
            makeSchedule(m_dice(), m_options.length, std::size_t(m_options.faults)));
        m_proxies.push_back(std::make_unique<FaultProxy>(m_server.port()));
        QUrl url = m_server.url();
        url.setPort(m_proxies.back()->port());
        const QString name = u"c%1"_s.arg(i);
        const QString shard = u"shard %1"_s.arg(i % m_options.shards);
        m_actors.push_back(makeActor(name, url, shard));
        m_actors.back()->start();
        m_proxies.back()->run(m_schedules.back());
    }
    m_speaking.start(SpeakingInterval);
    QTimer::singleShot(m_options.length, Qt::PreciseTimer, this, &Run::heal);
}

std::unique_ptr<Actor> Run::makeActor(const QString &name, const QUrl &url, const QString &shard)
{
    switch (m_dice() % 3) {
    case 0:
        return std::make_unique<StockActor>(name, url, shard);
    case 1:
        return std::make_unique<ExtendedActor>(name, url, shard);
    default:
        return std::make_unique<NativeActor>(name, url, shard);
    }
}

void Run::speak()
{
    Actor &speaker = *m_actors[m_dice() % m_actors.size()];
    QStringList recipients;
    if (m_dice() % 5 == 0) {
        for (const auto &actor : m_actors) {
            if (m_dice() % 2)
                recipients.append(actor->name());
        }
    }
    speaker.emitNext(recipients);
}

void Run::heal()
{
    m_speaking.stop();
    for (const auto &proxy : m_proxies)
        proxy->heal();
    m_deadline = std::chrono::steady_clock::now() + m_options.patience;
    m_settling.start(SettlingInterval);
}

void Run::settle()
{
    const bool areAllThere = std::ranges::all_of(
        m_actors, [](const auto &actor) { return actor->isConnected() && actor->isIdle(); });
    if (isSettled() || isDue()) {
        m_settling.stop();
        judge();
        Q_EMIT finished();
    } else if (areAllThere && (m_fence == 0 || ++m_looks == LooksPerFence)) {
        m_looks = 0;
        ++m_fence;
        for (const auto &actor : m_actors)
            actor->emitFence(m_fence);
    }
}

/// All heard the last fence of all in their shard, and see them and nobody else.
bool Run::isSettled() const
{
    std::vector<std::set<QString>> people(std::size_t(m_options.shards));
    for (std::size_t i = 0; i < m_actors.size(); ++i)
        people[i % people.size()].insert(m_actors[i]->name());
    for (std::size_t i = 0; i < m_actors.size(); ++i) {
        const Actor &actor = *m_actors[i];
        const std::set<QString> &here = people[i % people.size()];
        if (m_fence == 0 || !actor.isConnected() || !actor.isIdle() || actor.fences(m_fence) != here
            || !std::ranges::equal(actor.present(), here, {}, {}, &QString::toStdString))
            return false;
    }
    return true;
}

void Run::judge()
{
    std::vector<History> histories;
    for (const auto &actor : m_actors) {
        actor->history().present = actor->present();
        histories.push_back(actor->history());
        if (!actor->isConnected())
            m_violations.push_back(actor->name().toStdString() + " did not come back");
    }
    if (m_violations.empty() && !isSettled())
        m_violations.push_back("not all heard the last that was said");
    std::ranges::copy(check(histories), std::back_inserter(m_violations));
}

std::string Run::describe() const
{
    std::string out = "seed " + std::to_string(m_options.seed) + '\n';
    for (std::size_t i = 0; i < m_schedules.size(); ++i)
        out += m_actors[i]->history().client + ":\n" + Faults::describe(m_schedules[i]);
    return out;
}

int Run::connections() const
{
    int sum = 0;
    for (const auto &proxy : m_proxies)
        sum += proxy->connections();
    return sum;
}

} // namespace Dispatch::Faults
