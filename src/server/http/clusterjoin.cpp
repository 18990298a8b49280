// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clusterjoin_p.h"

#include "allowedshards_p.h"
#include "clientid_p.h"
#include "cluster_p.h"
#include "gathering_p.h"
#include "hub_p.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace Dispatch {

namespace {

/// One join, step by step. All but the first one are on the engine's thread; what waits keeps it.
class ClusterJoin : public std::enable_shared_from_this<ClusterJoin> {
public:
    ClusterJoin(Hub &hub, JoinWish wish, std::function<void(const Admission &)> done)
        : m_hub(hub)
        , m_node(hub.cluster()->node())
        , m_wish(std::move(wish))
        , m_done(std::move(done))
        , m_mostInShard(hub.settings().maxConnectionsPerShard)
    {
    }

    void start();

private:
    UpgradeRequest &handover() { return *m_wish.handover; }
    void refuse(Refusal refusal, std::string detail = {})
    {
        m_done(RefusedJoin{refusal, std::move(detail)});
    }
    /// What comes for \a step when the engine has answered.
    template<class T>
    Engine::Reply<T> then(void (ClusterJoin::*step)(const Engine::Outcome<T> &))
    {
        return {m_hub.cluster()->executor(),
                [self = shared_from_this(), step](const Engine::Outcome<T> &outcome) {
                    (self.get()->*step)(outcome);
                }};
    }

    void claim();
    void onClaimed(const Engine::Outcome<Engine::Session> &outcome);
    void goOnHere(std::uint64_t generation);
    void adopt(const Engine::Session &session);
    void onTakenOver(const Engine::Outcome<Engine::Seat> &outcome);
    void giveUpAdoption();
    void askForEmits();
    void begin();
    void place();
    void onPlaced(const Engine::Outcome<Engine::Seat> &outcome);
    /// Takes the seat on this server, too; false if that was refused.
    bool occupy(const Engine::Seat &seat, const std::string &userId);
    bool isBanned(const std::string &userId);

