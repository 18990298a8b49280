// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clientmessage_p.h"

#include "eventnames_p.h"
#include "json_p.h"
#include "limits_p.h"
#include "streamposition_p.h"
#include "text_p.h"

#include <algorithm>
#include <array>
#include <utility>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::string_view NoPayload = "{}";
constexpr std::array<std::string_view, 3> ServerKeys = {"lastPing", "clientId", "userId"};

ClientMessageError badMessage(std::string_view detail)
{
    return {Refusal::BadMessage, std::string(detail)};
}

ClientMessageError badRecipients(std::string_view detail)
{
    return {Refusal::BadRecipients, std::string(detail)};
}

/// What is wrong at the place that the reader has come to, or just behind it.
ClientMessageError badMessageAt(ondemand::document &document, std::string_view text)
{
    const char *place = nullptr;
    if (document.current_location().get(place) || place < text.data()
        || place > text.data() + text.size()) {
        return badMessage("invalid JSON");
    }
    return badMessage("invalid JSON near byte " + std::to_string(place - text.data()));
}

/// The number in \a text, the value of "emit"; nothing if it is none.
std::optional<std::uint64_t> parseEmit(std::string_view text)
{
    if (text.empty())
        return 0;
    const std::optional<std::uint64_t> number = parseNumber(text);
    return number == 0 ? std::nullopt : number;
}

void makeDistinct(std::vector<std::string> &list)
{
    std::ranges::sort(list);
    const auto repeated = std::ranges::unique(list);
    list.erase(repeated.begin(), repeated.end());
}

/// The recipients in \a text, a validated JSON value: sorted, each once, \a most of them.
std::variant<std::optional<std::vector<std::string>>, ClientMessageError>
parseRecipients(ondemand::parser &parser, std::string_view text, std::size_t most)
{
    if (text == "null")
        return std::nullopt;
    const ClientMessageError tooMany = {Refusal::TooManyRecipients,
                                        "at most " + std::to_string(most)};
    ondemand::document document;
    ondemand::array array;
    if (parser.iterate(Json::padded(text)).get(document) || document.get_array().get(array))
        return badRecipients("they are no list");
    std::vector<std::string> recipients;
    for (auto element : array) {
        std::string_view recipient;
        if (element.get_string().get(recipient))
            return badRecipients("one is no text");
        if (recipient.size() > Limits::RecipientBytes)
            return badRecipients("one has " + std::to_string(recipient.size()) + " bytes");
        recipients.emplace_back(recipient);
        // A list that repeats itself shall not fill the memory before it is looked at.
        if (recipients.size() > 2 * most) {
            makeDistinct(recipients);
            if (recipients.size() > most)
                return tooMany;
        }
    }
    makeDistinct(recipients);
    if (recipients.size() > most)
        return tooMany;
    return std::optional(std::move(recipients));
}

} // namespace

struct ClientMessageParser::Private {
    /// The fields of a message as they are written.
    struct Fields {
        std::string_view eventName;
        std::string_view payload = NoPayload;
        std::string_view recipients = "null";
        std::string_view emit;
        std::string_view ack = "false";
        std::string_view request;
        std::string_view reply;
    };

    /// Fills \a fields, as far as \a text can be read; what is wrong with it, if anything.
    std::optional<ClientMessageError> readFields(std::string_view text, Fields &fields);
    std::variant<ClientMessage, ClientMessageError> interpret(const Fields &fields);
    /// What is wrong with the fields of the extended profile but the number, if anything.
    std::optional<ClientMessageError> checkDetails(const Fields &fields);
    bool isRequestId(std::string_view raw);
    ClientMessageError refused(Json::Fault fault, ondemand::document &document,
                               std::string_view text) const;
    /// The text that \a raw, a JSON string, stands for; nothing if it has no form in UTF-8.
    std::optional<std::string> unescaped(std::string_view raw);

    Bounds bounds;
    ondemand::parser outer;
    ondemand::parser inner;
    ondemand::parser names;
};

ClientMessageParser::ClientMessageParser()
    : d(std::make_unique<Private>())
{
}

ClientMessageParser::~ClientMessageParser() = default;

void ClientMessageParser::setBounds(const Bounds &bounds)
{
    d->bounds = bounds;
}

std::optional<ClientMessageError> ClientMessageParser::Private::readFields(std::string_view text,
                                                                           Fields &fields)
{
    ondemand::document document;
    ondemand::object object;
    if (outer.iterate(Json::padded(text)).get(document) || document.get_object().get(object))
        return badMessage("no JSON object");

    int tokens = bounds.tokens - 1; // one for the message itself
    for (auto member : object) {
        ondemand::raw_json_string key;
        ondemand::value value;
        std::string_view slice;
        if (member.key().get(key) || member.value().get(value))
            return badMessageAt(document, text);
        --tokens; // the key
        const Json::Fault fault =
            Json::validate(document, value, Limits::JsonDepth - 1, tokens, slice);
        if (fault != Json::Fault::None)
            return refused(fault, document, text);
        // A key that comes twice counts as JSON.parse counts it: the last one wins.
        const std::string_view name = Json::rawText(key);
        if (name == "\"eventName\"")
            fields.eventName = slice;
        else if (name == "\"payload\"")
            fields.payload = slice;
        else if (name == "\"recipients\"")
            fields.recipients = slice;
        else if (name == "\"emit\"")
            fields.emit = slice;
        else if (name == "\"ack\"")
            fields.ack = slice;
        else if (name == "\"request\"")
            fields.request = slice;
        else if (name == "\"reply\"")
            fields.reply = slice;
    }
    if (!Json::isAtEnd(document))
        return badMessage("something follows the JSON object");
    return std::nullopt;
}

