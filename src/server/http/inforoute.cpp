// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inforoute_p.h"

#include "connectparameters_p.h"
#include "hub_p.h"
#include "text_p.h"

namespace Dispatch {

namespace {

std::string infoBody(const std::vector<Placement::Occupancy> &shards)
{
    std::string body = "[";
    for (const Placement::Occupancy &shard : shards) {
        if (body.size() > 1)
            body += ',';
        body += "{\"shardName\":";
        Text::appendJsonString(body, shard.shardName);
        body.append(",\"numConnectedClients\":").append(std::to_string(shard.clients)).append("}");
    }
    return body + "]";
}

void answerInfo(const Hub &hub, const std::string &projectId, const Respond &respond)
{
    // An empty list would say that nobody is there, while there can be no such project.
    if (!isValidProjectId(projectId)) {
        return respond(HttpResponse::refused(Refusal::BadParameters,
                                             "what follows /info/ is no project's id"));
    }
    hub.askOccupancy(projectId, [respond](const auto &answer) {
        if (const auto *refusal = std::get_if<Refusal>(&answer))
            return respond(HttpResponse::refused(*refusal));
        HttpResponse response;
        response.fields = {{"Cache-Control", "no-store"}};
        response.body = infoBody(std::get<0>(answer));
        respond(std::move(response));
    });
}

/// How long the client has to wait for an answer, by the rate of its address.
Duration waitFor(const Hub &hub, AddressRates &rates, const HttpRequest &request)
{
    if (!request.limitedAs)
        return {};
    const DispatchServerSettings settings = hub.settings();
    return rates.take(*request.limitedAs,
                      Rate(settings.infoRequestsPerSecond, settings.infoRequestBurst),
                      Clock::now());
}

} // namespace

Route::Handler withinInfoRate(const Hub &hub, Route::Handler handler)
{
    return [&hub, rates = std::make_shared<AddressRates>(),
            handler = std::move(handler)](const HttpRequest &request, Respond respond) {
        if (const Duration wait = waitFor(hub, *rates, request); wait > Duration::zero()) {
            return respond(HttpResponse::refused(Refusal::TooManyRequests, {},
                                                 std::chrono::ceil<milliseconds>(wait)));
        }
        handler(request, std::move(respond));
    };
}

void addInfoRoute(Router &router, const Hub &hub)
{
    Route route;
    route.method = "GET";
    route.pattern = "/info/{project}";
    route.anyOrigin = true;
    route.handler = withinInfoRate(hub, [&hub](const HttpRequest &request, const Respond &respond) {
        answerInfo(hub, request.parameters.front(), respond);
    });
    router.add(std::move(route));
}

} // namespace Dispatch
