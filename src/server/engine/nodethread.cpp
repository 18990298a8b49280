// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "nodethread_p.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace Dispatch::Engine {

namespace net = boost::asio;

namespace {

constexpr int TicksPerBeat = 4;
constexpr milliseconds LongestTick{250};

} // namespace

NodeThread::NodeThread(const MakeStore &makeStore, std::shared_ptr<NodeListener> listener)
    : m_work(net::make_work_guard(m_context))
    , m_timer(m_context)
    , m_node(makeStore(m_context), std::move(listener))
{
    m_node.open();
    net::post(m_context, [this] { tick(); });
    m_thread = std::thread([this] { m_context.run(); });
}

NodeThread::~NodeThread()
{
    stop();
}

void NodeThread::stop()
{
    if (!m_thread.joinable())
        return;
    m_node.close();
    // Behind what ends now; a name that is being looked up may take longer than anybody waits.
    net::post(m_context, [this] { net::post(m_context, [this] { m_context.stop(); }); });
    m_thread.join();
}

void NodeThread::tick()
{
    m_node.tick();
    m_timer.expires_after(std::min(m_node.limits().beat / TicksPerBeat, LongestTick));
    m_timer.async_wait([this](boost::system::error_code ec) {
        if (!ec)
            tick();
    });
}

} // namespace Dispatch::Engine
