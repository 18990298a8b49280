// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "httpsession_p.h"

#include "asioaddress_p.h"
#include "clusterjoin_p.h"
#include "hub_p.h"
#include "listener_p.h"
#include "worker_p.h"

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <limits>

namespace Dispatch {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t ReadBytes = 4 * 1024;
// A whole header, and what one more read brings.
constexpr std::size_t BufferBytes = HeadScanner::HeadBytes + ReadBytes;
// RFC 8446 section 5.1; no request of HTTP begins so.
constexpr char TlsHandshakeRecord = 0x16;
constexpr std::string_view Continue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

HttpRequest toRequest(const http::request_header<> &header, const RequestTarget &target,
                      std::vector<std::string> parameters)
{
    HttpRequest request;
    request.method = view(header.method_string());
    request.path = target.path;
    request.query = target.query;
    for (const auto &field : header)
        request.fields.emplace_back(view(field.name_string()), view(field.value()));
    request.parameters = std::move(parameters);
    return request;
}

} // namespace

HttpSession::HttpSession(Hub &hub, Listener &listener, Socket socket, Visitor visitor)
    : m_hub(hub)
    , m_listener(listener)
    , m_socket(std::move(socket))
    , m_visitor(std::move(visitor))
    , m_timer(m_socket.get_executor())
    , m_buffer(BufferBytes)
{
}

HttpSession::~HttpSession()
{
    m_listener.sessionEnded(this);
}

void HttpSession::start()
{
    startTimer();
    handshake();
}

void HttpSession::stop()
{
    end();
}

void HttpSession::readRequest()
{
    m_state = State::ReadingHeader;
    m_isJoin = false;
    m_route = nullptr;
    m_request = {};
    ++m_exchange;
    m_head = {};
    m_parser.emplace();
    // The scanner has its own limit, which is told from a broken request.
    m_parser->header_limit(BufferBytes);
    // Whether a body is too long is known when its route is.
    m_parser->body_limit(std::numeric_limits<std::uint64_t>::max());
    readHead();
}

void HttpSession::readNextRequest()
{
    startTimer();
    readRequest();
}

void HttpSession::readHead()
{
    const auto buffered = m_buffer.data();
    const std::string_view text(static_cast<const char *>(buffered.data()), buffered.size());
    if (const auto refusal = m_head.scan(text)) {
        const bool isTls = text.front() == TlsHandshakeRecord;
        return refuse(*refusal, isTls ? "this port speaks no TLS: use ws:// or http://" : "");
    }
    if (m_head.size() > 0)
        return onHead();
    m_socket.async_read_some(
        m_buffer.prepare(ReadBytes),
        [self = shared_from_this()](ErrorCode ec, std::size_t bytes) { self->onRead(ec, bytes); });
}

void HttpSession::onRead(ErrorCode ec, std::size_t bytes)
{
    if (m_state != State::ReadingHeader)
        return;
    m_buffer.commit(bytes);
    if (!ec)
        return readHead();
    // One who says no more may still listen.
    if (ec == net::error::eof && m_buffer.size() > 0)
        return refuse(Refusal::BadRequest, "incomplete");
    end();
}

void HttpSession::onHead()
{
    ErrorCode ec;
    m_buffer.consume(m_parser->put(net::buffer(m_buffer.data(), m_head.size()), ec));
    if (ec)
        return onBadRequest(ec);
    const auto &header = m_parser->get().base();
    if (const auto fault = faultOf(header))
        return refuse(Refusal::BadRequest, *fault);
    m_target = *parseTarget(view(header.method_string()), view(header.target()));
    if (!identifyClient())
        return refuse(Refusal::TooManyFromAddress);
    m_isJoin = m_listener.router().isJoinable() && beast::websocket::is_upgrade(header);
    if (m_isJoin)
        join();
    else
        route();
}

bool HttpSession::identifyClient()
{
    const Gate &gate = m_listener.gate();
    if (!gate.isProxy(m_visitor.peer))
        return true;
    m_visitor.client = gate.clientOf(m_visitor.peer, m_parser->get().base());
    m_visitor.lease.reset();
    if (gate.isUnlimited(m_visitor.client))
        return true;
    m_visitor.lease = m_hub.addresses->take(AddressKey(m_visitor.client),
                                            m_listener.settings().maxConnectionsPerAddress);
    return m_visitor.lease != nullptr;
}

