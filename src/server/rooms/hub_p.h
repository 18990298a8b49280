// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addresslimits_p.h"
#include "banlist_p.h"
#include "clientinfo_p.h"
#include "cluster_p.h"
#include "counters_p.h"
#include "dispatchserversettings.h"
#include "dispatchtokenverifier.h"
#include "notices_p.h"
#include "placement_p.h"
#include "sessionregistry_p.h"
#include "timedlock_p.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace Dispatch {

class Worker;
struct Mailing;
struct UpgradeRequest;

/// What waits for clients to read it.
struct Waiting {
    std::int64_t bytes = 0;
    std::int64_t largest = 0; ///< bytes that wait for one client
    std::int64_t clients = 0; ///< for whom something waits
};

/// What the threads of one server share. None of it is touched on the way of an event.
class Hub {
public:
    /// With \a makeStore the server shares an engine with others; without, it is alone.
    Hub(const DispatchServerSettings &settings,
        std::shared_ptr<const DispatchTokenVerifier> verifier, std::function<void()> wake,
        const Engine::NodeThread::MakeStore &makeStore = {});
    ~Hub();

    std::variant<Placement::Seat, Refusal> reserve(const ConnectParameters &wish,
                                                   const std::string &userId);
    /// The same in a shard that is named, where the engine has given the seat.
    std::variant<Placement::Seat, Refusal> occupy(const ConnectParameters &wish,
                                                  const std::string &userId);
    /// False if \a userId has too many connections; then nothing changes.
    bool switchUser(Placement::Seat &seat, const std::string &userId);
    void release(const Placement::Seat &seat);
    /// Gives back what \a request has: nobody goes on with it.
    void giveUp(const UpgradeRequest &request);
    /// The project's shards on this server.
    std::vector<Placement::Occupancy> occupancy(std::string_view projectId) const;
    /// Those on all servers; \a done hears of them, or why nobody knows, on any thread.
    void askOccupancy(
        const std::string &projectId,
        std::function<void(std::variant<std::vector<Placement::Occupancy>, Refusal>)> done) const;
    Placement::Figures placementFigures() const;
    Placement::Largest largestShards(std::string_view text, std::size_t most) const;
    /// How long the lock of placement was held, each time.
    const Histogram &placementTimes() const { return m_placementTimes; }
    /// What waits for clients, as of the latest sweep of each worker.
    Waiting waiting() const;
    /// Adds what all threads have counted to \a sum.
    void addCounters(Counters &sum) const;

    /// Goes on with other settings and another verifier; may be called on any thread. The number of
    /// threads stays what it was.
    void reconfigure(const DispatchServerSettings &settings,
                     std::shared_ptr<const DispatchTokenVerifier> verifier);

    /// What the verifier says of a user's \a token; without a verifier each is refused.
    DispatchTokenVerdict verify(std::string_view token, std::string_view projectId) const;
    /// The same of a back end's token: its projectToken, in the URL, a header or a request.
    DispatchTokenVerdict verifyBackend(std::string_view token, std::string_view projectId) const;
    /// A copy, on any thread.
    DispatchServerSettings settings() const;

    /// Lets nobody in any more, and has the workers send away those who are there, one by one. The
    /// reader of notices is woken when hasDrained() may have become true.
    void drain();
    /// May be called on any thread.
    bool isDraining() const { return m_isDraining; }
    bool hasDrained() const;

    /// Whether clients that come now are let in, if there is room.
    bool isReady() const { return !isClosing && !isDraining(); }
    bool hasRoom() const;
    /// What this server shares with others; null if it is alone.
    Cluster *cluster() const { return m_cluster.get(); }
    /// What this server's node has counted; nothing if the server is alone. On any thread.
    std::optional<Engine::Figures> engineFigures() const;
    bool hasVerifier() const { return verifier() != nullptr; }

    // For back ends (hub_backends.cpp).

