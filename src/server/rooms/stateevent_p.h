// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "statemessage_p.h"

#include <cstddef>
#include <string_view>

namespace Dispatch {

/// The name of events that tell of a change of the shared state, as JSON text: EventName::State.
inline constexpr std::string_view StateEventName = "\"@@KOJI_DISPATCH/STATE\"";

/// What a key and its value count for.
inline std::size_t bytesOf(const StateItem &item)
{
    return item.key.size() + item.value.size();
}

} // namespace Dispatch
