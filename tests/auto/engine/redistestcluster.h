// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "nodethread_p.h"
#include "redisserver.h"
#include "redissettings_p.h"
#include "testcluster.h"

#include <boost/asio/executor_work_guard.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Nodes with threads of their own, on one Redis.
class RedisTestCluster final : public TestCluster {
public:
    /// \a server is empty; nodes of this cluster are the only ones that use it.
    RedisTestCluster(RedisServer &server, const Dispatch::Engine::Limits &limits);
    ~RedisTestCluster() override;

    std::unique_ptr<TestNode> node() override;
    bool waitFor(const std::function<bool()> &condition) override;
    Dispatch::TimePoint now() const override { return Dispatch::Clock::now(); }
    void pause() override { m_server.pause(); }
    void goOn() override { m_server.goOn(); }
    void restartEmpty() override;
    void cutSubscriptions() override;
    void remember() override;
    void rollBack() override;

    Dispatch::Engine::RedisSettings settings; ///< of nodes that are made from now on

private:
    RedisServer &m_server;
    /// Somebody may always come.
    const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    const Dispatch::Engine::Limits m_limits;
    std::vector<std::pair<std::string, std::string>> m_remembered; // keys, as Redis dumps them
};

/// The one that all tests of a program use; nothing if it does not start.
RedisServer *sharedRedisServer();
/// The same, once it is known which kind that is.
RedisServer *startedOnce(RedisServer::Kind kind);
