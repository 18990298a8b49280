// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace Dispatch {

/// Takes work for a loop from any thread, also when that loop may be gone: it is then dropped.
class Mailbox {
public:
    explicit Mailbox(boost::asio::io_context &context)
        : m_context(&context)
    {
    }

    template<class Task>
    void post(Task &&task)
    {
        const std::lock_guard lock(m_mutex);
        if (m_context)
            boost::asio::post(*m_context, std::forward<Task>(task));
    }
    /// To be called before the loop is destroyed.
    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_context = nullptr;
    }

private:
    std::mutex m_mutex;
    boost::asio::io_context *m_context;
};

} // namespace Dispatch