ClientMessageError ClientMessageParser::Private::refused(Json::Fault fault,
                                                         ondemand::document &document,
                                                         std::string_view text) const
{
    if (fault == Json::Fault::TooDeep)
        return {Refusal::TooDeep, "at most " + std::to_string(Limits::JsonDepth)};
    if (fault == Json::Fault::TooMany) {
        return {Refusal::TooComplex,
                "at most " + std::to_string(bounds.tokens) + " keys and values"};
    }
    return badMessageAt(document, text);
}

std::optional<std::string> ClientMessageParser::Private::unescaped(std::string_view raw)
{
    ondemand::document document;
    std::string_view text;
    if (names.iterate(Json::padded(raw)).get(document) || document.get_string().get(text))
        return std::nullopt;
    return std::string(text);
}

std::variant<ClientMessage, ClientMessageError>
ClientMessageParser::Private::interpret(const Fields &fields)
{
    if (!fields.eventName.starts_with('"'))
        return badMessage("eventName is no text");
    std::optional<std::string> name = unescaped(fields.eventName);
    if (!name)
        return ClientMessageError{Refusal::BadEventName, "it has no form in UTF-8"};
    if (name->empty() || name->size() > Limits::EventNameBytes) {
        return ClientMessageError{Refusal::BadEventName,
                                  "it has " + std::to_string(name->size()) + " bytes"};
    }
    auto recipients = parseRecipients(inner, fields.recipients, bounds.recipients);
    if (auto *error = std::get_if<ClientMessageError>(&recipients))
        return std::move(*error);
    return ClientMessage{std::move(*name), fields.eventName, fields.payload,
                         std::get<0>(std::move(recipients))};
}

std::optional<ClientMessageError> ClientMessageParser::Private::checkDetails(const Fields &fields)
{
    if (fields.ack != "true" && fields.ack != "false")
        return badMessage("ack is true or false");
    if (!isRequestId(fields.request) || !isRequestId(fields.reply)) {
        return badMessage("request and reply are texts of 1 to "
                          + std::to_string(Limits::RequestIdBytes) + " bytes");
    }
    return std::nullopt;
}

bool ClientMessageParser::Private::isRequestId(std::string_view raw)
{
    if (raw.empty())
        return true;
    const std::optional<std::string> id = raw.starts_with('"') ? unescaped(raw) : std::nullopt;
    return id && !id->empty() && id->size() <= Limits::RequestIdBytes;
}

std::variant<ClientMessage, ClientMessageError> ClientMessageParser::parse(std::string_view text,
                                                                           Profile profile)
{
    Private::Fields fields;
    std::optional<ClientMessageError> error = d->readFields(text, fields);
    std::optional<std::uint64_t> emit = 0;
    if (profile == Profile::Extended) {
        emit = parseEmit(fields.emit);
        if (!error)
            error = emit ? d->checkDetails(fields) : badMessage("emit is a whole number from 1 on");
    }
    auto parsed = error ? std::variant<ClientMessage, ClientMessageError>(std::move(*error))
                        : d->interpret(fields);
    std::visit([&emit](auto &result) { result.emit = emit.value_or(0); }, parsed);
    auto *message = std::get_if<ClientMessage>(&parsed);
    if (message && profile == Profile::Extended) {
        message->wantsAck = fields.ack == "true";
        message->request = fields.request;
        message->reply = fields.reply;
    }
    return parsed;
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

std::variant<std::string, ClientMessageError>
ClientMessageParser::parseUserInfo(std::string_view payload)
{
    ondemand::document document;
    ondemand::object object;
    if (d->inner.iterate(Json::padded(payload)).get(document) || document.get_object().get(object))
        return ClientMessageError{Refusal::BadUserInfo, {}};
    int tokens = d->bounds.tokens;
    std::string fields;
    for (auto member : object) {
        ondemand::raw_json_string rawKey;
        ondemand::value value;
        std::string_view text;
        if (member.key().get(rawKey) || member.value().get(value))
            return ClientMessageError{Refusal::BadUserInfo, {}};
        const Json::Fault fault =
            Json::validate(document, value, Limits::UserInfoDepth - 1, tokens, text);
        if (fault == Json::Fault::TooDeep) {
            return ClientMessageError{Refusal::BadUserInfo,
                                      "it nests deeper than "
                                          + std::to_string(Limits::UserInfoDepth) + " levels"};
        }
        if (fault != Json::Fault::None)
            return ClientMessageError{Refusal::BadUserInfo, {}};
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

void appendEmit(std::string &out, std::uint64_t emit, bool wantsAck)
{
    if (emit > 0)
        out.append("\"emit\":").append(std::to_string(emit)).append(",");
    if (wantsAck)
        out += "\"ack\":true,";
}

std::string encodeClientMessage(std::string_view eventName, std::string_view payload,
                                const std::optional<std::vector<std::string>> &recipients,
                                const EmitDetails &details)
{
    std::string out = "{";
    appendEmit(out, details.emit, details.wantsAck);
    for (const auto &[key, id] :
         {std::pair("\"request\":", details.request), std::pair("\"reply\":", details.reply)}) {
        if (id.empty())
            continue;
        Text::appendJsonString(out += key, id);
        out += ',';
    }
    out += "\"eventName\":";
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
