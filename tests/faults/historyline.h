// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "history.h"

#include <QtCore/qbytearray.h>

#include <optional>

/// Histories of clients in other processes, a line of JSON for each entry.
namespace Dispatch::Faults {

/// With its end of line.
QByteArray toLine(const AnyEntry &entry);
/// Nothing if \a line is no entry.
std::optional<AnyEntry> entryOf(const QByteArray &line);

} // namespace Dispatch::Faults
