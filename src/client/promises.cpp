// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "promises_p.h"

#include <mutex>
#include <utility>
#include <vector>

namespace Dispatch {

DispatchError clientIsGone()
{
    return {DispatchError::Cancelled, QStringLiteral("The client is gone.")};
}

void keepForEver(std::shared_ptr<void> promise)
{
    static std::mutex mutex;
    // Never destroyed, as what is in it.
    static auto &kept = *new std::vector<std::shared_ptr<void>>;
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(promise));
}

} // namespace Dispatch
