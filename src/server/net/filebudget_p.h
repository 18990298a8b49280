// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>

namespace Dispatch {

/// Files that listeners hold open for the time when there is no other one (FileReserve).
constexpr std::size_t FilesReservedForClients = 16;
constexpr std::size_t FilesReservedForOperators = 4;

/// How many connections there can be where \a limit files may be open and \a used are so already.
/// Some are kept for requests that are not answered yet, and for what else a program does.
int connectionsFor(std::int64_t limit, std::int64_t used);

/// The same of this process, in which a server with so many \a threads, and two listeners, is to
/// begin.
int connectionsForThisProcess(int threads);

} // namespace Dispatch
