// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a session answers, and how it ends after that.

#include "httpsession_p.h"

#include "counters_p.h"
#include "httpdate_p.h"
#include "listener_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qrandom.h>

#include <boost/beast/http/write.hpp>

namespace Dispatch {

namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;

namespace {

constexpr std::size_t DiscardBytes = 4 * 1024;
constexpr std::chrono::milliseconds LingerTimeout{1'000};

/// For those who are refused for what others do, too, when to try again: not all at once.
std::optional<std::chrono::milliseconds> retryAfter(Refusal refusal)
{
    constexpr int Shortest = 1'000;
    constexpr int Longest = 10'000;
    switch (refusal) {
    case Refusal::ServerFull:
    case Refusal::ServerBusy:
    case Refusal::TooManyConnections:
    case Refusal::TooManyFromAddress:
    case Refusal::Draining:
        return std::chrono::milliseconds(QRandomGenerator::global()->bounded(Shortest, Longest));
    default:
        return std::nullopt;
    }
}

} // namespace

void HttpSession::refuse(Refusal refusal, std::string_view detail)
{
    m_listener.logRefusal(m_visitor, refusal, detail);
    const bool anyOrigin = m_route ? m_route->anyOrigin : m_listener.router().isJoinable();
    send(HttpResponse::refused(refusal, detail, retryAfter(refusal)), false, anyOrigin);
}

void HttpSession::tellTurnedAway()
{
    m_parser.emplace();
    HttpResponse answer = HttpResponse::refused(*m_turnedAway, {}, retryAfter(*m_turnedAway));
    // The listener has counted and logged it, also for those who do not wait to be told.
    answer.refusal.reset();
    send(std::move(answer), false, m_listener.router().isJoinable());
}

void HttpSession::send(HttpResponse answer, bool keepAlive, bool anyOrigin)
{
    m_state = State::Answering;
    if (answer.refusal) {
        Counters &counters = m_listener.counters();
        (m_isJoin ? counters.refusedJoins : counters.refusedRequests).add(*answer.refusal);
    }
    m_response = Response(static_cast<http::status>(answer.status), 11);
    if (!answer.reason.empty())
        m_response.reason(answer.reason);
    m_response.keep_alive(keepAlive);
    m_response.set(http::field::date, httpDate(QDateTime::currentDateTimeUtc()));
    for (const auto &[name, value] : answer.fields)
        m_response.insert(name, value);
    if (anyOrigin)
        m_response.set(http::field::access_control_allow_origin, "*");
    if (m_response.result() != http::status::no_content) {
        m_response.set(http::field::content_type, answer.contentType);
        m_response.body() = std::move(answer.body);
        m_response.prepare_payload();
    }
    // The length is that of the answer to a GET; only the body stays away.
    if (m_parser->get().method() == http::verb::head)
        m_response.body().clear();
    startTimer();
    http::async_write(m_socket, m_response,
                      [self = shared_from_this()](ErrorCode ec, std::size_t) { self->onSent(ec); });
}

void HttpSession::onSent(ErrorCode ec)
{
    if (m_state != State::Answering)
        return;
    if (ec)
        end();
    else if (m_response.keep_alive())
        readNextRequest();
    else
        linger();
}

void HttpSession::linger()
{
    m_state = State::Lingering;
    m_socket.shutdown();
    startTimer(LingerTimeout);
    m_buffer.clear();
    discardInput();
}

void HttpSession::discardInput()
{
    m_socket.tcp().async_read_some(m_buffer.prepare(DiscardBytes),
                                   [self = shared_from_this()](ErrorCode ec, std::size_t) {
                                       if (self->m_state == State::Ended)
                                           return;
                                       if (ec)
                                           self->end();
                                       else
                                           self->discardInput();
                                   });
}

} // namespace Dispatch
