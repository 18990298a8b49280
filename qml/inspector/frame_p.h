// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"
#include "messagetext_p.h"
#include "secretmask_p.h"
#include "servermessage_p.h"
#include "wiretap_p.h"

namespace Dispatch::Inspection {

/// What passed, as it can be shown to anybody.
struct Frame {
    enum class Direction { None, Sent, Heard };
    enum class Kind {
        Event, ///< of the application
        Platform, ///< an event of the platform, by its name without @@KOJI_DISPATCH/
        Refusal, ///< the platform's ERROR
        Unreadable, ///< no message
        Control, ///< ping and pong
        Connection, ///< what became of the connection
    };

    qint64 time = 0; ///< ms since the epoch
    Kind kind = Kind::Connection;
    Direction direction = Direction::None;
    QString name;
    QString note = {}; ///< what it says of itself in short: its number, its emitter
    QString text = {}; ///< all of it, in one line, or as much as is kept
    qsizetype bytes = 0; ///< of the message in UTF-8
    bool isRoutine = false; ///< comes and goes by itself, and says little

    /// All of that but the text, as a line.
    QString summary() const;
};

/// Makes frames of what passes.
class FrameReader {
public:
    static constexpr int DefaultLength = 2'000;

    /// UTF-16 code units of a text that are kept at most.
    int maxLength() const { return m_maxLength; }
    void setMaxLength(int length) { m_maxLength = length; }
    SecretMask &mask() { return m_mask; }
    const SecretMask &mask() const { return m_mask; }

    Frame read(const WireEvent &event);
    /// \a text without what is secret by its look, in one line, and cut.
    QString shown(const QString &text) const;

private:
    Frame readSent(const QString &text);
    Frame readHeard(const QString &text);

    MessageText m_utf8;
    ClientMessageParser m_sent;
    ServerMessageParser m_heard;
    SecretMask m_mask;
    int m_maxLength = DefaultLength;
};

} // namespace Dispatch::Inspection
