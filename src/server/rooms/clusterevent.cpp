// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clusterevent_p.h"

#include "mailing_p.h"
#include "packedtexts_p.h"

#include <array>
#include <charconv>

namespace Dispatch {

namespace {

constexpr std::size_t EventParts = 8;
constexpr std::size_t DirectParts = 4;
constexpr std::size_t LongestNumber = 32;

std::string textOf(double number)
{
    std::array<char, LongestNumber> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return std::string(text.data(), end);
}

template<class Number>
bool read(std::string_view text, Number &number)
{
    const char *const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

std::vector<std::string> copied(const std::vector<std::string_view> &texts)
{
    return {texts.begin(), texts.end()};
}

std::string packedDirect(const Event &event, const std::vector<std::string> &recipients,
                         const std::vector<std::string> &users,
                         const std::vector<std::string> &clients)
{
    return packed({packedEvent(event), packed(recipients), packed(users), packed(clients)});
}

} // namespace

std::string packedEvent(const Event &event)
{
    const EventDetails &details = event.details;
    return packed({event.rawName, event.payload, textOf(event.latencyMs), details.from,
                   details.fromUser, details.request, details.reply, std::to_string(details.time)});
}

std::optional<Event> unpackedEvent(std::string_view text)
{
    const auto parts = unpacked(text, EventParts);
    if (!parts)
        return std::nullopt;
    const auto &part = *parts;
    Event event{part[0], part[1], 0, {}};
    event.details.from = part[3];
    event.details.fromUser = part[4];
    event.details.request = part[5];
    event.details.reply = part[6];
    if (!read(part[2], event.latencyMs) || !read(part[7], event.details.time))
        return std::nullopt;
    return event;
}

std::string packedDirect(const Event &event, const std::vector<std::string> &recipients)
{
    return packedDirect(event, recipients, {}, {});
}

std::string packedDirect(const Mailing &mailing)
{
    return packedDirect(mailing.event.event(), {}, mailing.users, mailing.clients);
}

std::string packedPlace(std::string_view shardName, std::uint64_t afterSeq)
{
    return packed({shardName, std::to_string(afterSeq)});
}

std::optional<DirectEvent> unpackedDirect(std::string_view text)
{
    const auto parts = unpacked(text, DirectParts);
    if (!parts)
        return std::nullopt;
    auto event = unpackedEvent((*parts)[0]);
    const auto recipients = unpacked((*parts)[1]);
    const auto users = unpacked((*parts)[2]);
    const auto clients = unpacked((*parts)[3]);
    if (!event || !recipients || !users || !clients)
        return std::nullopt;
    DirectEvent direct{*std::move(event), copied(*recipients), copied(*users), copied(*clients)};
    if (parts->size() >= DirectParts + 2 && read((*parts)[DirectParts + 1], direct.afterSeq))
        direct.shardName = (*parts)[DirectParts];
    return direct;
}

} // namespace Dispatch
