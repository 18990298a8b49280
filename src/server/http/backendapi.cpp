// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendapi_p.h"

#include "apianswer_p.h"
#include "clientjson_p.h"
#include "hub_p.h"
#include "limits_p.h"
#include "mailing_p.h"
#include "publication_p.h"

#include <QtCore/qcryptographichash.h>

#include <algorithm>

namespace Dispatch {

namespace {

using Kind = ClientSelection::Kind;

// Projects whose rates are remembered.
constexpr std::size_t MostProjects = 10'000;
constexpr int Accepted = 202;

Idempotency::Limits keyLimits(const DispatchServerSettings &settings)
{
    return {static_cast<std::size_t>(settings.maxIdempotencyKeysPerProject),
            static_cast<std::size_t>(settings.maxIdempotencyKeys)};
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
        return bans(target, respond);
    case ApiCall::GetBan:
        return ban(target, respond);
    case ApiCall::PutBan:
        return putBan(request, target, respond);
    case ApiCall::DeleteBan:
        return unban(target, respond);
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
    if (!verdict) {
        const bool hasKey = verdict.fault != DispatchTokenVerdict::NoKey;
        return HttpResponse::refused(hasKey ? Refusal::Unauthorized : Refusal::NoTokenKey);
    }
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
