// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "subprotocol_p.h"

#include <cstdint>
#include <optional>
#include <string>

namespace Dispatch {

/// How far a client of the extended profile has got in what the server sends, and what it resumes
/// with when the connection is lost (docs/protocol-extended.md, "Events" and "Resume").
class Stream {
public:
    /// The server said where the client is, and gave it \a secret to resume with, if that can be
    /// offered; the next \a replay events are from before.
    void greeted(std::string secret, const StreamPosition &position, std::uint64_t replay);
    /// There is nothing to go on with any more.
    void forget() { *this = {}; }
    /// The next connection is not to go on with this session.
    void forgetSecret() { m_secret.clear(); }

    /// What to resume with; nothing if there is nothing to go on with.
    std::optional<ResumeOffer> offer() const;

    const StreamPosition &position() const { return m_position; }

    /// Whether an event with this number can follow what was dealt with; 0 is that of one for
    /// recipients.
    bool isNext(std::uint64_t seq) const { return seq == 0 || seq == m_position.seq + 1; }
    /// Whether the next event is one from before.
    bool isReplaying() const { return m_replay > 0; }
    /// The handlers of the next event have returned.
    void pass(std::uint64_t seq);

private:
    std::string m_secret;
    StreamPosition m_position;
    std::uint64_t m_replay = 0;
};

} // namespace Dispatch