void HttpSession::route()
{
    const auto &header = m_parser->get().base();
    if (header.method() == http::verb::options)
        return answerPreflight();
    auto found = m_listener.router().find(view(header.method_string()), m_target.path);
    if (const auto *miss = std::get_if<Router::Miss>(&found)) {
        HttpResponse response = HttpResponse::refused(miss->refusal, miss->hint);
        if (!miss->allow.empty())
            response.fields.emplace_back("Allow", miss->allow);
        return send(std::move(response), false, miss->anyOrigin);
    }
    auto &match = std::get<Router::Match>(found);
    m_route = match.route;
    if (m_parser->content_length().value_or(0) > m_route->maxBodyBytes
        || (m_parser->chunked() && m_route->maxBodyBytes == 0)) {
        return refuse(Refusal::BodyTooLarge,
                      "at most " + std::to_string(m_route->maxBodyBytes) + " bytes");
    }
    m_request = toRequest(header, m_target, std::move(match.parameters));
    m_request.remoteAddress = toAsio(m_visitor.client).to_string();
    if (!m_listener.gate().isUnlimited(m_visitor.client))
        m_request.limitedAs = AddressKey(m_visitor.client);
    if (auto refused = m_route->guard ? m_route->guard(m_request) : std::nullopt)
        return send(std::move(*refused), false, m_route->anyOrigin);
    m_parser->body_limit(m_route->maxBodyBytes);
    if (m_parser->is_done())
        callRoute();
    else
        expectBody();
}

void HttpSession::expectBody()
{
    m_state = State::ReadingBody;
    const beast::string_view expected = m_parser->get()[http::field::expect];
    if (!beast::iequals(expected, "100-continue"))
        return readBody();
    net::async_write(m_socket, net::buffer(Continue),
                     [self = shared_from_this()](ErrorCode ec, std::size_t) {
                         if (self->m_state != State::ReadingBody)
                             return;
                         if (ec)
                             self->end();
                         else
                             self->readBody();
                     });
}

void HttpSession::readBody()
{
    http::async_read(m_socket, m_buffer, *m_parser,
                     [self = shared_from_this()](ErrorCode ec, std::size_t) { self->onBody(ec); });
}

void HttpSession::onBody(ErrorCode ec)
{
    if (m_state != State::ReadingBody)
        return;
    if (ec)
        return onBadRequest(ec);
    m_request.body = std::move(m_parser->get().body());
    callRoute();
}

void HttpSession::callRoute()
{
    m_state = State::Waiting;
    startWaiting();
    m_route->handler(m_request,
                     [mailbox = m_listener.mailbox(), session = weak_from_this(),
                      exchange = m_exchange](HttpResponse answer) {
                         mailbox->post([session, exchange, answer = std::move(answer)]() mutable {
                             if (const auto self = session.lock())
                                 self->onAnswer(exchange, std::move(answer));
                         });
                     });
}

void HttpSession::onAnswer(std::uint64_t exchange, HttpResponse answer)
{
    if (m_state != State::Waiting || exchange != m_exchange)
        return;
    const bool isError = answer.status >= 400;
    send(std::move(answer), m_parser->get().keep_alive() && !isError, m_route->anyOrigin);
}

void HttpSession::join()
{
    if (m_parser->chunked() || m_parser->content_length().value_or(0) > 0)
        return refuse(Refusal::BodyTooLarge, "an upgrade has none");
    auto read = readJoin(m_hub, m_listener.settings(), m_listener.gate(), m_visitor,
                         UpgradeRequest::Request(std::move(m_parser->get().base())));
    if (const auto *refused = std::get_if<RefusedJoin>(&read))
        return refuse(refused->refusal, refused->detail);
    auto &wish = std::get<JoinWish>(read);
    // Before a later request the connection may have been idle.
    wish.handover->acceptedAt = m_exchange == 1 ? m_acceptedAt : Clock::now();
    if (m_hub.cluster())
        joinCluster(std::move(wish));
    else
        onPlaced(placeHere(m_hub, std::move(wish)));
}

