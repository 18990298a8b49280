// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addresslimits_p.h"
#include "refusal_p.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace Dispatch {

/// A request as a route sees it: a value, complete with its body.
struct HttpRequest {
    using Fields = std::vector<std::pair<std::string, std::string>>;

    std::string method;
    std::string path; ///< as it came, percent-encoded, without the query
    std::string query; ///< without '?', percent-encoded; may hold tokens: never for a log
    Fields fields; ///< of the header
    std::string body; ///< at most as long as the route allows
    std::string remoteAddress; ///< of the client, without a port
    std::optional<AddressKey> limitedAs; ///< whom limits count the client as, if they are for it
    /// What stood for {...} in the pattern of the route, in order, percent-decoded.
    std::vector<std::string> parameters;

    /// The value of the header's field \a name, whatever its case; empty if there is none.
    std::string_view field(std::string_view name) const;
};

/// What a route answers. The session adds what belongs to HTTP: length, connection, CORS.
struct HttpResponse {
    int status = 200;
    std::string reason = {}; ///< phrase of the status line; empty: the usual one
    std::string body;
    std::string contentType = "application/json";
    HttpRequest::Fields fields; ///< further ones
    std::optional<Refusal> refusal; ///< what it says, if it is one: to be counted

    /// \a retryAfter is when to try again, if that is known.
    static HttpResponse refused(Refusal refusal, std::string_view detail = {},
                                std::optional<std::chrono::milliseconds> retryAfter = {});
};

/// Answers the request; to be called once, on any thread, also after the client or the listener is
/// gone. A handler that never calls it leaves its client to a time-out.
using Respond = std::function<void(HttpResponse)>;

/// One thing that is served.
struct Route {
    /// Called on the listener's thread, which it must not block.
    using Handler = std::function<void(const HttpRequest &request, Respond respond)>;
    /// Why \a request, whose body has not been read, is refused; nothing if it is not.
    using Guard = std::function<std::optional<HttpResponse>(const HttpRequest &request)>;

    std::string method; ///< "GET" takes HEAD, too
    std::string pattern; ///< as in "/projects/{project}/shards": {...} is any one segment
    Handler handler;
    Guard guard; ///< if set, goes before the handler: nobody sends a body for nothing
    std::size_t maxBodyBytes = 0; ///< a longer one is refused, unread
    bool anyOrigin = false; ///< browsers may ask from pages of any origin
};

/// What one listener serves. Pure: is filled before the listener listens, then only read.
class Router {
public:
    struct Match {
        const Route *route = nullptr;
        std::vector<std::string> parameters;
    };
    /// Why nothing matched, and which methods the path knows.
    struct Miss {
        Refusal refusal = Refusal::NotFound;
        std::string allow; ///< "GET, HEAD"; empty for an unknown path
        std::string_view hint{}; ///< what there is, for an unknown path
        bool anyOrigin = false;
    };

    void add(Route route) { m_routes.push_back(std::move(route)); }
    std::variant<Match, Miss> find(std::string_view method, std::string_view path) const;

    /// What those are told who ask for a path that nothing is known of.
    void setHint(std::string hint) { m_hint = std::move(hint); }

    /// Whether an upgrade to WebSocket is a join; else it is one more request. A path that
    /// nothing is known of is then told to upgrade.
    void setJoinable(bool joinable) { m_isJoinable = joinable; }
    bool isJoinable() const { return m_isJoinable; }

private:
    std::vector<Route> m_routes;
    std::string m_hint;
    bool m_isJoinable = false;
};

} // namespace Dispatch
