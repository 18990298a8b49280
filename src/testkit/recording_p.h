// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "instant_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qjsonvalue.h>
#include <QtCore/qstring.h>

#include <variant>
#include <vector>

namespace Dispatch::TestKit {

/// Something that somebody in a room did, at a time.
struct RecordedStep {
    enum What { Joins, Changes, Leaves, Emits };

    Milliseconds at{0}; ///< since the recording began
    What what = Emits;
    QString person = {}; ///< any name for him; empty: the server
    QString userId = {}; ///< of who joins or changes; empty: not identified
    QString eventName = {};
    QJsonValue value = {}; ///< the user info, or the payload
};

/// What a recording begins with.
QByteArray recordingHead();
/// \a step as a line of a recording.
QByteArray recordedLine(const RecordedStep &step);
/// The steps of a recording, or why it is none.
std::variant<std::vector<RecordedStep>, QString> readRecording(const QByteArray &recording);

} // namespace Dispatch::TestKit
