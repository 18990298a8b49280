// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "recording_p.h"

namespace Dispatch::Ctl {

/// What of a recording can be played by clients of a server.
struct ReplayPlan {
    /// Each person joins before he does anything else, and does nothing more behind his leave.
    std::vector<RecordedStep> steps = {};
    int mostPeople = 0; ///< who are there at a time
    // What is not played:
    qint64 userIds = 0; ///< people who were known as users
    qint64 privateEvents = 0; ///< went to the one who recorded alone
    qint64 serverEvents = 0; ///< emitted by nobody in the room
};

/// A plan for \a steps; what the server emitted is played if there is a back end to do so.
ReplayPlan planReplay(std::vector<RecordedStep> steps, bool hasBackEnd);

} // namespace Dispatch::Ctl
