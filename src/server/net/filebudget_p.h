// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace Dispatch {

/// How many connections there can be where \a limit files may be open and \a used are so already.
/// Some are kept for requests that are not answered yet, and for what else a program does.
int connectionsFor(std::int64_t limit, std::int64_t used);

/// The same of this process, as it is now.
int connectionsForThisProcess();

} // namespace Dispatch
