// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "apirequest_p.h"
#include "clientinfo_p.h"
#include "clientmessage_p.h"
#include "idempotency_p.h"
#include "router_p.h"
#include "tokenbucket_p.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

class DispatchServerSettings;

namespace Dispatch {

class Hub;

/// Serves back ends by HTTP (docs/openapi.yaml). Lives on the thread of its listener.
class BackendApi : public std::enable_shared_from_this<BackendApi> {
public:
    explicit BackendApi(Hub &hub)
        : m_hub(hub)
    {
    }

    /// Why \a request, whose body is not looked at, may not be done; nothing if it may.
    std::optional<HttpResponse> refusal(const HttpRequest &request);
    /// Does \a request, which refusal() has let pass.
    void handle(ApiCall call, const HttpRequest &request, const Respond &respond);

private:
    void publish(const HttpRequest &request, const ApiTarget &target,
                 const DispatchServerSettings &settings, const Respond &respond);
    void publishOnce(const HttpRequest &request, const ApiTarget &target,
                     const DispatchServerSettings &settings, const Respond &respond);
    void shards(const ApiTarget &target, const Respond &respond) const;
    void clients(const ApiTarget &target, const Respond &respond);
    void disconnect(const ApiTarget &target, ClientSelection::Kind kind, const Respond &respond);
    // backendapi_bans.cpp
    void bans(const ApiTarget &target, const Respond &respond);
    void ban(const ApiTarget &target, const Respond &respond);
    void unban(const ApiTarget &target, const Respond &respond);
    void putBan(const HttpRequest &request, const ApiTarget &target, const Respond &respond);

    Hub &m_hub;
    ClientMessageParser m_parser;
    std::mutex m_idempotencyMutex; // what was published is remembered on any thread
    Idempotency m_idempotency;
    std::unordered_map<std::string, TokenBucket> m_rates; // of projects
};

/// Adds what back ends are served to \a router. \a hub must outlive it.
void addBackendApi(Router &router, Hub &hub);

} // namespace Dispatch
