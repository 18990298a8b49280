// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"
#include "statechange_p.h"

namespace Dispatch::TestKit {

/// What the test's server allows, and how it answers.
struct Settings {
    bool baseProfileOnly = false;
    Milliseconds sessionWindow{30'000};
    int maxReplayEvents = 1000;
    int maxHistory = 0;
    int messagesPerSecond = 0; ///< 0: no limit
    int messageBurst = 0;
    StateBounds state;
};

} // namespace Dispatch::TestKit