    std::variant<Placement::Seat, Refusal> reserveBackend(const ConnectParameters &wish);
    /// Sends \a mailing on its way; \a done hears why that was not possible, on any thread. Then
    /// nobody gets it, unless it was to go to several shards.
    void publish(const std::shared_ptr<const Mailing> &mailing,
                 std::function<void(std::optional<Refusal>)> done);
    // What is asked of the workers is answered on any thread.

    /// At most \a limit clients in the shard, from behind \a after on, of all servers.
    void listClients(const std::string &projectId, const std::string &shardName,
                     const std::string &after, std::size_t limit,
                     std::function<void(std::variant<ClientPage, Refusal>)> done);
    /// The same of this server.
    void listClientsHere(const std::string &projectId, const std::string &shardName,
                         const std::string &after, std::size_t limit,
                         std::function<void(ClientPage)> done);
    /// On all servers; those of this one, if there are any.
    void findClient(const std::string &projectId, const std::string &clientId,
                    std::function<void(std::variant<std::vector<ClientInfo>, Refusal>)> done);
    /// Tells all whom \a selection names why they have to go, and closes, on all servers; \a done
    /// hears how many they were, or why that was not possible.
    void sendAway(const ClientSelection &selection, Refusal refusal, const std::string &detail,
                  std::function<void(std::variant<int, Refusal>)> done);
    /// The same on this server.
    void sendAwayHere(const ClientSelection &selection, Refusal refusal, const std::string &detail,
                      std::function<void(int)> done);
    /// The reason of the ban of the user or the address, if there is one.
    std::optional<std::string> banOf(std::string_view projectId, std::string_view userId,
                                     std::string_view address) const;
    /// Bans, here and on all other servers; \a done hears why that was not possible, on any thread:
    /// ServerFull if there are too many.
    void putBan(const std::string &projectId, const BanList::Ban &ban,
                std::function<void(std::optional<Refusal>)> done);
    /// \a done hears whether there was one.
    void removeBan(const std::string &projectId, BanList::Kind kind, const std::string &name,
                   std::function<void(std::variant<bool, Refusal>)> done);
    /// \a done gets a list that has all bans of the project, for as long as it runs; it must not
    /// ask the hub for bans.
    void readBans(const std::string &projectId,
                  std::function<void(std::variant<const BanList *, Refusal>)> done);
    /// What is heard of other servers. If they are \a all, there are no others.
    void learnBans(const std::string &projectId, const std::vector<BanList::Ban> &bans, bool isAll);
    /// False if a ban that \a isTakenBack was not known.
    bool learnBan(const std::string &projectId, const BanList::Ban &ban, bool isTakenBack);
    /// Calls \a f with the list of bans, which nobody else can touch meanwhile.
    template<class F>
    auto withBans(F f)
    {
        const std::lock_guard lock(m_banMutex);
        return f(m_bans);
    }

    const TimePoint startedAt = Clock::now();
    Notices notices;
    std::atomic<bool> isClosing{false};
    Counters listenerCounters;
    const std::shared_ptr<AddressCounts> addresses = std::make_shared<AddressCounts>();
    /// The same of sessions that have no connection.
    const std::shared_ptr<AddressCounts> awayAddresses = std::make_shared<AddressCounts>();
    SessionRegistry sessions;
    Counters operatorsCounters; ///< of the listener for operators, whom no figure is about
    std::vector<std::unique_ptr<Worker>> workers;

private:
    using Judge = decltype(&DispatchTokenVerifier::verify);

    DispatchTokenVerdict judge(Judge check, std::string_view token,
                               std::string_view projectId) const;
    std::shared_ptr<const DispatchTokenVerifier> verifier() const;

    mutable std::mutex m_settingsMutex;
    DispatchServerSettings m_settings;
    mutable std::mutex m_verifierMutex;
    std::shared_ptr<const DispatchTokenVerifier> m_verifier;
    mutable std::mutex m_placementMutex;
    mutable Histogram m_placementTimes;
    Placement m_placement;
    mutable std::mutex m_banMutex;
    BanList m_bans;
    std::atomic<bool> m_isDraining{false};
    std::unique_ptr<Cluster> m_cluster;
};

} // namespace Dispatch
