// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "admission_p.h"
#include "clock_p.h"
#include "gate_p.h"
#include "headscanner_p.h"
#include "refusal_p.h"
#include "requesthead_p.h"
#include "router_p.h"
#include "socket_p.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace Dispatch {

class Hub;
class Listener;

/// One connection before it is a WebSocket: does the handshake of TLS, if it has to, has the router
/// of its listener answer requests, and hands those who join to their worker. Each request must
/// have arrived within a time that is counted from its beginning, for the first one that of the
/// connection, however slowly it trickles.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(Hub &hub, Listener &listener, Socket socket, Visitor visitor);
    ~HttpSession();

    void start();
    /// Instead of start(): answers at once, whatever was to be asked for.
    void turnAway(Refusal refusal);
    bool isTurnedAway() const { return m_turnedAway.has_value(); }
    void stop();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    using Response = boost::beast::http::response<boost::beast::http::string_body>;
    enum class State {
        Handshaking,
        ReadingHeader,
        ReadingBody,
        Waiting, // for the route to answer
        Answering,
        Lingering, // nothing is said any more; what comes is thrown away
        Ended,
    };

    void handshake();
    void tellTurnedAway();
    void onFailedHandshake();
    void readRequest();
    void readNextRequest();
    void readHead();
    void onRead(boost::system::error_code ec, std::size_t bytes);
    void onHead();
    /// Finds out who the client is behind a proxy; false if that one has too many connections.
    bool identifyClient();
    void route();
    void expectBody();
    void readBody();
    void onBody(boost::system::error_code ec);
    void callRoute();
    void onAnswer(std::uint64_t exchange, HttpResponse answer);
    void join();
    void joinCluster(JoinWish wish);
    void onPlaced(const Admission &admission);
    void onBadRequest(boost::system::error_code ec);
    void onTimeout();

    void answerPreflight();
    void refuse(Refusal refusal, std::string_view detail = {});
    void send(HttpResponse answer, bool keepAlive, bool anyOrigin);
    void onSent(boost::system::error_code ec);
    void startTimer(std::chrono::milliseconds timeout);
    void startTimer(); // with the time that a step may take by the settings
    void startWaiting(); // for somebody who answers on another thread
    /// Ends after an answer: an end with unread bytes would be a reset, which can overtake it.
    void linger();
    void discardInput();
    void end();

    Hub &m_hub;
    Listener &m_listener;
    Socket m_socket;
    Visitor m_visitor;
    boost::asio::steady_timer m_timer;
    boost::beast::flat_buffer m_buffer;
    HeadScanner m_head;
    std::optional<Parser> m_parser;
    RequestTarget m_target; // in what was parsed
    const Route *m_route = nullptr;
    HttpRequest m_request;
    Response m_response;
    const TimePoint m_acceptedAt = Clock::now();
    std::uint64_t m_exchange = 0; // counts requests, so that no answer comes to another one
    std::optional<Refusal> m_turnedAway;
    State m_state = State::Handshaking;
    bool m_isJoin = false;
};

} // namespace Dispatch
