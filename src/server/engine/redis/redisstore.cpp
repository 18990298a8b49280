// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redisstore_p.h"

#include "names_p.h"
#include "redisanswers_p.h"
#include "streamposition_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Dispatch::Engine {

namespace {

/// So many names are offered for a new shard; that all are in use does not happen.
constexpr int OfferedNames = 3;

RedisCalls::Answer renewed(Done<Renewal> done)
{
    return decoded(std::move(done),
                   [](const redisReply &reply) { return Renewal{numberOf(reply)}; });
}

std::vector<Occupancy> occupancyIn(const redisReply &reply)
{
    std::vector<Occupancy> result;
    for (std::size_t i = 0; i + 1 < reply.elements; i += 2)
        result.push_back(
            {std::string(textOf(at(reply, i))), static_cast<int>(numberOf(at(reply, i + 1)))});
    std::ranges::sort(result, {}, &Occupancy::shardName);
    return result;
}

Page pageIn(const redisReply &reply)
{
    Page page;
    page.top = {epochOf(at(reply, 0)), numberOf(at(reply, 1))};
    page.isComplete = numberOf(at(reply, 2)) == 1;
    page.lastEmit = numberOf(at(reply, 3));
    for (std::size_t i = 4; i + 1 < reply.elements; i += 2)
        page.entries.push_back({numberOf(at(reply, i)), std::string(textOf(at(reply, i + 1)))});
    return page;
}

PresenceList membersIn(const redisReply &reply)
{
    PresenceList list;
    list.revision = numberOf(at(reply, 0));
    for (std::size_t i = 1; i + 1 < reply.elements; i += 2)
        list.members.push_back(
            {std::string(textOf(at(reply, i))), std::string(textOf(at(reply, i + 1)))});
    return list;
}

PinList pinsIn(const redisReply &reply)
{
    PinList list;
    list.top = {epochOf(at(reply, 0)), numberOf(at(reply, 1))};
    for (std::size_t i = 2; i + 2 < reply.elements; i += 3)
        list.pins.push_back({std::string(textOf(at(reply, i))),
                             std::string(textOf(at(reply, i + 1))),
                             milliseconds(numberOf(at(reply, i + 2)))});
    return list;
}

StateList stateIn(const redisReply &reply)
{
    StateList list;
    list.top = {epochOf(at(reply, 0)), numberOf(at(reply, 1))};
    for (std::size_t i = 2; i + 3 < reply.elements; i += 4)
        list.entries.push_back({std::string(textOf(at(reply, i))), numberOf(at(reply, i + 1)),
                                milliseconds(numberOf(at(reply, i + 2))),
                                std::string(textOf(at(reply, i + 3)))});
    return list;
}

/// As scripts/state.lua takes them.
void appendChange(std::vector<std::string> &arguments, const StateChange &change)
{
    for (std::string &one : std::vector<std::string>{
             change.key, flag(change.isSet), change.clientId, change.userId, flag(change.isOwned),
             text(change.life), std::to_string(change.bytes),
             change.ifSeq ? std::to_string(*change.ifSeq) : std::string(),
             flag(change.ifOwnerIsGone), std::to_string(change.mostKeys),
             std::to_string(change.mostBytes)})
        arguments.push_back(std::move(one));
}

} // namespace

RedisStore::RedisStore(boost::asio::io_context &context, const RedisSettings &settings,
                       const Limits &limits)
    : m_limits(limits)
    , m_nodeId(epochText(randomNumber()))
    , m_keys(settings.prefix)
    , m_calls(context, settings, limits, m_nodeId)
    , m_subscriber(context, settings, limits, m_keys, m_nodeId)
    , m_context(context)
{
}

RedisStore::~RedisStore() = default;

boost::asio::any_io_executor RedisStore::executor() const
{
    return m_context.get_executor();
}