void HttpSession::joinCluster(JoinWish wish)
{
    m_state = State::Waiting;
    startWaiting();
    placeInCluster(m_hub, std::move(wish),
                   [hub = &m_hub, mailbox = m_listener.mailbox(), session = weak_from_this(),
                    exchange = m_exchange](const Admission &admission) {
                       mailbox->post([hub, session, exchange, admission] {
                           const auto self = session.lock();
                           if (self && self->m_state == State::Waiting
                               && self->m_exchange == exchange)
                               return self->onPlaced(admission);
                           // Nobody waits for the seat any more.
                           if (const auto *handover = std::get_if<0>(&admission))
                               hub->giveUp(**handover);
                       });
                   });
}

void HttpSession::onPlaced(const Admission &admission)
{
    if (const auto *refused = std::get_if<RefusedJoin>(&admission))
        return refuse(refused->refusal, refused->detail);
    const auto &handover = std::get<std::shared_ptr<UpgradeRequest>>(admission);
    m_socket.putBack(beast::buffers_to_string(m_buffer.data()));
    handover->socket = m_socket.detach();
    m_state = State::Ended;
    m_timer.cancel();
    const auto worker = static_cast<std::size_t>(handover->worker());
    m_hub.workers[worker]->admit(handover);
}

void HttpSession::onBadRequest(ErrorCode ec)
{
    if (ec == http::error::header_limit || ec == http::error::buffer_overflow)
        return refuse(Refusal::HeaderTooLarge);
    if (ec == http::error::body_limit)
        return refuse(Refusal::BodyTooLarge);
    if (ec.category() == make_error_code(http::error::end_of_stream).category())
        return refuse(Refusal::BadRequest);
    end();
}

void HttpSession::onTimeout()
{
    // One who began a request is told; one who merely kept the connection is not.
    const bool hasBegun = m_parser && (m_parser->got_some() || m_buffer.size() > 0);
    ErrorCode ignored;
    switch (m_state) {
    case State::Handshaking:
        return end();
    case State::ReadingHeader:
    case State::ReadingBody:
        if (!hasBegun)
            return end();
        m_state = State::Answering;
        m_socket.tcp().cancel(ignored);
        return refuse(Refusal::RequestTimeout);
    case State::Waiting:
        return refuse(Refusal::AnswerTimeout);
    case State::Answering:
    case State::Lingering:
        return end();
    case State::Ended:
        return;
    }
}

void HttpSession::answerPreflight()
{
    const std::string_view asked =
        view(m_parser->get()[http::field::access_control_request_method]);
    const auto found = m_listener.router().find(asked.empty() ? "GET" : asked, m_target.path);
    const auto *match = std::get_if<Router::Match>(&found);
    const bool anyOrigin =
        match ? match->route->anyOrigin : std::get<Router::Miss>(found).anyOrigin;
    if (!anyOrigin)
        return refuse(Refusal::MethodNotAllowed);
    HttpResponse response;
    response.status = int(http::status::no_content);
    response.fields = {{"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"},
                       {"Access-Control-Allow-Headers", "*"},
                       {"Access-Control-Max-Age", "86400"}};
    send(std::move(response), m_parser->get().keep_alive() && m_parser->is_done(), true);
}

void HttpSession::startTimer(std::chrono::milliseconds timeout)
{
    m_timer.expires_after(timeout);
    m_timer.async_wait([self = weak_from_this()](ErrorCode ec) {
        if (const auto session = self.lock(); session && !ec)
            session->onTimeout();
    });
}

void HttpSession::startWaiting()
{
    m_timer.expires_after(std::chrono::milliseconds(m_listener.settings().handshakeTimeout));
    // Whoever answers knows this session weakly: it is the timer that keeps it.
    m_timer.async_wait([self = shared_from_this()](ErrorCode ec) {
        if (!ec)
            self->onTimeout();
    });
}

void HttpSession::startTimer()
{
    startTimer(std::chrono::milliseconds(m_listener.settings().handshakeTimeout));
}

void HttpSession::end()
{
    m_state = State::Ended;
    m_timer.cancel();
    m_socket.close();
}

} // namespace Dispatch
