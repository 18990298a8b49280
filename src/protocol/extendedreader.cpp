// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedreader_p.h"

#include "jsonsource_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

using Json::read;
using Json::Source;

bool readEpoch(ondemand::value value, std::uint64_t &out)
{
    std::string text;
    if (!read(value, text))
        return false;
    const auto epoch = parseEpoch(text);
    out = epoch.value_or(0);
    return epoch.has_value();
}

bool readLimits(ondemand::value value, ReceivedGreeting &greeting)
{
    ondemand::object object;
    return !value.get_object().get(object)
        && Source::forEachMember(object, [&](std::string_view key, ondemand::value limit) {
               const std::pair<std::string_view, std::uint64_t &> known[]{
                   {"messageUtf16Units", greeting.messageUtf16Units},
                   {"messageBytes", greeting.messageBytes},
                   {"messagesPerSecond", greeting.rates.messagesPerSecond},
                   {"messageBurst", greeting.rates.messageBurst},
                   {"bytesPerSecond", greeting.rates.bytesPerSecond},
                   {"byteBurst", greeting.rates.byteBurst},
                   {"userInfosPerSecond", greeting.rates.userInfosPerSecond},
                   {"userInfoBurst", greeting.rates.userInfoBurst},
                   {"stateKeys", greeting.stateKeys},
               };
               const auto *found =
                   std::ranges::find(known, key, [](const auto &one) { return one.first; });
               return found == std::end(known) || read(limit, found->second);
           });
}

bool readRefusals(ondemand::value value, std::vector<ReceivedRefusal> &out)
{
    ondemand::array array;
    if (value.get_array().get(array))
        return false;
    for (auto element : array) {
        ondemand::object object;
        ReceivedRefusal refusal;
        const auto readMember = [&](std::string_view key, ondemand::value member) {
            if (key == "emit")
                return read(member, refusal.emit);
            return key != "code" || read(member, refusal.code);
        };
        if (element.get_object().get(object) || !Source::forEachMember(object, readMember))
            return false;
        out.push_back(std::move(refusal));
    }
    return true;
}

bool readSlice(const Source &source, std::string_view clientId, ondemand::value value,
               std::vector<PresenceSlice> &out, std::size_t most)
{
    if (out.size() > most)
        return true;
    // The id's bytes go with the parser.
    PresenceSlice slice{std::string(clientId), {}};
    if (!source.objectSlice(value, slice.entry))
        return false;
    out.push_back(std::move(slice));
    return true;
}

bool readSlices(const Source &source, ondemand::value value, std::vector<PresenceSlice> &out,
                std::size_t most)
{
    ondemand::object object;
    return !value.get_object().get(object)
        && Source::forEachMember(object, [&](std::string_view id, ondemand::value entry) {
               return readSlice(source, id, entry, out, most);
           });
}

bool readTexts(ondemand::value value, std::vector<std::string> &out, std::size_t most)
{
    ondemand::array array;
    if (value.get_array().get(array))
        return false;
    for (auto element : array) {
        std::string_view text;
        if (element.get_string().get(text))
            return false;
        if (out.size() <= most)
            out.emplace_back(text);
    }
    return true;
}

} // namespace

std::optional<Acknowledgement> readAcknowledgement(std::string_view payload)
{
    Acknowledgement ack;
    const auto readMember = [&ack](std::string_view key, ondemand::value value) {
        if (key == "emit")
            return read(value, ack.emit);
        return key != "seq" || read(value, ack.seq);
    };
    if (!Source(payload).forEachMember(readMember) || ack.emit == 0)
        return std::nullopt;
    return ack;
}

std::optional<ReceivedGreeting> readGreeting(std::string_view payload)
{
    Source source(payload);
    ReceivedGreeting greeting;
    const std::pair<std::string_view, std::uint64_t &> numbers[] = {
        {"windowMs", greeting.windowMs},
        {"lastEmit", greeting.lastEmit},
        {"refusedSince", greeting.refusedSince},
        {"seq", greeting.position.seq},
        {"direct", greeting.position.direct},
        {"replay", greeting.replay},
        {"revision", greeting.revision},
        {"heartbeatMs", greeting.heartbeatMs},
        {"heartbeatTimeoutMs", greeting.heartbeatTimeoutMs},
        {"serverTime", greeting.serverTime},
    };
    const auto readMember = [&](std::string_view key, ondemand::value value) {
        for (const auto &[name, number] : numbers) {
            if (key == name)
                return read(value, number);
        }
        if (key == "clientId")
            return read(value, greeting.clientId);
        if (key == "shardName")
            return read(value, greeting.shardName);
        if (key == "limits")
            return readLimits(value, greeting);
        if (key == "session")
            return read(value, greeting.session);
        if (key == "recovered")
            return read(value, greeting.isRecovered);
        if (key == "refused")
            return readRefusals(value, greeting.refused);
        if (key == "epoch")
            return readEpoch(value, greeting.position.epoch);
        if (key == "state")
            return source.objectSlice(value, greeting.state);
        return key != "connectedClients" || source.objectSlice(value, greeting.connectedClients);
    };
    if (!source.forEachMember(readMember) || greeting.clientId.empty())
        return std::nullopt;
    return greeting;
}

std::optional<PresenceDifference> readPresenceDifference(std::string_view payload, std::size_t most)
{
    Source source(payload);
    PresenceDifference difference;
    const auto readMember = [&](std::string_view key, ondemand::value value) {
        if (key == "revision")
            return read(value, difference.revision);
        if (key == "joined")
            return readSlices(source, value, difference.joined, most);
        if (key == "changed")
            return readSlices(source, value, difference.changed, most);
        return key != "left" || readTexts(value, difference.left, most);
    };
    if (!source.forEachMember(readMember))
        return std::nullopt;
    return difference;
}

std::optional<std::vector<PresenceSlice>> readClients(std::string_view clients, std::size_t most)
{
    Source source(clients);
    std::vector<PresenceSlice> slices;
    const auto readMember = [&](std::string_view id, ondemand::value entry) {
        return readSlice(source, id, entry, slices, most);
    };
    if (!source.forEachMember(readMember))
        return std::nullopt;
    return slices;
}

} // namespace Dispatch
