// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstring.h>

#include <chrono>
#include <optional>

namespace Dispatch::Ctl {

using Milliseconds = std::chrono::milliseconds;

inline constexpr Milliseconds Day = std::chrono::hours(24);
/// A hundred years.
inline constexpr Milliseconds LongestDuration = 36'600 * Day;

/// Reads a duration: a number, maybe with a fraction, and ms, s, m, h or d; s if there is none.
/// Nothing if it is none, or longer than LongestDuration.
std::optional<Milliseconds> parseDuration(QStringView text);

/// \a duration for people, rounded down to its two greatest units: "3 d 4 h", "59 min", "350 ms".
QString formatDuration(Milliseconds duration);

/// When something is that comes after \a delay: "in 3 s", "at once".
QString formatDelay(Milliseconds delay);

/// When \a time is, seen from \a now, both in ms since the epoch: "in 59 min 59 s", "3 s ago".
QString formatRelative(qint64 time, qint64 now);

/// A time in ms since the epoch for people, in UTC: "2026-01-01 00:00:00 UTC".
QString formatTime(qint64 time);

} // namespace Dispatch::Ctl
