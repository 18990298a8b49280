// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"
#include "connectparameters_p.h"
#include "network_p.h"
#include "settings_p.h"
#include "subprotocol_p.h"
#include "testroom_p.h"

#include <QtCore/qhash.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace Dispatch::TestKit {

class Peer;

/// A refusal that a script wants.
struct ScriptedRefusal {
    Refusal refusal{};
    std::optional<Milliseconds> retryAfter;
    std::string eventName; ///< of what is refused; empty: of any
};

/// Who hears what happens in the rooms.
class Witness {
public:
    /// A client came, or came back with its session.
    virtual void clientJoined(const Member &client) = 0;
    /// A client lost its connection, and may come back.
    virtual void clientAway(const Member &client) = 0;
    /// A client has left the room for good.
    virtual void clientLeft(const Member &client) = 0;
    /// A client emitted what was not refused.
    virtual void clientEmitted(const Member &client, const ClientMessage &message) = 0;
    /// A client changed the shared state of its room.
    virtual void clientChangedState(const Member &client, const StateWish &wish) = 0;

protected:
    ~Witness() = default;
};

/// The rooms of the test's server, and who may come in.
class Hub final : public Host {
public:
    explicit Hub(Witness *witness);
    ~Hub();
    Q_DISABLE_COPY_MOVE(Hub)

    Network &network() { return *m_network; }
    const std::shared_ptr<Network> &sharedNetwork() const { return m_network; }
    TestClock &clock() { return m_network->clock(); }
    Settings &settings() { return m_settings; }
    Witness &witness() { return *m_witness; }
    ClientMessageParser &parser() { return m_parser; }

    // What scripts ask for.
    void refuseJoins(Refusal refusal, int times);
    void refuseMessages(const ScriptedRefusal &refusal, int times);
    /// The refusal that is due for an event of that name, once.
    std::optional<ScriptedRefusal> takeRefusalOf(const std::string &eventName);
    void setUserOfToken(const QString &token, const QString &userId);
    /// The user whose token it is; nothing if it is nobody's.
    std::optional<std::string> userOf(const std::string &token) const;
    /// Ends the connections of a client or a user; false if there is none.
    bool kick(const std::string &idOrUser, Refusal refusal);
    void drain(Milliseconds retryAfter);
    /// Nobody can go on with a session that was lost before.
    void forgetSessions();

    // People.
    /// Brings \a person into the room that is named; into that of the client that joined last if
    /// none is; and if there is none either, into that of the first one that will join.
    void bringIn(Member &person, const std::string &shardName);
    void takeOut(Member &member);
    /// Tells \a event to a whole room: that of its emitter, or where people are brought in.
    std::uint64_t emitEvent(const RoomEvent &event, Room *room);
    /// Tells it to \a recipients, client ids and user ids, in all rooms of a project.
    void emitTo(const std::string &project, const std::vector<std::string> &recipients,
                RoomEvent event);
    /// Where people are brought in; null if nobody has joined.
    Room *home() const;
    std::vector<std::shared_ptr<Peer>> peers() const { return m_peers; }
    std::string newClientId();
    std::string newSecret();
    /// A client that has gone for good.
    void remove(Peer &peer);

    void admit(const std::shared_ptr<Link> &link, const TransportRequest &request) override;
    QList<DispatchShardInfo> shards(const std::string &projectId) const override;

private:
    struct Join {
        ConnectParameters parameters;
        SubprotocolOffer offer;
        std::optional<std::string> userId; ///< of the token, if one came
    };

    std::variant<Join, Refusal> read(const TransportRequest &request) const;
    std::shared_ptr<Peer> resumable(const Join &join) const;
    std::variant<Room *, Refusal> reserve(const ConnectParameters &wish);
    /// The room of that name; null if it is not open.
    Room *roomAt(const Room::Name &name) const;
    std::string unusedName(const std::string &project) const;
    Room &open(const Room::Name &name, int limit);
    Room *fullest(const std::string &project, int ownLimit) const;

    const std::shared_ptr<Network> m_network;
    Witness *m_witness;
    Settings m_settings;
    ClientMessageParser m_parser;
    std::map<Room::Name, std::unique_ptr<Room>> m_rooms;
    std::vector<std::shared_ptr<Peer>> m_peers;
    std::vector<Member *> m_homeless; ///< people who wait for the first client
    Room::Name m_home;
    QHash<QString, QString> m_users; ///< by token
    std::deque<Refusal> m_joinRefusals;
    std::deque<ScriptedRefusal> m_messageRefusals;
    std::uint64_t m_lastId = 0;
    std::uint64_t m_lastEpoch = 0;
};

} // namespace Dispatch::TestKit
