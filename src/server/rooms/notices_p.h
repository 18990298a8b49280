// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace Dispatch {

/// That a client joined, or left and why.
struct Notice {
    bool joined = false;
    std::string projectId;
    std::string shardName;
    std::string clientId;
    std::string reason;
};

/// Carries notices from the server's threads to the one that owns the server. The reader is woken
/// once for all that wait; a reader who never comes costs a bounded amount of memory.
class Notices {
public:
    /// \a wake is called on the thread that posts, and must only cause take() to be called later.
    explicit Notices(std::function<void()> wake);

    void post(Notice notice);
    /// Has take() called although there may be nothing.
    void wake() const { m_wake(); }
    std::vector<Notice> take();

private:
    std::mutex m_mutex;
    std::vector<Notice> m_waiting;
    const std::function<void()> m_wake;
    bool m_full = false;
};

} // namespace Dispatch
