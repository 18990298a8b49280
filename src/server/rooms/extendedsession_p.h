// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addresslimits_p.h"
#include "clock_p.h"
#include "emitledger_p.h"
#include "replaylog_p.h"
#include "streamposition_p.h"

#include <cstdint>
#include <memory>
#include <string>

namespace Dispatch {

/// What a client of the extended profile has beside its connection, and keeps when that is lost.
struct ExtendedSession {
    std::uint64_t id = 0; ///< in the registry; 0 before the greeting
    std::string secret; ///< for the next greeting
    StreamPosition position; ///< that the client says it is at when it comes back
    int history = 0; ///< events from before the join that it wishes for
    EmitLedger emits;
    std::uint64_t emit = 0; ///< the message that is dealt with now; 0: it has no number
    std::uint64_t seq = 0; ///< of the event that it became
    DirectLog direct;
    bool isConfirmed = false; ///< the client was heard since it has the secret

    // Only while it is away.
    bool isAway = false;
    TimePoint awaySince;
    TimePoint lastHeard;
    std::string reason; ///< why the connection was lost
    std::shared_ptr<const AddressCounts::Lease> lease; ///< counts it where it came from
};

} // namespace Dispatch