    Hub &m_hub;
    Engine::Node &m_node;
    JoinWish m_wish;
    const std::function<void(const Admission &)> m_done;
    const int m_mostInShard;
    std::optional<SessionRegistry::Claim> m_claim; // of a session that this server has
    std::vector<std::string> m_names; // of shards that are still to be tried
};

void ClusterJoin::start()
{
    if (m_wish.bearer.isBackend)
        return m_done(placeHere(m_hub, std::move(m_wish)));
    if (!m_hub.hasRoom())
        return refuse(Refusal::ServerFull);
    if (m_wish.resume)
        claim();
    else
        begin();
}

void ClusterJoin::claim()
{
    if (auto claim = resumable(m_hub, m_wish))
        m_claim.emplace(*std::move(claim));
    handover().nextSecret = SessionRegistry::newSecret();
    m_node.claimSession(m_wish.resume->secret, handover().nextSecret,
                        then(&ClusterJoin::onClaimed));
}

void ClusterJoin::onClaimed(const Engine::Outcome<Engine::Session> &outcome)
{
    handover().position = m_wish.resume->position;
    if (const auto *failure = std::get_if<Engine::Failure>(&outcome)) {
        if (*failure != Engine::Failure::NoSession)
            return refuse(refusalOf(*failure));
        if (!m_claim) {
            m_hub.listenerCounters.resumesUnknown.add();
            return begin();
        }
        // The engine came back without it.
        handover().isForgotten = true;
        return goOnHere(1);
    }
    const auto &session = std::get<Engine::Session>(outcome);
    if (!mayResume(m_wish, session.shard.projectId, session.shard.shardName, session.userId)) {
        m_hub.listenerCounters.resumesUnknown.add();
        m_hub.cluster()->abandon(session);
        return begin();
    }
    if (m_claim && session.node == m_node.id())
        goOnHere(session.generation);
    else
        adopt(session);
}

void ClusterJoin::goOnHere(std::uint64_t generation)
{
    if (isBanned(m_claim->session().userId))
        return;
    handover().generation = generation;
    handover().claim.emplace(*std::move(m_claim));
    m_claim.reset();
    m_done(m_wish.handover);
}

void ClusterJoin::adopt(const Engine::Session &session)
{
    if (isBanned(session.userId))
        return m_hub.cluster()->abandon(session);
    auto state = unpackedState(session.data);
    if (!state) { // of a server that speaks another language
        m_hub.cluster()->abandon(session);
        return begin();
    }
    handover().adopted.emplace();
    handover().adopted->session = session;
    handover().adopted->state = *std::move(state);
    handover().clientId = session.clientId;
    m_node.place(
        {session.shard.projectId, session.clientId, session.shard.shardName, m_mostInShard, true},
        then(&ClusterJoin::onTakenOver));
}

void ClusterJoin::onTakenOver(const Engine::Outcome<Engine::Seat> &outcome)
{
    const auto *seat = std::get_if<Engine::Seat>(&outcome);
    const auto *failure = std::get_if<Engine::Failure>(&outcome);
    if (failure && *failure != Engine::Failure::ShardFull) {
        giveUpAdoption();
        return refuse(refusalOf(*failure));
    }
    if (!seat || !seat->wasThere) {
        // It had lost its seat, and with it what is known of its emits.
        giveUpAdoption();
        return begin();
    }
    if (occupy(*seat, handover().adopted->session.userId))
        askForEmits();
    else
        giveUpAdoption();
}

void ClusterJoin::giveUpAdoption()
{
    m_hub.cluster()->abandon(handover().adopted->session);
    handover().adopted.reset();
}

void ClusterJoin::askForEmits()
{
    struct Verdict {
        std::uint64_t lastEmit = 0;
        Engine::Mark lastMark;
        std::optional<Engine::Failure> failure;
    };
    const auto gathering = std::make_shared<Gathering<Verdict>>(
        2, [self = shared_from_this()](const Verdict &verdict) {
            if (verdict.failure) {
                self->m_hub.giveUp(self->handover());
                return self->refuse(refusalOf(*verdict.failure));
            }
            self->handover().adopted->lastEmit = verdict.lastEmit;
            self->handover().adopted->lastMark = verdict.lastMark;
            self->m_done(self->m_wish.handover);
        });
    const Engine::StreamId shard = handover().adopted->session.shard;
    for (const Engine::StreamId &stream : {shard, Engine::StreamId{shard.projectId}}) {
        Engine::ReadWish wish;
        wish.stream = stream;
        wish.clientId = handover().clientId;
        m_node.read(std::move(wish),
                    {m_hub.cluster()->executor(),
                     [gathering, isShard = stream.isShard()](const auto &outcome) {
                         gathering->add([&](Verdict &verdict) {
                             if (const auto *page = std::get_if<Engine::Page>(&outcome)) {
                                 verdict.lastEmit = std::max(verdict.lastEmit, page->lastEmit);
                                 if (isShard)
                                     verdict.lastMark = page->top;
                             } else {
                                 verdict.failure = std::get<Engine::Failure>(outcome);
                             }
                         });
                     }});
    }
}

void ClusterJoin::begin()
{
    m_claim.reset();
    if (isBanned(handover().userId))
        return;
    handover().nextSecret.clear();
    handover().clientId = newClientId();
    m_names = allowedShards(m_wish.parameters.shardName, m_wish.bearer.verdict.shards,
                            m_wish.requiresClaim);
    if (m_names.empty())
        return refuse(Refusal::ShardNotAllowed);
    std::ranges::reverse(m_names);
    place();
}

void ClusterJoin::place()
{
    const int limit = std::min(m_wish.parameters.maxConnectionsPerShard, m_mostInShard);
    m_node.place({m_wish.parameters.projectId, handover().clientId, m_names.back(), limit, true},
                 then(&ClusterJoin::onPlaced));
}

void ClusterJoin::onPlaced(const Engine::Outcome<Engine::Seat> &outcome)
{
    if (const auto *seat = std::get_if<Engine::Seat>(&outcome)) {
        if (occupy(*seat, handover().userId))
            m_done(m_wish.handover);
        return;
    }
    m_names.pop_back();
    const Engine::Failure failure = std::get<Engine::Failure>(outcome);
    if (failure == Engine::Failure::ShardFull && !m_names.empty())
        place();
    else
        refuse(refusalOf(failure));
}

bool ClusterJoin::occupy(const Engine::Seat &seat, const std::string &userId)
{
    ConnectParameters wish = m_wish.parameters;
    wish.shardName = seat.shard.shardName;
    wish.maxConnectionsPerShard = seat.limit;
    auto taken = m_hub.occupy(wish, userId);
    if (const auto *refusal = std::get_if<Refusal>(&taken)) {
        m_hub.cluster()->release(seat.shard.projectId, seat.clientId);
        refuse(*refusal);
        return false;
    }
    handover().seat = std::get<Placement::Seat>(std::move(taken));
    handover().seat.clientId = seat.clientId;
    return true;
}

bool ClusterJoin::isBanned(const std::string &userId)
{
    const auto ban = m_hub.banOf(m_wish.parameters.projectId, userId, handover().address);
    if (ban)
        refuse(Refusal::Banned, *ban);
    return ban.has_value();
}

} // namespace

void placeInCluster(Hub &hub, JoinWish wish, std::function<void(const Admission &)> done)
{
    std::make_shared<ClusterJoin>(hub, std::move(wish), std::move(done))->start();
}

} // namespace Dispatch
