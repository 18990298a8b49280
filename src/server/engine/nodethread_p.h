// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "node_p.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <thread>

namespace Dispatch::Engine {

/// A node on a thread of its own, which is the only one that ever deals with its store.
class NodeThread {
public:
    using MakeStore = std::function<std::unique_ptr<Store>(boost::asio::io_context &)>;

    NodeThread(const MakeStore &makeStore, std::shared_ptr<NodeListener> listener);
    ~NodeThread();
    /// Ends all calls, and the thread. Nothing is given back.
    void stop();

    Node &node() { return m_node; }
    boost::asio::any_io_executor executor() { return m_context.get_executor(); }

private:
    void tick();

    boost::asio::io_context m_context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> m_work;
    boost::asio::steady_timer m_timer;
    Node m_node;
    std::thread m_thread;
};

} // namespace Dispatch::Engine
