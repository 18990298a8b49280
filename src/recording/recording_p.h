// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qstring.h>

#include <variant>
#include <vector>

namespace Dispatch {

/// Something that somebody in a room did, at a time.
struct RecordedStep {
    enum What { Joins, Changes, Leaves, Emits };

    Milliseconds at{0}; ///< since the recording began
    What what = Emits;
    QString person = {}; ///< any name for him; empty: the server
    QString userId = {}; ///< of who joins or changes; empty: not identified
    QString eventName = {};
    QJsonValue value = {}; ///< the user info, or the payload
    bool isPrivate = false; ///< whether the event went to the one who recorded alone

    bool operator==(const RecordedStep &) const = default;
};

/// What was read of a recording.
struct Recording {
    std::vector<RecordedStep> steps = {};
    /// Whether the last line was left out: whoever wrote it was ended meanwhile.
    bool isCutOff = false;
};

/// Bytes of a recording; a longer one is not read.
inline constexpr qsizetype LongestRecording = 64 * 1024 * 1024;
/// Bytes of a recording, unless somebody wants more.
inline constexpr qsizetype UsualRecording = 16 * 1024 * 1024;

/// What a recording begins with.
QByteArray recordingHead();
/// \a step as a line of a recording.
QByteArray recordedLine(const RecordedStep &step);
/// The recording that \a text is, or why it is none, with the line that is wrong.
std::variant<Recording, QString> readRecording(const QByteArray &text);

} // namespace Dispatch
