// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addresslimits_p.h"
#include "errorbudget_p.h"
#include "event_p.h"
#include "expiry_p.h"
#include "extendedsession_p.h"
#include "flood_p.h"
#include "heartbeat_p.h"
#include "membership_p.h"
#include "placement_p.h"
#include "presence_p.h"
#include "transport_p.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct DispatchTokenVerdict;

namespace Dispatch {

class Shard;
class Worker;
struct AdoptedSession;
struct Mailing;
struct Recovery;
struct ClientMessage;
struct ClientMessageError;

/// One client: what it says, what it is told, and who it is.
class Connection final : private Transport::Observer {
public:
    Connection(Worker &worker, const std::shared_ptr<Transport> &transport,
               const UpgradeRequest &request);
    ~Connection();

    /// Answers \a request; to be called once.
    void start(const UpgradeRequest &request);

    const Placement::Seat &seat() const { return m_seat; }
    Placement::Seat &seat() { return m_seat; }
    const Person &person() const { return m_person; }
    Person &person() { return m_person; }
    /// Nothing for a back end, and before the greeting.
    Shard *shard() const { return m_shard; }
    bool isBackend() const { return m_seat.shardId == 0; }
    /// Whether it speaks the extended profile.
    bool isExtended() const { return m_session != nullptr; }
    const std::string &address() const { return m_address; }
    std::int64_t connectedSince() const { return m_connectedSince; }
    void setShard(Shard *shard) { m_shard = shard; }

    /// Whether the connection was lost and may come back: seat, presence and identity are kept.
    bool isAway() const { return m_session && m_session->isAway; }
    /// Of an extended client; 0 before the greeting.
    std::uint64_t sessionId() const { return m_session->id; }

    /// Nothing while it is away.
    const std::shared_ptr<Transport> &transport() const { return m_transport; }
    std::size_t waitingBytes() const { return m_transport ? m_transport->waitingBytes() : 0; }
    void push(const Chunk &frames)
    {
        if (m_isOpen)
            m_transport->push(frames);
    }
    /// Keeps \a frames, which an extended client gets as a recipient, in case they get lost.
    void keepDirect(const Chunk &frames);

    /// Goes on over \a transport, unless one that came later has the session. False if it does not:
    /// there is nothing to go on with any more, or somebody else was faster.
    bool resume(const std::shared_ptr<Transport> &transport, const UpgradeRequest &request);

    /// Pings, or drops a client that is silent or takes nothing.
    void sweep(TimePoint now);
    void updateLastPing(TimePoint now);
    /// Acknowledges what the client emitted, if there is anything.
    void acknowledge();
    /// Ends the connection with \a code; it leaves for \a reason.
    void close(CloseCode code, std::string_view reason);

    /// Tells the client why it has to go, and closes. False if it goes already.
    bool sendAway(Refusal refusal, std::string_view detail);
    /// Tells the client to come back, in \a retryAfter if that is set, and closes. It stays in its
    /// shard, and is heard, until it answers: what it said before it knew is not lost.
    void sendElsewhere(std::optional<milliseconds> retryAfter);
    /// Whether sendElsewhere() is still to be called.
    bool isStaying() const { return m_isOpen && !m_hasEnded && !m_isLeaving; }

    // Where several servers share an engine (connection_cluster.cpp).

    /// Whether another server has the client, or will have it: nothing of it is given back.
    bool staysElsewhere() const { return m_membership && m_membership->staysElsewhere; }
    bool isOlderThan(const Engine::Session &session) const;
    /// Tells the other servers that the client is in its shard, or what is different.
    void enterCluster();
    void tellMember();
    /// Another server has the client.
    void loseSession();
    /// Events were lost, or may have been: who counts them has to come back, and sees. If it \a
    /// isKnown that they were, the others have to come back, too: else they would never know.
    void loseStream(bool isKnown);
    void loseDirects();
    /// Tells the other servers that the client has gone.
    void leaveCluster();

    /// True if \a delivery has not been here yet.
    bool takes(std::uint64_t delivery)
    {
        return std::exchange(m_lastDelivery, delivery) != delivery;
    }

private:
    void opened() override;
    void received(std::string_view text) override;
    void receivedBinary() override;
    void ponged(std::string_view payload) override;
    void tooBig() override;
    void misbehaved(FrameWatch::Fault fault) override;
    void ended(std::string_view reason, bool saidGoodbye) override;

    /// What a client did that it should not have. Most do nothing.
    struct Record {
        ErrorBudget errors;
        Flood flood;
        Refusal limit = Refusal::RateLimited; ///< what messages were dropped for last
        int reservedEvents = 0;
    };

