// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendapi_p.h"

#include "clientjson_p.h"
#include "hub_p.h"
#include "limits_p.h"
#include "mailing_p.h"
#include "publication_p.h"
#include "text_p.h"

#include <QtCore/qcryptographichash.h>

#include <algorithm>

namespace Dispatch {

namespace {

using Kind = ClientSelection::Kind;

// Projects whose rates are remembered.
constexpr std::size_t MostProjects = 10'000;
constexpr int Accepted = 202;

HttpResponse json(std::string body, int status = 200)
{
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    response.fields = {{"Cache-Control", "no-store"}};
    return response;
}

HttpResponse refused(const ApiRefusal &refusal)
{
    return HttpResponse::refused(refusal.refusal, refusal.detail);
}

void appendMember(std::string &out, std::string_view key, std::string_view text)
{
    Text::appendJsonString(out, key);
    out += ':';
    Text::appendJsonString(out, text);
}

std::string listBody(std::string_view key, std::string_view entries,
                     const std::optional<std::string> &next)
{
    std::string body = "{\"";
    body.append(key).append("\":[").append(entries).append("],\"next\":");
    if (next)
        Text::appendJsonString(body, *next);
    else
        body += "null";
    return body + "}";
}

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

Idempotency::Limits keyLimits(const DispatchServerSettings &settings)
{
    return {static_cast<std::size_t>(settings.maxIdempotencyKeysPerProject),
            static_cast<std::size_t>(settings.maxIdempotencyKeys)};
}

BanList::Limits banLimits(const DispatchServerSettings &settings)
{
    return {static_cast<std::size_t>(settings.maxBansPerProject),
            static_cast<std::size_t>(settings.maxBans)};
}

std::string digestOf(std::string_view body)
{
    const auto bytes = QByteArrayView(body.data(), static_cast<qsizetype>(body.size()));
    return QCryptographicHash::hash(bytes.toByteArray(), QCryptographicHash::Sha256).toStdString();
}

/// The part of \a all, which is in order of names, behind the shard \a after.
HttpResponse shardPage(const std::vector<Placement::Occupancy> &all, const std::string &after,
                       std::size_t limit)
{
    auto shard = std::ranges::upper_bound(all, after, {}, &Placement::Occupancy::shardName);
    if (after.empty())
        shard = all.begin();
    std::string entries;
    std::optional<std::string> next;
    for (std::size_t count = 0; shard != all.end() && count < limit; ++shard, ++count) {
        entries += entries.empty() ? "{" : ",{";
        appendMember(entries, "shardName", shard->shardName);
        entries.append(",\"numConnectedClients\":").append(std::to_string(shard->clients));
        entries += '}';
        next = shard->shardName;
    }
    return json(listBody("shards", entries, shard == all.end() ? std::nullopt : next));
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
                    const BanList::Limits &limits, const Respond &respond)
{
    const bool isPut =
        hub.withBans([&](BanList &bans) { return bans.put(projectId, ban, Clock::now(), limits); });
    if (!isPut)
        return respond(HttpResponse::refused(Refusal::ServerFull, "bans"));
    const Kind kind = ban.kind == BanList::Kind::User ? Kind::User : Kind::Address;
    hub.sendAway({projectId, kind, ban.name}, Refusal::Banned, ban.reason,
                 [ban, respond](const std::variant<int, Refusal> &answer) {
                     if (const auto *refusal = std::get_if<Refusal>(&answer))
                         return respond(HttpResponse::refused(*refusal));
                     std::string body;
                     appendBan(body, ban, Clock::now(), std::get<int>(answer));
                     respond(json(std::move(body)));
                 });
}

} // namespace

void BackendApi::handle(ApiCall call, const HttpRequest &request, const Respond &respond)
{
    const DispatchServerSettings settings = m_hub.settings();
    const auto target = std::get<ApiTarget>(readApiTarget(request));
    switch (call) {
    case ApiCall::PublishEvent:
        return publishOnce(request, target, settings, respond);
    case ApiCall::ListShards:
        return shards(target, respond);
    case ApiCall::ListClients:
        return clients(target, respond);
    case ApiCall::DisconnectClient:
        return disconnect(target, Kind::Client, respond);
    case ApiCall::DisconnectUser:
        return disconnect(target, Kind::User, respond);
    case ApiCall::ListBans:
        return respond(bans(target));
    case ApiCall::GetBan:
        return respond(ban(target));
    case ApiCall::PutBan:
        return putBan(request, target, settings, respond);
    case ApiCall::DeleteBan:
        return respond(unban(target));
    }
}

std::optional<HttpResponse> BackendApi::refusal(const HttpRequest &request)
{
    const auto target = readApiTarget(request);
    if (const auto *error = std::get_if<ApiRefusal>(&target))
        return refused(*error);
    const std::string &projectId = std::get<ApiTarget>(target).projectId;
    const auto token = bearerToken(request.field("Authorization"));
    const DispatchTokenVerdict verdict =
        token ? m_hub.verifyBackend(*token, projectId) : DispatchTokenVerdict();
    if (!verdict && verdict.fault == DispatchTokenVerdict::WrongRole)
        return HttpResponse::refused(Refusal::NoBackEnd);
    if (!verdict)
        return HttpResponse::refused(Refusal::Unauthorized);
    if (m_rates.size() >= MostProjects && !m_rates.contains(projectId))
        m_rates.clear();
    const DispatchServerSettings settings = m_hub.settings();
    const Rate rate(settings.apiRequestsPerSecond, settings.apiRequestBurst);
    const Duration wait = m_rates[projectId].take(rate, 1, Clock::now());
    if (wait > Duration::zero()) {
        return HttpResponse::refused(Refusal::TooManyRequests, {},
                                     std::chrono::ceil<milliseconds>(wait));
    }
    if ((request.method == "POST" || request.method == "PUT")
        && !isJson(request.field("Content-Type")))
        return HttpResponse::refused(Refusal::UnsupportedMediaType);
    return std::nullopt;
}

void BackendApi::publishOnce(const HttpRequest &request, const ApiTarget &target,
                             const DispatchServerSettings &settings, const Respond &respond)
{
    const std::string key(request.field("Idempotency-Key"));
    if (key.empty())
        return publish(request, target, settings, respond);
    if (!isIdempotencyKey(key)) {
        return respond(HttpResponse::refused(Refusal::BadParameters,
                                             "Idempotency-Key: is 1 to 255 visible characters"));
    }
    const std::string digest = digestOf(request.body);
    const TimePoint now = Clock::now();
    const Idempotency::Verdict verdict = [&] {
        const std::lock_guard lock(m_idempotencyMutex);
        return m_idempotency.check(target.projectId, key, digest, now, keyLimits(settings));
    }();
    switch (verdict.state) {
    case Idempotency::State::New:
        break;
    case Idempotency::State::Known: {
        HttpResponse response = json(verdict.answer, Accepted);
        response.fields.emplace_back("Idempotency-Replayed", "true");
        return respond(std::move(response));
    }
    case Idempotency::State::Reused:
        return respond(HttpResponse::refused(Refusal::IdempotencyKeyReused));
    case Idempotency::State::Full:
        return respond(HttpResponse::refused(Refusal::ServerFull, "Idempotency-Key"));
    }
    publish(request, target, settings,
            [self = shared_from_this(), project = target.projectId, key, digest, now, respond,
             window = milliseconds(settings.idempotencyWindow)](HttpResponse response) {
                // What was refused was not done: it may come again with the same key, corrected.
                if (response.status == Accepted) {
                    const std::lock_guard lock(self->m_idempotencyMutex);
                    self->m_idempotency.remember(project, key, digest, response.body, now, window);
                }
                respond(std::move(response));
            });
}

void BackendApi::publish(const HttpRequest &request, const ApiTarget &target,
                         const DispatchServerSettings &settings, const Respond &respond)
{
    if (request.body.size() > static_cast<std::size_t>(settings.maxMessageBytes))
        return respond(HttpResponse::refused(Refusal::MessageTooBig));
    std::string text;
    text.reserve(request.body.size() + ClientMessageParser::padding());
    text = request.body;
    auto parsed =
        parsePublication(m_parser, text, static_cast<std::size_t>(settings.maxRecipients));
    if (const auto *error = std::get_if<ClientMessageError>(&parsed))
        return respond(HttpResponse::refused(error->refusal, error->detail));
    auto &publication = std::get<Publication>(parsed);
    EventDetails details;
    details.time = msSinceEpoch();
    auto mailing =
        std::make_shared<Mailing>(Event{publication.rawName, publication.payload, 0, details});
    mailing->projectId = target.projectId;
    mailing->shards = std::move(publication.shards);
    mailing->isForPeople = publication.isForPeople;
    mailing->users = std::move(publication.users);
    mailing->clients = std::move(publication.clients);
    m_hub.publish(mailing, [respond](std::optional<Refusal> refusal) {
        respond(refusal ? HttpResponse::refused(*refusal) : json("{\"accepted\":true}", Accepted));
    });
}

void BackendApi::shards(const ApiTarget &target, const Respond &respond) const
{
    m_hub.askOccupancy(target.projectId, [target, respond](const auto &answer) {
        const auto *refusal = std::get_if<Refusal>(&answer);
        respond(refusal ? HttpResponse::refused(*refusal)
                        : shardPage(std::get<0>(answer), target.after, target.limit));
    });
}

void BackendApi::clients(const ApiTarget &target, const Respond &respond)
{
    m_hub.listClients(target.projectId, target.names[0], target.after, target.limit,
                      [respond](const std::variant<ClientPage, Refusal> &answer) {
                          if (const auto *refusal = std::get_if<Refusal>(&answer))
                              return respond(HttpResponse::refused(*refusal));
                          const auto &page = std::get<ClientPage>(answer);
                          if (!page.isThere)
                              return respond(HttpResponse::refused(Refusal::NoSuchShard));
                          std::string entries;
                          for (const ClientInfo &client : page.clients)
                              appendClientJson(entries, client);
                          std::optional<std::string> next;
                          if (page.hasMore)
                              next = page.clients.back().clientId;
                          respond(json(listBody("clients", entries, next)));
                      });
}

void BackendApi::disconnect(const ApiTarget &target, Kind kind, const Respond &respond)
{
    m_hub.sendAway({target.projectId, kind, target.names[0]}, Refusal::Disconnected, {},
                   [respond](const std::variant<int, Refusal> &answer) {
                       if (const auto *refusal = std::get_if<Refusal>(&answer))
                           return respond(HttpResponse::refused(*refusal));
                       const int count = std::get<int>(answer);
                       if (count == 0)
                           return respond(HttpResponse::refused(Refusal::NoSuchClient));
                       respond(json("{\"disconnected\":" + std::to_string(count) + "}"));
                   });
}

HttpResponse BackendApi::bans(const ApiTarget &target)
{
    const TimePoint now = Clock::now();
    std::vector<BanList::Ban> found = m_hub.withBans([&](const BanList &bans) {
        return bans.list(target.projectId, target.after, target.limit + 1, now);
    });
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

HttpResponse BackendApi::ban(const ApiTarget &target)
{
    const TimePoint now = Clock::now();
    const auto name = banName(target);
    const auto found = name ? m_hub.withBans([&](const BanList &bans) {
        return bans.find(target.projectId, name->first, name->second, now);
    })
                            : std::nullopt;
    if (!found)
        return HttpResponse::refused(Refusal::NoSuchBan);
    std::string body;
    appendBan(body, *found, now);
    return json(std::move(body));
}

HttpResponse BackendApi::unban(const ApiTarget &target)
{
    const auto name = banName(target);
    const bool isRemoved = name && m_hub.withBans([&](BanList &bans) {
        return bans.remove(target.projectId, name->first, name->second, Clock::now());
    });
    if (!isRemoved)
        return HttpResponse::refused(Refusal::NoSuchBan);
    return json("{\"removed\":true}");
}

void BackendApi::putBan(const HttpRequest &request, const ApiTarget &target,
                        const DispatchServerSettings &settings, const Respond &respond)
{
    auto read = readBan(request.body);
    if (const auto *error = std::get_if<ApiRefusal>(&read))
        return respond(refused(*error));
    const auto &wish = std::get<BanRequest>(read);
    const BanList::Ban ban{BanList::Kind::User, {}, wish.reason, Clock::now() + wish.seconds};
    const auto put = [hub = &m_hub, project = target.projectId, respond,
                      limits = banLimits(settings)](const BanList::Ban &what) {
        banAndSendAway(*hub, project, what, limits, respond);
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
    m_hub.find({target.projectId, Kind::Client, target.names[1]},
               [put, ban, respond](const std::vector<ClientInfo> &found) {
                   if (found.empty())
                       return respond(HttpResponse::refused(Refusal::NoSuchClient));
                   const ClientInfo &client = found.front();
                   if (client.userId.empty())
                       put({BanList::Kind::Address, client.address, ban.reason, ban.until});
                   else
                       put({BanList::Kind::User, client.userId, ban.reason, ban.until});
               });
}

void addBackendApi(Router &router, Hub &hub)
{
    const auto api = std::make_shared<BackendApi>(hub);
    for (const ApiRoute &row : apiRoutes()) {
        Route route;
        route.method = row.method;
        route.pattern = row.pattern;
        route.guard = [api](const HttpRequest &request) { return api->refusal(request); };
        route.handler = [api, call = row.call](const HttpRequest &request, const Respond &respond) {
            api->handle(call, request, respond);
        };
        if (row.method == "POST" || row.method == "PUT")
            route.maxBodyBytes = Limits::MessageBytes;
        router.add(std::move(route));
    }
}

} // namespace Dispatch
