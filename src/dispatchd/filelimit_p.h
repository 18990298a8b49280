// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

namespace Dispatch {

/// Allows this process as many open files as the system lets it have: each client is one.
void raiseFileLimit();

} // namespace Dispatch
