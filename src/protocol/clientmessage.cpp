// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clientmessage_p.h"

#include "eventnames_p.h"
#include "json_p.h"
#include "limits_p.h"
#include "text_p.h"

#include <algorithm>
#include <array>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::string_view NoPayload = "{}";
constexpr std::array<std::string_view, 3> ServerKeys = {"lastPing", "clientId", "userId"};

ClientMessageError badMessage(std::string_view detail)
{
    return {Refusal::BadMessage, std::string(detail)};
}

/// The recipients in \a text, a validated JSON value.
std::variant<std::optional<std::vector<std::string>>, ClientMessageError>
parseRecipients(ondemand::parser &parser, std::string_view text)
{
    if (text == "null")
        return std::nullopt;
    const ClientMessageError error = {Refusal::BadRecipients, {}};
    ondemand::document document;
    ondemand::array array;
    if (parser.iterate(Json::padded(text)).get(document) || document.get_array().get(array))
        return error;
    std::vector<std::string> recipients;
    for (auto element : array) {
        std::string_view recipient;
        if (element.get_string().get(recipient) || recipient.size() > Limits::RecipientBytes)
            return error;
        recipients.emplace_back(recipient);
    }
    return std::optional(std::move(recipients));
}

} // namespace

struct ClientMessageParser::Private {
    /// The fields of a message as they are written.
    struct Fields {
        std::string_view eventName;
        std::string_view payload = NoPayload;
        std::string_view recipients = "null";
    };

    std::variant<Fields, ClientMessageError> readFields(std::string_view text);
    /// The text that \a raw, a JSON string, stands for; nothing if it has no form in UTF-8.
    std::optional<std::string> unescaped(std::string_view raw);

    ondemand::parser outer;
    ondemand::parser inner;
    ondemand::parser names;
};

ClientMessageParser::ClientMessageParser()
    : d(std::make_unique<Private>())
{
}

ClientMessageParser::~ClientMessageParser() = default;

std::variant<ClientMessageParser::Private::Fields, ClientMessageError>
ClientMessageParser::Private::readFields(std::string_view text)
{
    ondemand::document document;
    ondemand::object object;
    if (outer.iterate(Json::padded(text)).get(document) || document.get_object().get(object))
        return badMessage("no JSON object");

    Fields fields;
    for (auto member : object) {
        ondemand::raw_json_string key;
        ondemand::value value;
        std::string_view slice;
        if (member.key().get(key) || member.value().get(value))
            return badMessage("invalid JSON");
        const Json::Fault fault = Json::validate(document, value, Limits::JsonDepth - 1, slice);
        if (fault == Json::Fault::TooDeep)
            return ClientMessageError{Refusal::TooDeep, {}};
        if (fault == Json::Fault::Invalid)
            return badMessage("invalid JSON");
        // A key that comes twice counts as JSON.parse counts it: the last one wins.
        const std::string_view name = Json::rawText(key);
        if (name == "\"eventName\"")
            fields.eventName = slice;
        else if (name == "\"payload\"")
            fields.payload = slice;
        else if (name == "\"recipients\"")
            fields.recipients = slice;
    }
    if (!Json::isAtEnd(document))
        return badMessage("something follows the JSON object");
    return fields;
}

std::optional<std::string> ClientMessageParser::Private::unescaped(std::string_view raw)
{
    ondemand::document document;
    std::string_view text;
    if (names.iterate(Json::padded(raw)).get(document) || document.get_string().get(text))
        return std::nullopt;
    return std::string(text);
}

std::variant<ClientMessage, ClientMessageError> ClientMessageParser::parse(std::string_view text)
{
    auto read = d->readFields(text);
    if (auto *error = std::get_if<ClientMessageError>(&read))
        return std::move(*error);
    const auto &fields = std::get<Private::Fields>(read);

    if (!fields.eventName.starts_with('"'))
        return badMessage("eventName is no text");
    std::optional<std::string> name = d->unescaped(fields.eventName);
    if (!name || name->empty() || name->size() > Limits::EventNameBytes)
        return ClientMessageError{Refusal::BadEventName, {}};
    auto recipients = parseRecipients(d->inner, fields.recipients);
    if (auto *error = std::get_if<ClientMessageError>(&recipients))
        return std::move(*error);
    return ClientMessage{std::move(*name), fields.eventName, fields.payload,
                         std::get<0>(std::move(recipients))};
}

std::optional<std::string> ClientMessageParser::parseToken(std::string_view payload)
{
    ondemand::document document;
    std::string_view token;
    if (d->inner.iterate(Json::padded(payload)).get(document)
        || document.find_field_unordered("token").get_string().get(token)) {
        return std::nullopt;
    }
    return std::string(token);
}

std::optional<std::string> ClientMessageParser::parseUserInfo(std::string_view payload)
{
    ondemand::document document;
    ondemand::object object;
    if (d->inner.iterate(Json::padded(payload)).get(document) || document.get_object().get(object))
        return std::nullopt;
    std::string fields;
    for (auto member : object) {
        ondemand::raw_json_string rawKey;
        ondemand::value value;
        std::string_view text;
        if (member.key().get(rawKey) || member.value().get(value) || Json::slice(value, text))
            return std::nullopt;
        const std::string_view key = Json::rawText(rawKey);
        const std::optional<std::string> name = d->unescaped(key);
        if (name && std::ranges::find(ServerKeys, *name) != ServerKeys.end())
            continue;
        if (!fields.empty())
            fields += ',';
        fields.append(key).append(":").append(text);
    }
    return fields;
}

std::size_t ClientMessageParser::padding()
{
    return simdjson::SIMDJSON_PADDING;
}

std::string encodeClientMessage(std::string_view eventName, std::string_view payload,
                                const std::optional<std::vector<std::string>> &recipients)
{
    std::string out = "{\"eventName\":";
    Text::appendJsonString(out, eventName);
    if (!payload.empty())
        out.append(",\"payload\":").append(payload);
    if (recipients) {
        out += ",\"recipients\":[";
        for (std::size_t i = 0; i < recipients->size(); ++i) {
            if (i > 0)
                out += ',';
            Text::appendJsonString(out, (*recipients)[i]);
        }
        out += ']';
    }
    out += '}';
    return out;
}

} // namespace Dispatch
