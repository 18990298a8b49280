// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clock_p.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace Dispatch {

/// Has \a task done on \a executor after \a delay, if that still runs then.
inline void later(const boost::asio::any_io_executor &executor, milliseconds delay,
                  std::function<void()> task)
{
    const auto timer = std::make_shared<boost::asio::steady_timer>(executor, delay);
    timer->async_wait([timer, task = std::move(task)](boost::system::error_code ec) {
        if (!ec)
            task();
    });
}

} // namespace Dispatch
