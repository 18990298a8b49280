// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedreader_p.h"

#include "json_p.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

/// A copy of a text with what the reader needs behind it, and the way back into the text.
class Source {
public:
    explicit Source(std::string_view text)
        : m_text(text)
        , m_padded(text)
    {
    }
    /// The root object; calls \a read(key, value) for each member. False if it is none, or read()
    /// says so.
    template<class F>
    bool forEachMember(F read)
    {
        ondemand::document document;
        ondemand::object object;
        return !m_parser.iterate(m_padded).get(document) && !document.get_object().get(object)
            && forEachMember(object, read) && Json::isAtEnd(document);
    }
    template<class F>
    static bool forEachMember(ondemand::object object, F read)
    {
        for (auto member : object) {
            std::string_view key;
            ondemand::value value;
            if (member.unescaped_key().get(key) || member.value().get(value) || !read(key, value))
                return false;
        }
        return true;
    }
    /// Sets \a slice to what of the text \a value is.
    bool slice(ondemand::value value, std::string_view &slice) const
    {
        std::string_view copy;
        if (Json::slice(value, copy))
            return false;
        slice = m_text.substr(static_cast<std::size_t>(copy.data() - m_padded.data()), copy.size());
        return true;
    }
    bool objectSlice(ondemand::value value, std::string_view &out) const
    {
        return slice(value, out) && out.starts_with('{');
    }

private:
    std::string_view m_text;
    simdjson::padded_string m_padded;
    ondemand::parser m_parser;
};

bool read(ondemand::value value, std::string &out)
{
    std::string_view text;
    if (value.get_string().get(text))
        return false;
    out = text;
    return true;
}

bool read(ondemand::value value, std::uint64_t &out)
{
    return !value.get_uint64().get(out) && out <= HighestNumber;
}

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
            return !value.get_bool().get(greeting.isRecovered);
        if (key == "refused")
            return readRefusals(value, greeting.refused);
        if (key == "epoch")
            return readEpoch(value, greeting.position.epoch);
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
