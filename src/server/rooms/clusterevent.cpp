// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clusterevent_p.h"

#include "mailing_p.h"
#include "packedtexts_p.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace Dispatch {

namespace {

constexpr std::size_t EventParts = 8;
constexpr std::size_t DirectParts = 5;
constexpr std::size_t PlaceParts = 3;
constexpr std::size_t DismissalParts = 7;
constexpr std::size_t BanParts = 5;
constexpr std::size_t UnbanParts = 3;
constexpr std::size_t HeadcountParts = 4;
constexpr std::size_t LongestNumber = 32;

namespace Kind {
constexpr std::string_view Event = "event";
constexpr std::string_view Dismissal = "away";
constexpr std::string_view Ban = "ban";
constexpr std::string_view Unban = "unban";
constexpr std::string_view Headcount = "count";
} // namespace Kind

// In the order of ClientSelection::Kind.
constexpr std::array<std::string_view, 3> SelectionNames = {"client", "user", "address"};

std::string textOf(double number)
{
    std::array<char, LongestNumber> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return std::string(text.data(), end);
}

std::vector<std::string> copied(const std::vector<std::string_view> &texts)
{
    return {texts.begin(), texts.end()};
}

std::string packedDirect(const Event &event, const std::vector<std::string> &recipients,
                         const std::vector<std::string> &users,
                         const std::vector<std::string> &clients)
{
    return packed(
        {Kind::Event, packedEvent(event), packed(recipients), packed(users), packed(clients)});
}

/// The texts in \a text, if it is of that kind; the first one says so.
std::optional<std::vector<std::string_view>> unpackedAs(std::string_view kind,
                                                        std::string_view text, std::size_t least)
{
    if (!text.starts_with(packed({kind})))
        return std::nullopt;
    return unpacked(text, least);
}

std::string_view selectionName(ClientSelection::Kind kind)
{
    return SelectionNames.at(static_cast<std::size_t>(kind));
}

std::optional<ClientSelection::Kind> selectionOf(std::string_view name)
{
    const auto found = std::ranges::find(SelectionNames, name);
    if (found == SelectionNames.end())
        return std::nullopt;
    return static_cast<ClientSelection::Kind>(found - SelectionNames.begin());
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
    if (!readNumber(part[2], event.latencyMs) || !readNumber(part[7], event.details.time))
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

std::string packedPlace(std::string_view shardName, const Engine::Mark &after)
{
    return packed({shardName, std::to_string(after.epoch), std::to_string(after.seq)});
}

std::optional<DirectEvent> unpackedDirect(std::string_view text)
{
    const auto parts = unpackedAs(Kind::Event, text, DirectParts);
    if (!parts)
        return std::nullopt;
    auto event = unpackedEvent((*parts)[1]);
    const auto recipients = unpacked((*parts)[2]);
    const auto users = unpacked((*parts)[3]);
    const auto clients = unpacked((*parts)[4]);
    if (!event || !recipients || !users || !clients)
        return std::nullopt;
    DirectEvent direct{*std::move(event), copied(*recipients), copied(*users), copied(*clients)};
    if (parts->size() >= DirectParts + PlaceParts
        && readNumber((*parts)[DirectParts + 1], direct.after.epoch)
        && readNumber((*parts)[DirectParts + 2], direct.after.seq)) {
        direct.shardName = (*parts)[DirectParts];
    }
    return direct;
}

std::string packedDismissal(const Dismissal &dismissal)
{
    return packed({Kind::Dismissal, selectionName(dismissal.whom.kind), dismissal.whom.name,
                   info(dismissal.refusal).slug, dismissal.detail, dismissal.asker,
                   std::to_string(dismissal.question)});
}

std::optional<Dismissal> unpackedDismissal(const std::string &projectId, std::string_view text)
{
    const auto parts = unpackedAs(Kind::Dismissal, text, DismissalParts);
    if (!parts)
        return std::nullopt;
    const auto &part = *parts;
    const auto kind = selectionOf(part[1]);
    const RefusalInfo *refusal = findRefusal(part[3]);
    Dismissal dismissal;
    if (!kind || !readNumber(part[6], dismissal.question))
        return std::nullopt;
    dismissal.whom = {projectId, *kind, std::string(part[2])};
    if (refusal) // a newer server may know more of them
        dismissal.refusal = refusal->refusal;
    dismissal.detail = part[4];
    dismissal.asker = part[5];
    return dismissal;
}

std::string packedBanNews(const BanNews &news, TimePoint now)
{
    const auto &[kind, name, reason, until] = news.ban;
    if (news.isTakenBack)
        return packed({Kind::Unban, BanList::kindName(kind), name});
    const auto left = std::chrono::ceil<milliseconds>(until - now);
    return packed({Kind::Ban, BanList::kindName(kind), name, reason, std::to_string(left.count())});
}

std::optional<BanNews> unpackedBanNews(std::string_view text, TimePoint now)
{
    BanNews news;
    auto parts = unpackedAs(Kind::Ban, text, BanParts);
    if (!parts) {
        parts = unpackedAs(Kind::Unban, text, UnbanParts);
        news.isTakenBack = true;
    }
    const auto kind = parts ? BanList::kindOf((*parts)[1]) : std::nullopt;
    if (!kind)
        return std::nullopt;
    news.ban.kind = *kind;
    news.ban.name = (*parts)[2];
    if (news.isTakenBack)
        return news;
    milliseconds::rep left = 0;
    if (!readNumber((*parts)[4], left))
        return std::nullopt;
    news.ban.reason = (*parts)[3];
    news.ban.until = now + milliseconds(left);
    return news;
}

std::string packedHeadcount(const Headcount &headcount)
{
    return packed({Kind::Headcount, std::to_string(headcount.question), headcount.node,
                   std::to_string(headcount.count)});
}

std::optional<Headcount> unpackedHeadcount(std::string_view text)
{
    const auto parts = unpackedAs(Kind::Headcount, text, HeadcountParts);
    if (!parts)
        return std::nullopt;
    Headcount headcount;
    headcount.node = (*parts)[2];
    if (!readNumber((*parts)[1], headcount.question) || !readNumber((*parts)[3], headcount.count))
        return std::nullopt;
    return headcount;
}

} // namespace Dispatch
