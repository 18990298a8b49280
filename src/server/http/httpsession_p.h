// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "refusal_p.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace Dispatch {

class Hub;
class Listener;

/// One connection before it is a WebSocket: answers /info, refuses joins, and hands those that it
/// does not refuse to their worker. Each request must have arrived within a time that is
/// counted from its beginning, however slowly it trickles.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(Hub &hub, Listener &listener, boost::asio::ip::tcp::socket socket);
    ~HttpSession();

    void start();
    void stop();

private:
    using Request = boost::beast::http::request<boost::beast::http::empty_body>;
    using Response = boost::beast::http::response<boost::beast::http::string_body>;

    void readRequest();
    void onRequest(boost::system::error_code ec);
    void onBadRequest(boost::system::error_code ec);
    void onTimeout();
    void answer(const Request &request);
    void answerInfo(const Request &request, std::string_view projectId);
    void upgrade(Request request);
    void refuse(Refusal refusal, std::string_view detail = {});
    /// Sends \a response; closes afterwards unless it is to be kept alive.
    void send(Response response);
    void startTimer(std::chrono::milliseconds timeout);
    /// Ends after an answer: an end with unread bytes would be a reset, which can overtake it.
    void linger();
    void discardInput();
    void end();

    Hub &m_hub;
    Listener &m_listener;
    boost::asio::ip::tcp::socket m_socket;
    boost::asio::steady_timer m_timer;
    boost::beast::flat_buffer m_buffer;
    std::optional<boost::beast::http::request_parser<boost::beast::http::empty_body>> m_parser;
    Response m_response;
    bool m_isJoin = false;
    bool m_isHead = false;
    bool m_isAnswering = false;
    bool m_isLingering = false;
    bool m_isEnding = false;
};

} // namespace Dispatch
