// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "emitledger_p.h"

#include <cstdint>

namespace Dispatch {

/// What a client of the extended profile has beside its connection.
struct ExtendedSession {
    EmitLedger emits;
    std::uint64_t emit = 0; ///< the message that is dealt with now; 0: it has no number
};

} // namespace Dispatch
