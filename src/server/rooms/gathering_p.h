// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>

namespace Dispatch {

/// Collects what several threads have to say. When the last has spoken, all of it goes to the one
/// who asked, on that thread; if one of them ends before, nothing does.
template<class Result>
class Gathering {
public:
    /// Waits for so many \a voices, at least one.
    Gathering(std::size_t voices, std::function<void(Result)> done)
        : m_silent(voices)
        , m_done(std::move(done))
    {
    }
    Gathering(const Gathering &) = delete;
    Gathering &operator=(const Gathering &) = delete;

    /// \a change is called with what was collected so far.
    template<class Change>
    void add(Change change)
    {
        {
            const std::lock_guard lock(m_mutex);
            change(m_result);
            if (--m_silent > 0)
                return;
        }
        m_done(std::move(m_result));
    }

private:
    std::mutex m_mutex;
    std::size_t m_silent;
    Result m_result{};
    const std::function<void(Result)> m_done;
};

} // namespace Dispatch
