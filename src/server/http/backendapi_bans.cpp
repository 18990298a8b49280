// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// Whom back ends keep out.

#include "backendapi_p.h"

#include "apianswer_p.h"
#include "hub_p.h"

namespace Dispatch {

namespace {

/// \a seconds as one waits for them: never too short.
std::int64_t wholeSeconds(Duration duration)
{
    return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

void appendBan(std::string &out, const BanList::Ban &ban, TimePoint now,
               std::optional<int> disconnected = {})
{
    out += out.empty() ? "{" : ",{";
    appendMember(out, "kind", BanList::kindName(ban.kind));
    appendMember(out += ',', "name", ban.name);
    appendMember(out += ',', "reason", ban.reason);
    out.append(",\"seconds\":").append(std::to_string(wholeSeconds(ban.until - now)));
    if (disconnected)
        out.append(",\"disconnected\":").append(std::to_string(*disconnected));
    out += '}';
}

/// The kind and the name of the ban that a path names.
std::optional<std::pair<BanList::Kind, std::string>> banName(const ApiTarget &target)
{
    const auto kind = BanList::kindOf(target.names[0]);
    if (!kind)
        return std::nullopt;
    if (*kind == BanList::Kind::User)
        return std::pair(*kind, target.names[1]);
    auto address = normalizedAddress(target.names[1]);
    if (!address)
        return std::nullopt;
    return std::pair(*kind, std::move(*address));
}

void banAndSendAway(Hub &hub, const std::string &projectId, const BanList::Ban &ban,
                    const Respond &respond)
{
    hub.putBan(projectId, ban, [&hub, projectId, ban, respond](std::optional<Refusal> refusal) {
        if (refusal) {
            const bool isFull = *refusal == Refusal::ServerFull;
            return respond(HttpResponse::refused(*refusal, isFull ? "bans" : ""));
        }
        using Kind = ClientSelection::Kind;
        const Kind kind = ban.kind == BanList::Kind::User ? Kind::User : Kind::Address;
        hub.sendAway({projectId, kind, ban.name}, Refusal::Banned, ban.reason,
                     [ban, respond](const std::variant<int, Refusal> &answer) {
                         if (const auto *why = std::get_if<Refusal>(&answer))
                             return respond(HttpResponse::refused(*why));
                         std::string body;
                         appendBan(body, ban, Clock::now(), std::get<int>(answer));
                         respond(json(std::move(body)));
                     });
    });
}

HttpResponse banPage(const BanList &bans, const ApiTarget &target)
{
    const TimePoint now = Clock::now();
    std::vector<BanList::Ban> found =
        bans.list(target.projectId, target.after, target.limit + 1, now);
    std::optional<std::string> next;
    if (found.size() > target.limit) {
        found.pop_back();
        next = BanList::position(found.back());
    }
    std::string entries;
    for (const BanList::Ban &entry : found)
        appendBan(entries, entry, now);
    return json(listBody("bans", entries, next));
}

} // namespace

void BackendApi::bans(const ApiTarget &target, const Respond &respond)
{
    m_hub.readBans(target.projectId, [target, respond](const auto &answer) {
        const auto *refusal = std::get_if<Refusal>(&answer);
        respond(refusal ? HttpResponse::refused(*refusal)
                        : banPage(*std::get<const BanList *>(answer), target));
    });
}

void BackendApi::ban(const ApiTarget &target, const Respond &respond)
{
    const auto name = banName(target);
    if (!name)
        return respond(HttpResponse::refused(Refusal::NoSuchBan));
    m_hub.readBans(target.projectId, [target, name, respond](const auto &answer) {
        if (const auto *refusal = std::get_if<Refusal>(&answer))
            return respond(HttpResponse::refused(*refusal));
        const TimePoint now = Clock::now();
        const auto found = std::get<const BanList *>(answer)->find(target.projectId, name->first,
                                                                   name->second, now);
        if (!found)
            return respond(HttpResponse::refused(Refusal::NoSuchBan));
        std::string body;
        appendBan(body, *found, now);
        respond(json(std::move(body)));
    });
}

void BackendApi::unban(const ApiTarget &target, const Respond &respond)
{
    const auto name = banName(target);
    if (!name)
        return respond(HttpResponse::refused(Refusal::NoSuchBan));
    m_hub.removeBan(target.projectId, name->first, name->second,
                    [respond](const std::variant<bool, Refusal> &answer) {
                        if (const auto *refusal = std::get_if<Refusal>(&answer))
                            return respond(HttpResponse::refused(*refusal));
                        respond(std::get<bool>(answer) ? json("{\"removed\":true}")
                                                       : HttpResponse::refused(Refusal::NoSuchBan));
                    });
}

void BackendApi::putBan(const HttpRequest &request, const ApiTarget &target, const Respond &respond)
{
    auto read = readBan(request.body);
    if (const auto *error = std::get_if<ApiRefusal>(&read))
        return respond(refused(*error));
    const auto &wish = std::get<BanRequest>(read);
    const BanList::Ban ban{BanList::Kind::User, {}, wish.reason, Clock::now() + wish.seconds};
    const auto put = [hub = &m_hub, project = target.projectId, respond](const BanList::Ban &what) {
        banAndSendAway(*hub, project, what, respond);
    };
    if (target.names[0] != "clients") {
        const auto name = banName(target);
        if (!name) {
            return respond(HttpResponse::refused(
                Refusal::BadParameters,
                "bans are of users, of clients, or of addresses that are IP addresses"));
        }
        return put({name->first, name->second, ban.reason, ban.until});
    }
    // A client's id dies with its connection: what is banned is who it is, or where it comes from.
    m_hub.findClient(target.projectId, target.names[1], [put, ban, respond](const auto &answer) {
        if (const auto *refusal = std::get_if<Refusal>(&answer))
            return respond(HttpResponse::refused(*refusal));
        const auto &found = std::get<std::vector<ClientInfo>>(answer);
        if (found.empty())
            return respond(HttpResponse::refused(Refusal::NoSuchClient));
        const ClientInfo &client = found.front();
        if (client.userId.empty())
            put({BanList::Kind::Address, client.address, ban.reason, ban.until});
        else
            put({BanList::Kind::User, client.userId, ban.reason, ban.until});
    });
}

} // namespace Dispatch
