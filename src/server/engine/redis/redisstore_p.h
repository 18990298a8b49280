// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "rediscalls_p.h"
#include "rediskeys_p.h"
#include "redissubscriber_p.h"
#include "store_p.h"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

namespace Dispatch::Engine {

/// A store in Redis 7: one script for each call, and two connections, one for calls and one for
/// what comes by itself. docs/engine.md has its keys.
class RedisStore final : public Store {
public:
    /// \a context runs on one thread, and outlives the store.
    RedisStore(boost::asio::io_context &context, const RedisSettings &settings,
               const Limits &limits);
    ~RedisStore() override;

    boost::asio::any_io_executor executor() const override;
    TimePoint now() const override { return Clock::now(); }
    const std::string &nodeId() const override { return m_nodeId; }
    const Limits &limits() const override { return m_limits; }

    void open(Sink &sink) override;
    void close() override;

    void place(const SeatWish &wish, Done<Seat> done) override;
    void release(const std::string &projectId, const std::string &clientId,
                 Done<Nothing> done) override;
    void keepSeats(const std::string &projectId, Done<Renewal> done) override;
    void occupancy(const std::string &projectId, Done<std::vector<Occupancy>> done) override;
    void nodes(const std::string &projectId, Done<std::vector<std::string>> done) override;
    void locate(const std::string &projectId, const std::string &clientId,
                Done<StreamId> done) override;

    void publish(const Emission &emission, Done<Published> done) override;
    void read(const ReadWish &wish, Done<Page> done) override;
    void subscribe(const StreamId &stream) override;
    void unsubscribe(const StreamId &stream) override;

    void pin(const Emission &emission, const Pin &pin, std::size_t most,
             Done<Pinned> done) override;
    void pins(const std::string &projectId, const Mark &seen, Done<PinList> done) override;

    void state(const StreamId &shard, const Mark &seen, Done<StateList> done) override;

    void setMember(const StreamId &shard, const Member &member, bool takesOver,
                   Done<Nothing> done) override;
    void removeMember(const StreamId &shard, const std::string &clientId,
                      Done<Nothing> done) override;
    void members(const StreamId &shard, Done<PresenceList> done) override;
    void keepMembers(const StreamId &shard, Done<Renewal> done) override;

    void createSession(const Session &session, const std::string &secret,
                       Done<Nothing> done) override;
    void claimSession(const std::string &shown, const std::string &next,
                      Done<Session> done) override;
    void updateSession(const Session &session, const std::string &secret, bool isConfirmed,
                       Done<Nothing> done) override;
    void restoreSession(const Session &session, const std::string &secret,
                        const std::string &previous, Done<Nothing> done) override;
    void endSession(const std::string &clientId, std::uint64_t generation,
                    const std::string &secret, Done<Nothing> done) override;

    void tell(const std::string &nodeId, const std::string &message, Done<Nothing> done) override;

private:
    using Arguments = std::vector<std::string>;

    Arguments streamArguments(const StreamId &stream, const Mark &seen,
                              const std::string &clientId);
    void claimOf(const std::string &clientId, const std::string &shown, const std::string &next,
                 Done<Session> done);
    /// Has \a secret lead to the session of \a clientId.
    void point(const std::string &secret, const std::string &clientId);

    const Limits m_limits;
    const std::string m_nodeId;
    const RedisKeys m_keys;
    RedisCalls m_calls;
    RedisSubscriber m_subscriber;
    boost::asio::io_context &m_context;
};

} // namespace Dispatch::Engine
