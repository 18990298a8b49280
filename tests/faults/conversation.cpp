// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "conversation.h"

#include "extendedactor.h"
#include "nativeactor.h"
#include "stockactor.h"

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace Dispatch::Faults {

namespace {

constexpr int SpeakingInterval = 5;
// Who was held up does not make up for all of it at once.
constexpr int MostAtOnce = 50;
constexpr int SettlingInterval = 20;
// So many looks at a fence before another one is put up: the first may have been lost.
constexpr int LooksPerFence = 25;
constexpr int SeatsOfAShard = 2;

template<class Kind>
int count(const History &history)
{
    return int(std::ranges::count_if(history.entries, [](const AnyEntry &entry) {
        return std::holds_alternative<Kind>(entry);
    }));
}

} // namespace

Conversation::Conversation(const Options &options)
    : m_options(options)
    , m_dice(options.seed)
{
    connect(&m_speaking, &QTimer::timeout, this, &Conversation::speak);
    connect(&m_settling, &QTimer::timeout, this, &Conversation::settle);
}

Conversation::~Conversation() = default;

void Conversation::add(const QUrl &url)
{
    Actor::Place place{url, {}, SeatsOfAShard};
    const int number = int(m_actors.size());
    if (const int shards = m_options.shards; shards > 0) {
        const int shard = number % shards;
        place.shard = u"shard %1"_s.arg(shard);
        place.seats = (m_options.clients - shard + shards - 1) / shards;
    }
    m_actors.push_back(makeActor(u"c%1"_s.arg(number), place));
    m_actors.back()->start();
}

std::unique_ptr<Actor> Conversation::makeActor(const QString &name, const Actor::Place &place)
{
    switch (m_dice() % 5) {
    case 0:
        return std::make_unique<StockActor>(name, place);
    case 1:
        return std::make_unique<ExtendedActor>(name, place);
    case 2:
        return std::make_unique<NativeActor>(name, place, NativeActor::Base);
    default:
        return std::make_unique<NativeActor>(name, place, NativeActor::Extended);
    }
}

void Conversation::start()
{
    m_spoken.start();
    m_speaking.start(SpeakingInterval);
}

void Conversation::speak()
{
    constexpr qint64 Second = 1'000;
    m_owed += m_options.eventsPerSecond * m_spoken.restart();
    m_owed = std::min(m_owed, MostAtOnce * Second);
    for (; m_owed >= Second; m_owed -= Second)
        sayOne();
}

void Conversation::sayOne()
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
    ++m_said;
}

bool Conversation::haveAllJoined(int times) const
{
    return std::ranges::all_of(m_actors, [times](const auto &actor) {
        return count<Entry::Joined>(actor->history()) >= times;
    });
}

void Conversation::rest()
{
    m_speaking.stop();
    m_deadline = std::chrono::steady_clock::now() + m_options.patience;
    m_settling.start(SettlingInterval);
}

void Conversation::settle()
{
    const bool areAllThere = std::ranges::all_of(
        m_actors, [](const auto &actor) { return actor->isConnected() && actor->isIdle(); });
    if (isSettled() || std::chrono::steady_clock::now() >= m_deadline) {
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
bool Conversation::isSettled() const
{
    std::map<std::string, std::set<QString>> people;
    for (const auto &actor : m_actors)
        people[actor->shard()].insert(actor->name());
    return m_fence > 0 && std::ranges::all_of(m_actors, [&](const auto &actor) {
               const std::set<QString> &here = people[actor->shard()];
               return actor->isConnected() && actor->isIdle() && actor->fences(m_fence) == here
                   && std::ranges::equal(actor->present(), here, {}, {}, &QString::toStdString);
           });
}

void Conversation::judge()
{
    for (const auto &actor : m_actors) {
        actor->history().present = actor->present();
        if (!actor->isConnected())
            m_violations.push_back(actor->name().toStdString() + " did not come back");
    }
    if (m_violations.empty() && !isSettled())
        m_violations.push_back("not all heard the last that was said");
    std::ranges::copy(check(histories(), m_options.order), std::back_inserter(m_violations));
}

std::vector<History> Conversation::histories() const
{
    std::vector<History> histories;
    for (const auto &actor : m_actors)
        histories.push_back(actor->history());
    return histories;
}

std::string Conversation::describe() const
{
    std::string out;
    for (const auto &actor : m_actors) {
        out += actor->history().client + (actor->history().isExtended ? ", extended:" : ", base:");
        for (const AnyEntry &entry : actor->history().entries) {
            if (const auto *lost = std::get_if<Entry::Lost>(&entry))
                out += ' ' + lost->reason + ';';
        }
        out += '\n';
    }
    return out;
}

int Conversation::drops() const
{
    int drops = 0;
    for (const auto &actor : m_actors)
        drops += count<Entry::Lost>(actor->history());
    return drops;
}

} // namespace Dispatch::Faults
