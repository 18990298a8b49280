// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "httpsession_p.h"

#include "connectparameters_p.h"
#include "eventnames_p.h"
#include "hub_p.h"
#include "limits_p.h"
#include "listener_p.h"
#include "text_p.h"
#include "upgraderequest_p.h"
#include "worker_p.h"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>

namespace Dispatch {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t HeaderBytes = 16 * 1024;
constexpr std::size_t TargetBytes = 8 * 1024;
constexpr std::ptrdiff_t HeaderFields = 100;
constexpr std::chrono::milliseconds LingerTimeout{1'000};
constexpr std::size_t WebSocketKeyBytes = 24;
constexpr std::string_view InfoPath = "/info/";
constexpr std::string_view Bearer = "bearer ";

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

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

bool hasBody(const http::request_parser<http::empty_body> &parser)
{
    return parser.chunked() || parser.content_length().value_or(0) > 0;
}

/// The token of an Authorization header of the scheme Bearer, or nothing.
std::optional<std::string> bearerToken(std::string_view header)
{
    if (header.size() <= Bearer.size()
        || !beast::iequals(beast::string_view(header.data(), Bearer.size()),
                           beast::string_view(Bearer.data(), Bearer.size()))) {
        return std::nullopt;
    }
    return std::string(header.substr(Bearer.size()));
}

/// As it is written in bans; one of IPv4 is the same however it came.
std::string addressText(const net::ip::address &address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

bool namesProject(std::string_view target)
{
    return target.find("?projectId=") != std::string_view::npos
        || target.find("&projectId=") != std::string_view::npos;
}

} // namespace

HttpSession::HttpSession(Hub &hub, Listener &listener, net::ip::tcp::socket socket)
    : m_hub(hub)
    , m_listener(listener)
    , m_socket(std::move(socket))
    , m_timer(m_socket.get_executor())
    , m_buffer(2 * HeaderBytes)
{
}

HttpSession::~HttpSession()
{
    m_listener.sessionEnded(this);
}

void HttpSession::start()
{
    readRequest();
}

void HttpSession::stop()
{
    end();
}

void HttpSession::readRequest()
{
    m_isJoin = false;
    m_isHead = false;
    m_isAnswering = false;
    startTimer(std::chrono::milliseconds(m_listener.settings().handshakeTimeout));
    m_parser.emplace();
    m_parser->header_limit(HeaderBytes);
    m_parser->body_limit(0);
    http::async_read_header(
        m_socket, m_buffer, *m_parser,
        [self = shared_from_this()](ErrorCode ec, std::size_t) { self->onRequest(ec); });
}

void HttpSession::onRequest(ErrorCode ec)
{
    if (m_isEnding || m_isAnswering)
        return;
    m_isAnswering = true;
    m_timer.cancel();
    if (ec)
        return onBadRequest(ec);
    const Request &request = m_parser->get();
    m_isJoin = beast::websocket::is_upgrade(request);
    m_isHead = request.method() == http::verb::head;
    if (request.target().size() > TargetBytes
        || std::distance(request.begin(), request.end()) > HeaderFields) {
        return refuse(Refusal::HeaderTooLarge);
    }
    if (hasBody(*m_parser))
        return refuse(Refusal::BadParameters, "a request has no body here");
    if (m_isJoin)
        upgrade(m_parser->release());
    else
        answer(request);
}

void HttpSession::onBadRequest(ErrorCode ec)
{
    if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
        return refuse(Refusal::HeaderTooLarge);
    if (ec.category() == make_error_code(http::error::end_of_stream).category()
        && ec != http::error::end_of_stream && ec != http::error::partial_message) {
        return refuse(Refusal::BadParameters, "the request is no HTTP");
    }
    end();
}

void HttpSession::onTimeout()
{
    if (m_isEnding)
        return;
    // One who began a request is told; one who merely kept the connection is not.
    const bool hasBegun = m_parser && (m_parser->got_some() || m_buffer.size() > 0);
    if (m_isAnswering || m_isLingering || !hasBegun)
        return end();
    m_isAnswering = true;
    ErrorCode ignored;
    m_socket.cancel(ignored);
    refuse(Refusal::RequestTimeout);
}

void HttpSession::answer(const Request &request)
{
    const std::string_view target = view(request.target());
    const std::string_view path = target.substr(0, target.find('?'));
    if (request.method() == http::verb::options) {
        Response response(http::status::no_content, request.version());
        response.keep_alive(request.keep_alive());
        response.set(http::field::access_control_allow_methods, "GET, HEAD, OPTIONS");
        response.set(http::field::access_control_allow_headers, "*");
        response.set(http::field::access_control_max_age, "86400");
        return send(std::move(response));
    }
    if (request.method() != http::verb::get && request.method() != http::verb::head)
        return refuse(Refusal::MethodNotAllowed);
    if (path.starts_with(InfoPath) && path.size() > InfoPath.size())
        return answerInfo(request, path.substr(InfoPath.size()));
    if (path.starts_with(InfoPath.substr(0, InfoPath.size() - 1)))
        return refuse(Refusal::NotFound);
    refuse(Refusal::UpgradeRequired);
}

void HttpSession::answerInfo(const Request &request, std::string_view projectId)
{
    const std::string project = Text::percentDecoded(projectId, false);
    // An empty list would say that nobody is there, while there can be no such project.
    if (!isValidProjectId(project))
        return refuse(Refusal::BadParameters, "what follows /info/ is no project's id");
    Response response(http::status::ok, request.version());
    response.keep_alive(request.keep_alive());
    response.set(http::field::content_type, "application/json");
    response.set(http::field::cache_control, "no-store");
    response.body() = infoBody(m_hub.occupancy(project));
    send(std::move(response));
}

void HttpSession::upgrade(Request request)
{
    const std::string_view key = view(request[http::field::sec_websocket_key]);
    if (key.size() != WebSocketKeyBytes || request.count(http::field::host) == 0)
        return refuse(Refusal::BadParameters, "Sec-WebSocket-Key and Host must be there");
    if (request[http::field::sec_websocket_version] != "13")
        return refuse(Refusal::UpgradeRequired);

    const std::string_view target = view(request.target());
    auto parsed = parseConnectParameters(target);
    if (const auto *error = std::get_if<ParameterError>(&parsed))
        return refuse(Refusal::BadParameters, error->field + ": " + error->reason);
    const auto &parameters = std::get<ConnectParameters>(parsed);
    if (m_listener.settings().requireProjectId && !namesProject(target))
        return refuse(Refusal::BadParameters, "projectId: this server demands one");

    ErrorCode ec;
    const std::string address = addressText(m_socket.remote_endpoint(ec).address());
    std::string userId;
    bool isBackend = !parameters.projectToken.empty();
    if (isBackend && !m_hub.verifyBackend(parameters.projectToken, parameters.projectId))
        return refuse(Refusal::Unauthorized);
    std::optional<std::string> token = bearerToken(view(request[http::field::authorization]));
    if (!token && m_hub.hasVerifier() && !parameters.authorization.empty())
        token = parameters.authorization;
    if (token && !isBackend) {
        const DispatchTokenVerdict verdict = m_hub.verify(*token, parameters.projectId);
        isBackend = !verdict && m_hub.verifyBackend(*token, parameters.projectId);
        if (!verdict && !isBackend)
            return refuse(Refusal::Unauthorized);
        userId = verdict.userId.toStdString();
    }
    if (const auto ban = m_hub.banOf(parameters.projectId, userId, address); ban && !isBackend)
        return refuse(Refusal::Banned, *ban);

    auto seat = isBackend ? m_hub.reserveBackend(parameters) : m_hub.reserve(parameters);
    if (const auto *refusal = std::get_if<Refusal>(&seat))
        return refuse(*refusal);
    auto handover = std::make_shared<UpgradeRequest>();
    handover->address = address;
    handover->isV6 = m_socket.local_endpoint(ec).protocol() == net::ip::tcp::v6();
    handover->following = beast::buffers_to_string(m_buffer.data());
    handover->request = std::move(request);
    handover->seat = std::get<Placement::Seat>(std::move(seat));
    handover->userId = std::move(userId);
    handover->socket = m_socket.release(ec);
    m_isEnding = true;
    const auto worker = static_cast<std::size_t>(handover->seat.worker);
    m_hub.workers[worker]->admit(std::move(handover));
}

void HttpSession::refuse(Refusal refusal, std::string_view detail)
{
    const RefusalInfo &row = info(refusal);
    if (m_isJoin)
        m_hub.listenerCounters.refusedJoins.add();
    Response response(static_cast<http::status>(row.httpStatus), 11);
    response.set(http::field::content_type, "application/json");
    response.keep_alive(false);
    if (refusal == Refusal::UpgradeRequired) {
        response.set(http::field::upgrade, "websocket");
        response.set(http::field::sec_websocket_version, "13");
    } else if (refusal == Refusal::MethodNotAllowed) {
        response.set(http::field::allow, "GET, HEAD, OPTIONS");
    } else if (refusal == Refusal::Unauthorized) {
        response.set(http::field::www_authenticate, "Bearer");
    }
    response.body() = refusalPayload(refusal, detail);
    send(std::move(response));
}

void HttpSession::send(Response response)
{
    m_response = std::move(response);
    m_response.set(http::field::access_control_allow_origin, "*");
    if (m_response.result() != http::status::no_content)
        m_response.prepare_payload();
    // The length is that of the answer to a GET; only the body stays away.
    if (m_isHead)
        m_response.body().clear();
    startTimer(std::chrono::milliseconds(m_listener.settings().handshakeTimeout));
    http::async_write(m_socket, m_response, [self = shared_from_this()](ErrorCode ec, std::size_t) {
        if (self->m_isEnding)
            return;
        if (ec)
            self->end();
        else if (self->m_response.keep_alive())
            self->readRequest();
        else
            self->linger();
    });
}

void HttpSession::startTimer(std::chrono::milliseconds timeout)
{
    m_timer.expires_after(timeout);
    m_timer.async_wait([self = weak_from_this()](ErrorCode ec) {
        if (const auto session = self.lock(); session && !ec)
            session->onTimeout();
    });
}

void HttpSession::linger()
{
    m_isLingering = true;
    ErrorCode ignored;
    m_socket.shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    startTimer(LingerTimeout);
    m_buffer.clear();
    discardInput();
}

void HttpSession::discardInput()
{
    m_socket.async_read_some(m_buffer.prepare(HeaderBytes),
                             [self = shared_from_this()](ErrorCode ec, std::size_t) {
                                 if (self->m_isEnding)
                                     return;
                                 if (ec)
                                     self->end();
                                 else
                                     self->discardInput();
                             });
}

void HttpSession::end()
{
    m_isEnding = true;
    m_timer.cancel();
    ErrorCode ignored;
    m_socket.close(ignored);
}

} // namespace Dispatch
