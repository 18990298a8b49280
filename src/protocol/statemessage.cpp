// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statemessage_p.h"

#include "jsonsource_p.h"
#include "text_p.h"

#include <utility>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

using Json::read;
using Json::Source;

bool readItemField(const Source &source, std::string_view key, ondemand::value value,
                   ReceivedStateItem &item)
{
    std::uint64_t number = 0;
    if (key == "key")
        return read(value, item.key);
    if (key == "value")
        return source.slice(value, item.value);
    if (key == "owned")
        return read(value, item.isOwned);
    if (key == "expiresAt") {
        const bool isRead = read(value, number);
        item.expiresAt = static_cast<std::int64_t>(number);
        return isRead;
    }
    if (key == "seq")
        return read(value, item.seq);
    if (key == "from")
        return read(value, item.from);
    if (key == "fromUser")
        return read(value, item.fromUser);
    return key != "time" || read(value, item.time);
}

void appendFields(std::string &out, std::string_view key, std::string_view value, bool isOwned)
{
    Text::appendJsonString(out += "{\"key\":", key);
    if (!value.empty())
        out.append(",\"value\":").append(value);
    if (isOwned)
        out += ",\"owned\":true";
}

} // namespace

std::variant<StateWish, std::string> readStateWish(std::string_view payload)
{
    Source source(payload);
    StateWish wish;
    std::string wrong = "it is no object";
    const auto isGood = [&wrong](bool isRead, std::string_view rule) {
        if (!isRead)
            wrong = rule;
        return isRead;
    };
    const auto readMember = [&](std::string_view key, ondemand::value value) {
        if (key == "key")
            return isGood(read(value, wish.key), "key is a text");
        if (key == "value")
            return source.slice(value, wish.value);
        if (key == "ttlMs")
            return isGood(read(value, wish.ttlMs), "ttlMs is a whole number");
        if (key == "owned")
            return isGood(read(value, wish.isOwned), "owned is true or false");
        if (key == "ifSeq") {
            std::uint64_t seq = 0;
            const bool isRead = read(value, seq);
            wish.ifSeq = seq;
            return isGood(isRead, "ifSeq is a whole number");
        }
        return true;
    };
    if (!source.forEachMember(readMember))
        return wrong;
    if (wish.key.empty())
        return std::string("key is missing");
    return wish;
}

std::string stateWishPayload(const StateWish &wish)
{
    std::string out;
    appendFields(out, wish.key, wish.value, wish.isOwned);
    if (wish.ttlMs > 0)
        out.append(",\"ttlMs\":").append(std::to_string(wish.ttlMs));
    if (wish.ifSeq)
        out.append(",\"ifSeq\":").append(std::to_string(*wish.ifSeq));
    return out += '}';
}

std::string statePayload(const StateItem &item)
{
    std::string out;
    appendFields(out, item.key, item.value, item.isOwned);
    if (item.expiresAt > 0)
        out.append(",\"expiresAt\":").append(std::to_string(item.expiresAt));
    return out += '}';
}

std::string stateEntry(std::string_view payload, const EventDetails &details)
{
    std::string out(payload.substr(0, payload.size() - 1));
    out.append(",\"seq\":").append(std::to_string(details.seq));
    if (!details.from.empty())
        Text::appendJsonString(out += ",\"from\":", details.from);
    if (!details.fromUser.empty())
        Text::appendJsonString(out += ",\"fromUser\":", details.fromUser);
    return out.append(",\"time\":").append(std::to_string(details.time)).append("}");
}

std::string wholeState(std::uint64_t seq, std::string_view entries)
{
    std::string out = "{\"seq\":" + std::to_string(seq) + ",\"entries\":[";
    return out.append(entries).append("]}");
}

std::optional<ReceivedStateItem> readStateItem(std::string_view payload)
{
    Source source(payload);
    ReceivedStateItem item;
    const bool isRead = source.forEachMember([&](std::string_view key, ondemand::value value) {
        return readItemField(source, key, value, item);
    });
    if (!isRead || item.key.empty())
        return std::nullopt;
    return item;
}

std::optional<ReceivedState> readWholeState(std::string_view text)
{
    Source source(text);
    ReceivedState state;
    const auto readItem = [&](ondemand::value value) {
        ondemand::object object;
        ReceivedStateItem item;
        const bool isRead = !value.get_object().get(object)
            && Source::forEachMember(object, [&](std::string_view key, ondemand::value field) {
                   return readItemField(source, key, field, item);
               });
        if (!isRead || item.key.empty() || item.value.empty())
            return false;
        state.items.push_back(std::move(item));
        return true;
    };
    const auto readMember = [&](std::string_view key, ondemand::value value) {
        if (key == "seq")
            return read(value, state.seq);
        if (key != "entries")
            return true;
        ondemand::array array;
        if (value.get_array().get(array))
            return false;
        for (auto element : array) {
            ondemand::value item;
            if (element.get(item) || !readItem(item))
                return false;
        }
        return true;
    };
    if (!source.forEachMember(readMember))
        return std::nullopt;
    return state;
}

} // namespace Dispatch