void RedisStore::open(Sink &sink)
{
    m_calls.open({[this, &sink](const std::string &runId, bool isOther) {
                      m_subscriber.follow(runId);
                      sink.reached(isOther);
                  },
                  [&sink](std::string_view why) { sink.lost(why); },
                  [&sink](std::string_view why) { sink.complained(why); },
                  [&sink](std::int64_t calls, std::int64_t microseconds) {
                      sink.measured(calls, microseconds);
                  }});
    m_subscriber.open(sink);
}

void RedisStore::close()
{
    m_calls.close();
    m_subscriber.close();
}

void RedisStore::place(const SeatWish &wish, Done<Seat> done)
{
    Arguments arguments{wish.clientId, wish.shardName, std::to_string(wish.limit),
                        text(m_limits.retention), flag(wish.takesOver)};
    for (int i = 0; i < OfferedNames && wish.shardName.empty(); ++i)
        arguments.push_back(newShardName());
    m_calls.call(
        {RedisScript::Place, {}, m_keys.seats(wish.projectId), std::move(arguments)},
        decoded(std::move(done),
                [projectId = wish.projectId, clientId = wish.clientId](const redisReply &reply) {
                    return Seat{{projectId, std::string(textOf(at(reply, 0)))},
                                clientId,
                                static_cast<int>(numberOf(at(reply, 1))),
                                numberOf(at(reply, 2)) == 1};
                }));
}

void RedisStore::release(const std::string &projectId, const std::string &clientId,
                         Done<Nothing> done)
{
    m_calls.call({RedisScript::Release, {}, m_keys.seats(projectId), {clientId}},
                 confirmed(std::move(done)));
}

void RedisStore::keepSeats(const std::string &projectId, Done<Renewal> done)
{
    // The project's stream goes on as long as somebody is there, whether there is an event or not.
    std::vector<std::string> keys = m_keys.seats(projectId);
    std::ranges::move(m_keys.stream({projectId}), std::back_inserter(keys));
    m_calls.call({RedisScript::KeepSeats,
                  {},
                  std::move(keys),
                  {text(seatLease(m_limits)), text(m_limits.retention)}},
                 renewed(std::move(done)));
}

void RedisStore::occupancy(const std::string &projectId, Done<std::vector<Occupancy>> done)
{
    m_calls.call({RedisScript::Occupancy, {}, m_keys.seats(projectId), {}},
                 decoded(std::move(done), occupancyIn));
}

void RedisStore::nodes(const std::string &projectId, Done<std::vector<std::string>> done)
{
    m_calls.call({RedisScript::Nodes, {}, m_keys.seats(projectId), {}},
                 decoded(std::move(done), [](const redisReply &reply) {
                     std::vector<std::string> nodes;
                     for (std::size_t i = 0; i < reply.elements; ++i)
                         nodes.emplace_back(textOf(at(reply, i)));
                     return nodes;
                 }));
}

void RedisStore::locate(const std::string &projectId, const std::string &clientId,
                        Done<StreamId> done)
{
    m_calls.call({RedisScript::Locate, {}, m_keys.seats(projectId), {clientId}},
                 decoded(std::move(done), [projectId](const redisReply &reply) {
                     return StreamId{projectId, std::string(textOf(reply))};
                 }));
}

RedisStore::Arguments RedisStore::streamArguments(const StreamId &stream, const Mark &seen,
                                                  const std::string &clientId)
{
    return {epochText(randomNumber()), epochText(seen.epoch),    std::to_string(seen.seq),
            m_keys.channel(stream),    text(m_limits.retention), clientId};
}

void RedisStore::publish(const Emission &emission, Done<Published> done)
{
    Arguments arguments = streamArguments(emission.stream, emission.seen, emission.clientId);
    for (const std::uint64_t number :
         {emission.emit, emission.after, std::uint64_t(emission.isKept ? 1 : 0),
          std::uint64_t(m_limits.logEvents), std::uint64_t(m_limits.logBytes)})
        arguments.push_back(std::to_string(number));
    arguments.push_back(emission.data);
    if (emission.change)
        appendChange(arguments, *emission.change);
    m_calls.call({emission.change ? RedisScript::ChangeState : RedisScript::Publish,
                  {},
                  emission.change ? m_keys.state(emission.stream) : m_keys.stream(emission.stream),
                  std::move(arguments),
                  !emission.clientId.empty(),
                  emission.limit},
                 decoded(std::move(done), [](const redisReply &reply) {
                     return Published{{epochOf(at(reply, 0)), numberOf(at(reply, 1))},
                                      numberOf(at(reply, 2)) == 1};
                 }));
}

