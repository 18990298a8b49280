// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redistestcluster.h"

#include "redisstore_p.h"

#include <boost/asio/post.hpp>

#include <future>

using namespace Dispatch;
using namespace Dispatch::Engine;

namespace {

class RedisTestNode final : public TestNode {
public:
    RedisTestNode(boost::asio::io_context &context, const RedisSettings &settings,
                  const Limits &limits)
    {
        heard = std::make_shared<TestNodeListener>(context);
        m_thread = std::make_unique<NodeThread>(
            [&](boost::asio::io_context &own) {
                m_context = &own;
                return std::make_unique<RedisStore>(own, settings, limits);
            },
            heard);
    }
    ~RedisTestNode() override { thaw(); }

    Node &engine() override { return m_thread->node(); }
    void freeze() override
    {
        m_thawed = std::make_shared<std::promise<void>>();
        const auto isFrozen = std::make_shared<std::promise<void>>();
        boost::asio::post(*m_context, [thawed = m_thawed, isFrozen] {
            isFrozen->set_value();
            thawed->get_future().wait();
        });
        isFrozen->get_future().wait();
    }
    void thaw() override
    {
        if (const auto thawed = std::exchange(m_thawed, {}))
            thawed->set_value();
    }

private:
    std::unique_ptr<NodeThread> m_thread;
    boost::asio::io_context *m_context = nullptr;
    std::shared_ptr<std::promise<void>> m_thawed;
};

} // namespace

RedisTestCluster::RedisTestCluster(RedisServer &server, const Limits &limits)
    : m_server(server)
    , m_work(boost::asio::make_work_guard(context))
    , m_limits(limits)
{
    settings.socketPath = server.socketPath();
}

RedisTestCluster::~RedisTestCluster()
{
    m_server.goOn();
}

std::unique_ptr<TestNode> RedisTestCluster::node()
{
    return std::make_unique<RedisTestNode>(context, settings, m_limits);
}

bool RedisTestCluster::waitFor(const std::function<bool()> &condition)
{
    constexpr milliseconds Step{5};
    constexpr Duration Longest = std::chrono::seconds(30);
    const TimePoint end = now() + Longest;
    while (!condition()) {
        if (now() > end)
            return false;
        if (context.run_one_for(Step) > 0)
            context.poll();
    }
    return true;
}

void RedisTestCluster::restartEmpty()
{
    m_server.stop();
    if (!m_server.start())
        qFatal("Redis does not start again");
}

void RedisTestCluster::cutSubscriptions()
{
    m_server.ask({"CLIENT", "KILL", "TYPE", "pubsub"});
}

void RedisTestCluster::remember()
{
    m_remembered.clear();
    const RedisReply keys = m_server.ask({"KEYS", "*"});
    for (std::size_t i = 0; i < keys->elements; ++i) {
        const std::string key(textOf(at(*keys, i)));
        m_remembered.emplace_back(key, m_server.text({"DUMP", key}));
    }
}

void RedisTestCluster::rollBack()
{
    m_server.ask({"FLUSHALL"});
    for (const auto &[key, dump] : m_remembered)
        m_server.ask({"RESTORE", key, "0", dump});
}

RedisServer *startedOnce(RedisServer::Kind kind)
{
    static RedisServer server(kind);
    static const bool hasStarted = server.start();
    return hasStarted ? &server : nullptr;
}

std::unique_ptr<TestCluster> makeTestCluster(const Limits &limits)
{
    RedisServer *server = sharedRedisServer();
    if (!server)
        return nullptr;
    server->ask({"FLUSHALL"});
    server->ask({"SCRIPT", "FLUSH"});
    return std::make_unique<RedisTestCluster>(*server, limits);
}
