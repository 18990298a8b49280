// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "testcluster.h"

#include <boost/asio/post.hpp>

void TestNodeListener::later(std::function<void()> note)
{
    boost::asio::post(m_context, [self = shared_from_this(), note = std::move(note)] { note(); });
}

void TestNodeListener::reached()
{
    later([this] { ++timesReached; });
}

void TestNodeListener::lost(std::string_view why)
{
    later([this, text = std::string(why)] {
        ++timesLost;
        whyLost = text;
    });
}

void TestNodeListener::complained(std::string_view why)
{
    later([this, text = std::string(why)] { complaints.push_back(text); });
}

void TestNodeListener::seatLost(const Dispatch::Engine::Seat &seat)
{
    later([this, client = seat.clientId] {
        lostSeats.push_back(client);
        told.push_back("lost " + client);
    });
}

void TestNodeListener::sessionTaken(const Dispatch::Engine::Session &session)
{
    later([this, clientId = session.clientId] { takenSessions.push_back(clientId); });
}

void TestNodeListener::addressed(const std::string &message)
{
    later([this, message] { messages.push_back(message); });
}

void TestNodeListener::fenced()
{
    later([this] {
        isFenced = true;
        told.emplace_back("fenced");
    });
}

void TestNodeListener::unfenced()
{
    later([this] {
        isFenced = false;
        told.emplace_back("unfenced");
    });
}
