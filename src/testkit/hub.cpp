// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "hub_p.h"

#include "link_p.h"
#include "peer_p.h"
#include "utf8_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch::TestKit {

namespace {

void refuse(Link &link, Refusal refusal)
{
    const RefusalInfo &row = info(refusal);
    link.refuse({row.httpStatus, toQString(row.slug)});
}

/// \a number with zeros in front of it.
std::string padded(std::uint64_t number, std::size_t width)
{
    std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), '0') + digits;
}

} // namespace

Hub::Hub(Witness *witness)
    : m_network(std::make_shared<Network>(this))
    , m_witness(witness)
{
}

Hub::~Hub()
{
    m_network->removeHost();
}

void Hub::admit(const std::shared_ptr<Link> &link, const TransportRequest &request)
{
    if (!m_joinRefusals.empty()) {
        const Refusal scripted = m_joinRefusals.front();
        m_joinRefusals.pop_front();
        return refuse(*link, scripted);
    }
    const auto read = this->read(request);
    if (const auto *refusal = std::get_if<Refusal>(&read))
        return refuse(*link, *refusal);
    const Join &join = std::get<Join>(read);
    if (const auto known = resumable(join))
        return known->resume(link, join.offer.resume->position);
    const auto reserved = reserve(join.parameters);
    if (const auto *refusal = std::get_if<Refusal>(&reserved))
        return refuse(*link, *refusal);

    Room &room = *std::get<Room *>(reserved);
    m_home = room.name();
    const auto peer =
        std::make_shared<Peer>(*this, join.offer.isExtended ? Profile::Extended : Profile::Base);
    peer->clientId = newClientId();
    peer->userId = join.userId.value_or(std::string());
    m_peers.push_back(peer);
    peer->join(link, room, join.parameters.history);
}

std::variant<Hub::Join, Refusal> Hub::read(const TransportRequest &request) const
{
    const QString target =
        request.url.path(QUrl::FullyEncoded) + u'?' + request.url.query(QUrl::FullyEncoded);
    auto parameters = parseConnectParameters(target.toStdString());
    auto offer = parseSubprotocols(request.subprotocols.join(u", "_s).toStdString());
    if (!std::holds_alternative<ConnectParameters>(parameters)
        || !std::holds_alternative<SubprotocolOffer>(offer))
        return Refusal::BadParameters;
    Join join{std::get<ConnectParameters>(std::move(parameters)),
              std::get<SubprotocolOffer>(std::move(offer)), std::nullopt};
    if (m_settings.baseProfileOnly)
        join.offer = {};
    constexpr std::string_view Bearer = "Bearer ";
    std::string token = request.authorization.toStdString();
    if (token.starts_with(Bearer))
        token.erase(0, Bearer.size());
    else
        token = m_users.isEmpty() ? std::string() : join.parameters.authorization;
    if (!token.empty()) {
        join.userId = userOf(token);
        if (!join.userId)
            return Refusal::Unauthorized;
    }
    return join;
}

std::shared_ptr<Peer> Hub::resumable(const Join &join) const
{
    if (!join.offer.resume)
        return nullptr;
    const auto known = std::ranges::find_if(
        m_peers, [&](const auto &peer) { return peer->isOf(join.offer.resume->secret); });
    if (known == m_peers.end() || (*known)->room->name().first != join.parameters.projectId
        || (join.userId && *join.userId != (*known)->userId))
        return nullptr;
    return *known;
}

std::variant<Room *, Refusal> Hub::reserve(const ConnectParameters &wish)
{
    const int ownLimit = std::min(wish.maxConnectionsPerShard, Limits::MaximumConnectionsPerShard);
    const bool isNamed = !wish.shardName.empty();
    const auto openAnother = [&] {
        return &open({wish.projectId, isNamed ? wish.shardName : unusedName(wish.projectId)},
                     ownLimit);
    };
    Room *room =
        isNamed ? roomAt({wish.projectId, wish.shardName}) : fullest(wish.projectId, ownLimit);
    if (!room)
        room = openAnother();
    for (Member *person : std::exchange(m_homeless, {}))
        room->join(*person);
    if (room->hasSeat(ownLimit))
        return room;
    if (isNamed)
        return Refusal::ShardFull;
    return openAnother();
}

Room *Hub::roomAt(const Room::Name &name) const
{
    const auto found = m_rooms.find(name);
    return found != m_rooms.end() ? found->second.get() : nullptr;
}

std::string Hub::unusedName(const std::string &project) const
{
    std::uint64_t number = m_lastEpoch + 1;
    while (roomAt({project, "room-" + std::to_string(number)}))
        ++number;
    return "room-" + std::to_string(number);
}

Room &Hub::open(const Room::Name &name, int limit)
{
    auto &room = m_rooms[name];
    room = std::make_unique<Room>(clock(), m_settings, name, limit, ++m_lastEpoch);
    return *room;
}

Room *Hub::fullest(const std::string &project, int ownLimit) const
{
    Room *best = nullptr;
    for (const auto &[name, room] : m_rooms) {
        const bool fits = name.first == project && room->hasSeat(ownLimit);
        if (fits && (!best || room->members().size() > best->members().size()))
            best = room.get();
    }
    return best;
}

Room *Hub::home() const
{
    return roomAt(m_home);
}

void Hub::bringIn(Member &person, const std::string &shardName)
{
    const std::string project = m_home.first.empty() ? std::string(DefaultProjectId) : m_home.first;
    if (Room *room = shardName.empty() ? home() : roomAt({project, shardName}))
        room->join(person);
    else if (shardName.empty())
        m_homeless.push_back(&person);
    else
        open({project, shardName}, Limits::DefaultConnectionsPerShard).join(person);
}

void Hub::takeOut(Member &member)
{
    std::erase(m_homeless, &member);
    Room *room = member.room;
    if (!room)
        return;
    room->leave(member);
    if (room->isEmpty())
        m_rooms.erase(Room::Name(room->name()));
}

void Hub::remove(Peer &peer)
{
    takeOut(peer);
    std::erase_if(m_peers, [&peer](const auto &known) { return known.get() == &peer; });
}

std::uint64_t Hub::emitEvent(const RoomEvent &event, Room *room)
{
    return room ? room->emitEvent(event) : 0;
}

void Hub::emitTo(const std::string &project, const std::vector<std::string> &recipients,
                 RoomEvent event)
{
    event.details.time = clock().now().wall.count();
    const auto isNamed = [&recipients](const std::string &id) {
        return !id.empty() && std::ranges::find(recipients, id) != recipients.end();
    };
    for (const auto &[name, room] : m_rooms) {
        if (name.first != project)
            continue;
        for (Member *member : room->members()) {
            if (isNamed(member->clientId) || isNamed(member->userId))
                member->hearDirectly(event);
        }
    }
}

QList<DispatchShardInfo> Hub::shards(const std::string &projectId) const
{
    QList<DispatchShardInfo> list;
    for (const auto &[name, room] : m_rooms) {
        if (name.first != projectId)
            continue;
        DispatchShardInfo shard;
        shard.shardName = QString::fromStdString(name.second);
        shard.numConnectedClients = int(room->members().size());
        list.append(shard);
    }
    return list;
}

std::string Hub::newClientId()
{
    return "00000000-0000-4000-8000-" + padded(++m_lastId, 12);
}

std::string Hub::newSecret()
{
    return padded(++m_lastId, Limits::SessionSecretLength);
}

} // namespace Dispatch::TestKit