    /// Whether the client is slow enough; says what is to be done if not.
    bool isWithinRates(std::size_t bytes);
    bool mayReach(std::size_t receivers);
    bool maySetUserInfo();
    /// Drops a message that was sent too soon, by \a wait.
    void dropMessage(Refusal limit, Duration wait, std::string_view detail);
    void tellDropped(int messages, Duration wait, std::string_view detail);
    void refuseReserved(std::string_view name);
    Record &record();
    /// Why \a userId may not be here; nothing if he may, and for a back end.
    std::optional<std::string> banOf(const std::string &userId) const;
    void greet();
    void beginSession();
    /// The most events from before that a newcomer may have, of those that it wishes for.
    std::size_t historyToGive() const;
    void comeBack();
    void greetExtended(bool isRecovered, const StreamPosition &from,
                       const std::optional<Recovery> &replay);
    /// What the client missed that is at \a position, if all of it is there.
    std::optional<Recovery> missedSince(const StreamPosition &position) const;
    /// All events of the life that the shard has begun since the client was there, which is at
    /// \a present; nothing if they are not all there, or there is no such life.
    std::optional<Recovery> newLife(const StreamPosition &present) const;
    /// The client has what the greeting said.
    void confirm();
    /// The connection is over. One who may come back is away from now on, others leave.
    void stop(std::string_view reason, bool mayComeBack);
    bool goAway(std::string_view reason);
    /// Is away from now on, and has no transport any more.
    void detach();
    void tellReplaced();
    void leave(std::string_view reason);
    void sweepAway(TimePoint now);
    TimePoint lastHeard() const
    {
        return m_transport ? m_transport->lastHeard() : m_session->lastHeard;
    }
    bool isTooLong(std::string_view text);
    void receivedExtended(std::string_view text);
    /// Whether the message is to be dealt with, as far as its number says.
    bool takeEmit(std::uint64_t emit);
    /// The message of that number was dealt with, or is on its way.
    void finishEmit(std::uint64_t emit);
    void handle(const ClientMessage &message);
    Event eventOf(const ClientMessage &message) const;
    void emitToShard(const ClientMessage &message);
    void emitToRecipients(const ClientMessage &message);
    void publish(const ClientMessage &message);
    void setUserInfo(std::string_view payload);
    void identify(std::string_view payload);
    void changeState(std::string_view payload);
    /// A token was good: another end, and the bad ones are forgotten.
    void accept(const DispatchTokenVerdict &verdict);
    /// Asks for another token when that of the client has ended, or ends the connection.
    void checkToken(TimePoint now);
    void sendEvent(std::string_view name, std::string_view payload);
    void sendPing();
    /// Tells the client why, and closes where the table of refusals says so.
    void refuse(Refusal refusal, std::string_view detail = {});
    void refuse(const ClientMessageError &error);
    /// Tells the client why the message that is dealt with is refused.
    void sendRefusal(Refusal refusal, std::string_view detail,
                     std::optional<milliseconds> retryAfter);
    /// The same of the numbered message \a emit; 0: it has no number.
    void tellRefusal(std::uint64_t emit, Refusal refusal, std::string_view detail,
                     std::optional<milliseconds> retryAfter);
    /// The same of what a client may well ask for: it does not count as an error.
    void refuseEmission(std::uint64_t emit, Refusal refusal);
    /// Ends the connection at once, with all that waits.
    void drop(std::string_view reason);
    double latencyMs() const;

    // Where several servers share an engine (connection_cluster.cpp).
    void beginAdopted(const UpgradeRequest &request);
    void takeDirects(const AdoptedSession &adopted);
    /// Publishes for all servers; \a message was refused if that is not possible now.
    void publishEmission(Engine::StreamId stream, std::string data,
                         std::optional<StateChange> change = {});
    void setMember(bool takesOver);
    void publishEverywhere(const std::shared_ptr<Mailing> &mailing);
    void publishPending();
    void send(PendingEmissions::Step step);
    void answered(std::uint64_t ticket, const Engine::Outcome<Engine::Published> &outcome);
    void settleEmissions();
    Engine::Session sessionForOthers() const;
    void createSession();
    void noteState(bool isConfirmed);
    void noteDirects();

    Worker &m_worker;
    std::shared_ptr<Transport> m_transport;
    bool m_isOpen = false; // greeted, and not away; beside the transport, as push() asks for both
    Placement::Seat m_seat;
    std::string m_address;
    std::shared_ptr<const AddressCounts::Lease> m_lease;
    TimePoint m_acceptedAt;
    const std::int64_t m_connectedSince; // ms since the epoch
    Person m_person;
    Shard *m_shard = nullptr;
    Heartbeat m_heartbeat;
    Expiry m_expiry;
    TokenBucket m_messages;
    TokenBucket m_bytes;
    TokenBucket m_userInfos;
    std::unique_ptr<Record> m_record;
    const std::unique_ptr<ExtendedSession> m_session; // nothing in the base profile
    const std::shared_ptr<Membership> m_membership; // nothing if the server is alone
    std::optional<Refusal> m_refusal; // what is told instead of a greeting
    std::uint64_t m_lastDelivery = 0;
    int m_badTokens = 0;
    bool m_hasEnded = false;
    bool m_isLeaving = false; // it was sent elsewhere
};

} // namespace Dispatch
