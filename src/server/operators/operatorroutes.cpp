// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "operatorroutes_p.h"

#include "authority_p.h"
#include "health_p.h"
#include "hub_p.h"
#include "metrics_p.h"
#include "metricswriter_p.h"
#include "router_p.h"
#include "statuspage_p.h"
#include "statusreport_p.h"
#include "text_p.h"
#include "worker_p.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <functional>

namespace Dispatch {

namespace {

constexpr int Unavailable = 503;

// The page has all that it needs from here, and no other page has anything of it.
const HttpRequest::Fields ForBrowsers{
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
};

std::vector<LoopHealth> stuckLoops(const OperatorRoutes &routes)
{
    const TimePoint now = Clock::now();
    const auto &workers = routes.hub.workers;
    std::vector<LoopHealth> loops{{"listener", routes.listener->silence(now)}};
    for (std::size_t i = 0; i < workers.size(); ++i)
        loops.push_back({"worker " + std::to_string(i), workers[i]->pulse().silence(now)});
    return stuckAmong(std::move(loops), milliseconds(routes.hub.settings().healthTimeout));
}

HttpResponse json(std::string body, bool isGood = true)
{
    HttpResponse response;
    response.status = isGood ? response.status : Unavailable;
    response.body = std::move(body);
    return response;
}

bool isOwnName(std::string_view host)
{
    const auto authority = parseAuthority(host);
    if (!authority)
        return false;
    std::string_view name = authority->host;
    if (name.starts_with('['))
        name = name.substr(1, name.size() - 2);
    boost::system::error_code ec;
    boost::asio::ip::make_address(name, ec);
    return !ec || name == "localhost";
}

/// What search=... in \a query asks for.
std::string searchIn(std::string_view query)
{
    constexpr std::string_view Key = "search=";
    while (!query.empty()) {
        const std::string_view field = query.substr(0, query.find('&'));
        if (field.starts_with(Key))
            return Text::percentDecoded(field.substr(Key.size()), true);
        query.remove_prefix(std::min(field.size() + 1, query.size()));
    }
    return {};
}

HttpResponse fileOf(const StatusPageFile &file)
{
    HttpResponse response;
    response.contentType = file.contentType;
    response.body = file.content;
    return response;
}

using Answer = std::function<HttpResponse(const HttpRequest &request)>;

Route routeOf(std::string pattern, bool onlyOwnNames, Answer answer)
{
    Route route;
    route.method = "GET";
    route.pattern = std::move(pattern);
    route.handler = [onlyOwnNames, answer = std::move(answer)](const HttpRequest &request,
                                                               const Respond &respond) {
        HttpResponse response = onlyOwnNames && !isOwnName(request.field("host"))
            ? HttpResponse::refused(Refusal::BadRequest, "Host has to be an address or localhost")
            : answer(request);
        response.fields.insert(response.fields.end(), ForBrowsers.begin(), ForBrowsers.end());
        respond(std::move(response));
    };
    return route;
}

} // namespace

void addOperatorRoutes(Router &router, const OperatorRoutes &routes)
{
    const auto add = [&](std::string_view pattern, Answer answer) {
        router.add(routeOf(std::string(pattern), routes.onlyOwnNames, std::move(answer)));
    };
    add("/healthz", [routes](const HttpRequest &) {
        const auto stuck = stuckLoops(routes);
        return json(healthReport(stuck), stuck.empty());
    });
    add("/readyz", [routes](const HttpRequest &) {
        const Readiness now = readinessOf(routes.hub);
        return json(readinessReport(now), now == Readiness::Ready);
    });
    add("/metrics", [routes](const HttpRequest &) {
        HttpResponse response;
        response.contentType = MetricsWriter::ContentType;
        response.body = metricsOf(routes.hub);
        return response;
    });
    add("/status.json", [routes](const HttpRequest &request) {
        return json(statusReport(routes.hub, searchIn(request.query), stuckLoops(routes)));
    });
    router.setHint("there are /, /healthz, /readyz, /metrics, /status.json");
    for (const StatusPageFile &file : statusPageFiles())
        add(file.path, [&file](const HttpRequest &) { return fileOf(file); });
}

} // namespace Dispatch
