// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "greetingmessage_p.h"
#include "hub_p.h"
#include "link_p.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace Dispatch::TestKit {

/// A client, as the server has it: its connection, and the session that outlives that.
class Peer final : public Member,
                   private ServerEnd,
                   private Alarm,
                   public std::enable_shared_from_this<Peer> {
public:
    Peer(Hub &hub, Profile profile);
    ~Peer() override;

    bool isExtended() const { return m_profile == Profile::Extended; }
    /// Whether \a secret is that of its session.
    bool isOf(const std::string &secret) const { return !m_secret.empty() && m_secret == secret; }
    bool isAway() const { return !m_link; }

    void join(const std::shared_ptr<Link> &link, Room &room, int history);
    void resume(const std::shared_ptr<Link> &link, const StreamPosition &position);
    /// Says why, and ends the connection; of who is away, the session, if \a refusal is for good.
    void end(Refusal refusal);
    void sendElsewhere(Milliseconds retryAfter);
    /// Has no session to come back to any more, and leaves if it is away.
    void forgetSession();

    void hear(const RoomEvent &event) override;
    void hearDirectly(const RoomEvent &event) override;
    void see(const std::string &differences) override;

private:
    /// What goes out again after a connection was lost.
    using Missed = std::vector<std::string>;
    struct Direct {
        std::uint64_t afterSeq = 0; ///< it came behind this event of the room
        std::string text;
    };

    void linkReceived(const QString &text) override;
    void linkEnded(std::optional<CloseCode> code) override;
    /// It was away for too long; or, if it is there, has to hear what was taken.
    void ring() override;

    // The connection, and the session.
    void send(const std::string &text);
    void sendEvent(std::string_view name, std::string_view payload);
    void close(CloseCode code, std::string_view reason);
    void lose(bool mayComeBack);
    void greet(bool isRecovered, const StreamPosition &from, const Missed &missed);
    std::string limits() const;
    StreamPosition position() const;
    std::optional<Missed> missedSince(const StreamPosition &position) const;

    // What the client says (peer_messages.cpp).
    bool takeNumber(std::uint64_t emit);
    bool isWithinRate();
    void handle(const ClientMessage &message);
    void emitEvent(const ClientMessage &message);
    void setUserInfo(std::string_view payload);
    void identify(std::string_view payload);
    void changeState(std::string_view payload);
    void acknowledgeLater();
    void acknowledge();
    void refuse(Refusal refusal, std::string_view detail = {},
                std::optional<Milliseconds> retryAfter = {});

    Hub &m_hub;
    const Profile m_profile;
    std::shared_ptr<Link> m_link; ///< null: it is away
    std::string m_secret;

    std::deque<Direct> m_directs; // the last of them is m_lastDirect
    std::uint64_t m_lastDirect = 0;
    std::uint64_t m_lastEmit = 0;
    std::uint64_t m_lastSeq = 0; ///< of the event that it became
    std::uint64_t m_emit = 0; ///< what is dealt with now; 0: it has no number
    std::vector<RefusedEmit> m_refused; // the latest
    std::uint64_t m_refusedSince = 1; ///< m_refused has all from this one on
    double m_spent = 0; ///< messages of the burst
    Instant m_spentAt{};
    int m_badTokens = 0;
    int m_reservedEvents = 0;
};

} // namespace Dispatch::TestKit
