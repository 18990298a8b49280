// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "memorystore_p.h"
#include "testcluster.h"

#include <algorithm>

using namespace Dispatch;
using namespace Dispatch::Engine;

namespace {

class MemoryTestCluster;

class MemoryTestNode final : public TestNode {
public:
    explicit MemoryTestNode(MemoryTestCluster &cluster);
    ~MemoryTestNode() override;

    Node &engine() override { return m_node; }
    void freeze() override { isFrozen = true; }
    void thaw() override { isFrozen = false; }

    bool isFrozen = false;

private:
    MemoryTestCluster &m_cluster;
    Node m_node;
};

class MemoryTestCluster final : public TestCluster {
public:
    explicit MemoryTestCluster(const Limits &limits)
        : network(limits)
    {
    }

    std::unique_ptr<TestNode> node() override { return std::make_unique<MemoryTestNode>(*this); }

    bool waitFor(const std::function<bool()> &condition) override
    {
        constexpr milliseconds Step{10};
        constexpr Duration Longest = std::chrono::minutes(10);
        for (const TimePoint end = network.now() + Longest; network.now() < end;) {
            context.restart();
            context.poll();
            if (condition())
                return true;
            network.advance(Step);
            for (MemoryTestNode *node : nodes) {
                if (!node->isFrozen)
                    node->engine().tick();
            }
        }
        return false;
    }

    TimePoint now() const override { return network.now(); }
    void pause() override { network.setPaused(true); }
    void goOn() override { network.setPaused(false); }
    void restartEmpty() override { network.restart(); }
    void cutSubscriptions() override { network.cutSubscriptions(); }
    void remember() override { m_remembered = network.snapshot(); }
    void rollBack() override { network.restore(*m_remembered); }

    MemoryNetwork network;
    std::vector<MemoryTestNode *> nodes;

private:
    std::optional<MemoryCluster> m_remembered;
};

MemoryTestNode::MemoryTestNode(MemoryTestCluster &cluster)
    : m_cluster(cluster)
    , m_node(std::make_unique<MemoryStore>(cluster.context, cluster.network),
             heard = std::make_shared<TestNodeListener>(cluster.context))
{
    m_cluster.nodes.push_back(this);
    m_node.open();
}

MemoryTestNode::~MemoryTestNode()
{
    std::erase(m_cluster.nodes, this);
    m_node.close();
}

} // namespace

std::unique_ptr<TestCluster> makeTestCluster(const Limits &limits)
{
    return std::make_unique<MemoryTestCluster>(limits);
}