void RedisStore::read(const ReadWish &wish, Done<Page> done)
{
    Arguments arguments = streamArguments(wish.stream, wish.seen, wish.clientId);
    arguments.push_back(std::to_string(wish.most));
    arguments.push_back(epochText(wish.from.epoch));
    arguments.push_back(std::to_string(wish.from.seq));
    m_calls.call({RedisScript::Read, {}, m_keys.stream(wish.stream), std::move(arguments)},
                 decoded(std::move(done), pageIn));
}

void RedisStore::subscribe(const StreamId &stream)
{
    m_subscriber.subscribe(stream);
}

void RedisStore::unsubscribe(const StreamId &stream)
{
    m_subscriber.unsubscribe(stream);
}

void RedisStore::pin(const Emission &emission, const Pin &pin, std::size_t most, Done<Pinned> done)
{
    Arguments arguments = streamArguments(emission.stream, emission.seen, {});
    arguments.insert(arguments.end(),
                     {pin.name, pin.data, text(pin.life), std::to_string(most),
                      std::to_string(m_limits.logEvents), std::to_string(m_limits.logBytes),
                      emission.data});
    m_calls.call(
        {RedisScript::SetPin, {}, m_keys.pins(emission.stream.projectId), std::move(arguments)},
        decoded(std::move(done), [](const redisReply &reply) {
            return Pinned{{epochOf(at(reply, 0)), numberOf(at(reply, 1))},
                          numberOf(at(reply, 2)) == 1};
        }));
}

void RedisStore::pins(const std::string &projectId, const Mark &seen, Done<PinList> done)
{
    m_calls.call(
        {RedisScript::ListPins, {}, m_keys.pins(projectId), streamArguments({projectId}, seen, {})},
        decoded(std::move(done), pinsIn));
}

void RedisStore::state(const StreamId &shard, const Mark &seen, Done<StateList> done)
{
    m_calls.call(
        {RedisScript::ListState, {}, m_keys.state(shard), streamArguments(shard, seen, {})},
        decoded(std::move(done), stateIn));
}

void RedisStore::setMember(const StreamId &shard, const Member &member, bool takesOver,
                           Done<Nothing> done)
{
    m_calls.call({RedisScript::SetMember,
                  {},
                  m_keys.members(shard),
                  {m_keys.channel(shard), member.clientId, member.data, flag(takesOver),
                   text(m_limits.retention)}},
                 confirmed(std::move(done)));
}

void RedisStore::removeMember(const StreamId &shard, const std::string &clientId,
                              Done<Nothing> done)
{
    m_calls.call(
        {RedisScript::RemoveMember, {}, m_keys.members(shard), {m_keys.channel(shard), clientId}},
        confirmed(std::move(done)));
}

void RedisStore::members(const StreamId &shard, Done<PresenceList> done)
{
    m_calls.call({RedisScript::ListMembers, {}, m_keys.members(shard), {m_keys.channel(shard)}},
                 decoded(std::move(done), membersIn));
}

void RedisStore::keepMembers(const StreamId &shard, Done<Renewal> done)
{
    m_calls.call({RedisScript::KeepMembers,
                  {},
                  m_keys.members(shard),
                  {m_keys.channel(shard), text(m_limits.lease), text(m_limits.retention)}},
                 renewed(std::move(done)));
}

void RedisStore::tell(const std::string &nodeId, const std::string &message, Done<Nothing> done)
{
    m_calls.call({{}, {"SPUBLISH", m_keys.nodeChannel(nodeId), message}, {}, {}, false},
                 confirmed(std::move(done)));
}

} // namespace Dispatch::Engine
