// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "publication_p.h"

#include "connectparameters_p.h"
#include "eventnames_p.h"
#include "json_p.h"
#include "limits_p.h"
#include "text_p.h"

#include <algorithm>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

using Names = std::vector<std::string>;

/// Whom a publication names; nothing where the field is missing or null.
struct Target {
    std::optional<std::string> shardName;
    std::optional<Names> shards;
    std::optional<Names> users;
    std::optional<Names> clients;
};

ClientMessageError badTarget(std::string_view field)
{
    return {Refusal::BadTarget, std::string(field)};
}

bool readNames(ondemand::value value, std::optional<Names> &names)
{
    names.reset();
    ondemand::json_type type;
    if (value.type().get(type))
        return false;
    if (type == ondemand::json_type::null)
        return true;
    ondemand::array array;
    if (value.get_array().get(array))
        return false;
    names.emplace();
    for (auto element : array) {
        std::string_view name;
        if (element.get_string().get(name) || name.size() > Limits::RecipientBytes)
            return false;
        names->emplace_back(name);
    }
    std::ranges::sort(*names);
    const auto repeated = std::ranges::unique(*names);
    names->erase(repeated.begin(), repeated.end());
    return true;
}

bool readName(ondemand::value value, std::optional<std::string> &name)
{
    name.reset();
    ondemand::json_type type;
    if (value.type().get(type))
        return false;
    if (type == ondemand::json_type::null)
        return true;
    std::string_view text;
    if (value.get_string().get(text) || text.empty())
        return false;
    name = text;
    return true;
}

/// \a text was validated before.
std::variant<Target, ClientMessageError> readTarget(std::string_view text)
{
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object object;
    if (parser.iterate(Json::padded(text)).get(document) || document.get_object().get(object))
        return ClientMessageError{Refusal::BadMessage, {}};
    Target target;
    for (auto member : object) {
        std::string_view key;
        ondemand::value value;
        // A key that has no form in UTF-8 is none that is known.
        if (member.unescaped_key().get(key) || member.value().get(value))
            continue;
        bool isRead = true;
        if (key == "shardName")
            isRead = readName(value, target.shardName);
        else if (key == "shards")
            isRead = readNames(value, target.shards);
        else if (key == "users")
            isRead = readNames(value, target.users);
        else if (key == "clients")
            isRead = readNames(value, target.clients);
        if (!isRead)
            return badTarget(key);
    }
    return target;
}

} // namespace

std::variant<Publication, ClientMessageError>
parsePublication(ClientMessageParser &parser, std::string_view text, std::size_t maxRecipients)
{
    if (!Text::isValidUtf8(text))
        return ClientMessageError{Refusal::BadMessage, "no UTF-8"};
    if (Text::utf16Length(text) > Limits::MessageUtf16Units)
        return ClientMessageError{Refusal::MessageTooBig, {}};
    auto parsed = parser.parse(text);
    if (auto *error = std::get_if<ClientMessageError>(&parsed))
        return std::move(*error);
    const auto &message = std::get<ClientMessage>(parsed);
    if (EventName::isReserved(message.eventName))
        return ClientMessageError{Refusal::ReservedEvent, {}};
    // Who means some, as clients do, must not reach all.
    if (message.recipients)
        return badTarget("recipients: here they are users and clients");

    auto read = readTarget(text);
    if (auto *error = std::get_if<ClientMessageError>(&read))
        return std::move(*error);
    auto &target = std::get<Target>(read);
    Publication publication{message.rawName, message.payload, {}, false, {}, {}};
    publication.isForPeople = target.users || target.clients;
    if (publication.isForPeople && (target.shards || target.shardName))
        return badTarget("both are named");
    if (target.shards && target.shardName)
        return badTarget("shardName and shards");
    if (target.shardName)
        target.shards = Names{std::move(*target.shardName)};
    if (target.shards && !std::ranges::all_of(*target.shards, isValidShardName))
        return badTarget("shards have names of at most 128 bytes");
    publication.shards = std::move(target.shards);
    publication.users = std::move(target.users).value_or(Names());
    publication.clients = std::move(target.clients).value_or(Names());
    const std::size_t named = publication.isForPeople
        ? publication.users.size() + publication.clients.size()
        : publication.shards.value_or(Names()).size();
    if (named > maxRecipients)
        return ClientMessageError{Refusal::TooManyRecipients,
                                  "at most " + std::to_string(maxRecipients)};
    return publication;
}

} // namespace Dispatch
