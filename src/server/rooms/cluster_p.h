// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "banlist_p.h"
#include "headcounts_p.h"
#include "nodethread_p.h"
#include "refusal_p.h"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace Dispatch {

class Hub;
struct BanNews;
struct ClientInfo;
struct ClientPage;
struct ClientSelection;
struct Dismissal;
struct Mailing;

/// What a client is told of \a failure.
Refusal refusalOf(Engine::Failure failure);

/// What one server has to do with the engine that several servers share (docs/engine.md): its node,
/// the streams of the projects that it has clients of, and what the engine has to say to its
/// workers. Its functions may be called on any thread.
class Cluster {
public:
    Cluster(Hub &hub, const Engine::NodeThread::MakeStore &makeStore);
    ~Cluster();
    /// Ends the engine's thread. Waits until what was given back is given back, but not for long.
    void stop();

    Engine::Node &node() const { return m_thread->node(); }
    /// The engine's thread, which must not be blocked.
    boost::asio::any_io_executor executor() const { return m_thread->executor(); }
    /// Where a call ends, on that thread: \a step takes its result, or \a done hears why there is
    /// none.
    template<class T, class Answer, class Step>
    Engine::Reply<T> reply(Answer done, Step step) const
    {
        return {
            executor(),
            [done = std::move(done), step = std::move(step)](const Engine::Outcome<T> &outcome) {
                if (const auto *why = std::get_if<Engine::Failure>(&outcome))
                    done(refusalOf(*why));
                else
                    step(std::get<T>(outcome));
            }};
    }

    /// One more shard of the project is here, or one more of its back ends. \a ready comes on
    /// \a executor when events for recipients are heard.
    void enterProject(const std::string &projectId, boost::asio::any_io_executor executor,
                      std::function<void()> ready);
    void leaveProject(const std::string &projectId);

    void release(const std::string &projectId, const std::string &clientId);
    /// Ends a session that was claimed and can't go on here: with its seat and its presence,
    /// whichever server had them.
    void abandon(const Engine::Session &session);

    /// Publishes what a back end wishes, wherever those are who get it. \a done hears why that was
    /// not possible, on the engine's thread.
    void publish(const std::shared_ptr<const Mailing> &mailing,
                 std::function<void(std::optional<Refusal>)> done);
    /// Has each server send away whom \a selection names. \a done hears, on any thread, how many
    /// they were on those that have answered in time, or why it was not possible.
    void sendAway(const ClientSelection &selection, Refusal refusal, const std::string &detail,
                  std::function<void(std::variant<int, Refusal>)> done);
    /// The clients in the shard on all servers; \a done hears of them on any thread.
    void listClients(const Engine::StreamId &shard, const std::string &after, std::size_t limit,
                     std::function<void(std::variant<ClientPage, Refusal>)> done);

    // Bans (cluster_bans.cpp); \a done hears on the engine's thread.

    /// Bans on all servers, now and later; ServerFull if the project has \a most bans.
    void putBan(const std::string &projectId, const BanList::Ban &ban, std::size_t most,
                std::function<void(std::optional<Refusal>)> done);
    /// \a done hears whether there was one.
    void removeBan(const std::string &projectId, BanList::Kind kind, const std::string &name,
                   std::function<void(std::variant<bool, Refusal>)> done);
    /// \a done gets a list that has the project's bans, as Hub::readBans().
    void readBans(const std::string &projectId,
                  std::function<void(std::variant<const BanList *, Refusal>)> done);
    /// Finds a client of the project on whichever server.
    void findClient(const std::string &projectId, const std::string &clientId,
                    std::function<void(std::variant<std::vector<ClientInfo>, Refusal>)> done);

private:
    class Ear;
    class ProjectEar;
    struct Project;

    void enter(const std::string &projectId,
               std::pair<boost::asio::any_io_executor, std::function<void()>> waiter);
    void leave(const std::string &projectId);
    /// Whether what goes through the project's stream is heard here.
    bool hears(const std::string &projectId) const;

    // For back ends (cluster_backends.cpp).

    using Sum = std::function<void(std::variant<int, Refusal>)>;

    void sendAwayOn(const std::vector<std::string> &servers, Dismissal dismissal, const Sum &done);
    /// Does what \a entry of the project's stream says that each server has to do, if it does.
    void obey(const std::string &projectId, const std::string &entry);
    void answer(const std::string &asker, std::uint64_t question, int count);
    void takeHeadcount(const std::string &message);
    /// Whether this server knows the project's bans: that is, all of them.
    bool knowsBans(const std::string &projectId) const;
    /// False if this server does not know the project's bans, or that one was taken back that it
    /// does not know.
    bool learn(const std::string &projectId, const BanNews &news);

    Hub &m_hub;
    // On the engine's thread.
    std::map<std::string, std::shared_ptr<ProjectEar>> m_projects;
    Headcounts m_headcounts;
    std::unique_ptr<Engine::NodeThread> m_thread;
};

/// The bans that a project has pinned up.
std::vector<BanList::Ban> bansIn(const Engine::PinList &list);

} // namespace Dispatch
