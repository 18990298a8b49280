// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "inforoute_p.h"

#include "connectparameters_p.h"
#include "hub_p.h"
#include "router_p.h"
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

HttpResponse infoOf(const Hub &hub, const std::string &projectId)
{
    // An empty list would say that nobody is there, while there can be no such project.
    if (!isValidProjectId(projectId)) {
        return HttpResponse::refused(Refusal::BadParameters,
                                     "what follows /info/ is no project's id");
    }
    HttpResponse response;
    response.fields = {{"Cache-Control", "no-store"}};
    response.body = infoBody(hub.occupancy(projectId));
    return response;
}

} // namespace

void addInfoRoute(Router &router, const Hub &hub)
{
    Route route;
    route.method = "GET";
    route.pattern = "/info/{project}";
    route.anyOrigin = true;
    route.handler = [&hub](const HttpRequest &request, const Respond &respond) {
        respond(infoOf(hub, request.parameters.front()));
    };
    router.add(std::move(route));
}

} // namespace Dispatch
