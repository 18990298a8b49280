// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "node_p.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What a node has told, on the thread of the test.
class TestNodeListener final : public Dispatch::Engine::NodeListener,
                               public std::enable_shared_from_this<TestNodeListener> {
public:
    explicit TestNodeListener(boost::asio::io_context &context)
        : m_context(context)
    {
    }

    void reached() override;
    void lost(std::string_view why) override;
    void complained(std::string_view why) override;
    void seatLost(const Dispatch::Engine::Seat &seat) override;
    void sessionTaken(const Dispatch::Engine::Session &session) override;
    void addressed(const std::string &message) override;
    void fenced() override;
    void unfenced() override;

    int timesReached = 0;
    int timesLost = 0;
    std::string whyLost; ///< the last time
    bool isFenced = false;
    std::vector<std::string> complaints;
    std::vector<std::string> lostSeats; ///< clients
    std::vector<std::string> takenSessions; ///< clients
    std::vector<std::string> messages; ///< of other nodes' callers
    std::vector<std::string> told; ///< in words, in the order in which it came

private:
    void later(std::function<void()> note);

    boost::asio::io_context &m_context;
};

/// A node of a test. Whoever destroys it kills it: nothing is given back.
class TestNode {
public:
    virtual ~TestNode() = default;
    virtual Dispatch::Engine::Node &engine() = 0;
    /// It stands still, as a process that was stopped, and goes on.
    virtual void freeze() = 0;
    virtual void thaw() = 0;

    std::shared_ptr<TestNodeListener> heard;
};

/// A store and its nodes, as a test wants them.
class TestCluster {
public:
    virtual ~TestCluster() = default;

    virtual std::unique_ptr<TestNode> node() = 0;
    /// Lets everything go on until \a condition holds. False if that takes too long by far.
    virtual bool waitFor(const std::function<bool()> &condition) = 0;
    virtual Dispatch::TimePoint now() const = 0;

    /// The store answers nobody, until it goes on.
    virtual void pause() = 0;
    virtual void goOn() = 0;
    /// The store loses everything.
    virtual void restartEmpty() = 0;
    /// What nodes listen to is cut; it comes back by itself.
    virtual void cutSubscriptions() = 0;
    /// What the store knows now is what it knows after rollBack().
    virtual void remember() = 0;
    virtual void rollBack() = 0;

    boost::asio::io_context context; ///< of the test's thread, where replies come

    /// A place for what comes as \a outcome.
    template<class T>
    Dispatch::Engine::Reply<T> into(std::optional<Dispatch::Engine::Outcome<T>> &outcome)
    {
        return {context.get_executor(),
                [&outcome](Dispatch::Engine::Outcome<T> came) { outcome = std::move(came); }};
    }

    /// How the call ends that \a call makes with a reply; Rejected if it never does.
    template<class T, class Call>
    Dispatch::Engine::Outcome<T> await(Call call)
    {
        // Shared: it may come when nobody waits any more.
        const auto outcome = std::make_shared<std::optional<Dispatch::Engine::Outcome<T>>>();
        call(Dispatch::Engine::Reply<T>{
            context.get_executor(),
            [outcome](Dispatch::Engine::Outcome<T> came) { *outcome = std::move(came); }});
        if (!waitFor([&outcome] { return outcome->has_value(); }))
            return Dispatch::Engine::Failure::Rejected;
        return std::move(**outcome);
    }
};

/// Where the suite runs: each program that has it has another one.
std::unique_ptr<TestCluster> makeTestCluster(const Dispatch::Engine::Limits &limits);
