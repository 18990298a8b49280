// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

namespace Dispatch::Ctl {

/// How dispatchctl ends (docs/dispatchctl.md, "Exit codes").
enum class ExitCode {
    Fine = 0,
    Failed = 1, ///< what was asked for did not come about
    BadUsage = 2, ///< another try with the same options can't help
    Unreachable = 3, ///< no server there, or none that speaks the protocol
    Refused = 4, ///< by the server
    TimedOut = 5,
};

} // namespace Dispatch::Ctl
