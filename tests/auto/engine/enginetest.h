// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "streamrecord.h"
#include "testcluster.h"

#include <QtCore/qobject.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// What tests of an engine begin with: a store and nodes, new for each.
class EngineTest : public QObject {
    Q_OBJECT

protected:
    using Nothing = Dispatch::Engine::Nothing;
    using Failure = Dispatch::Engine::Failure;
    template<class T>
    using Outcome = Dispatch::Engine::Outcome<T>;

    /// Leases that no machine is too slow for.
    static Dispatch::Engine::Limits limits();
    /// Leases that a test can wait for.
    static Dispatch::Engine::Limits shortLeases();

    /// False if the store can't be had.
    bool begin(int nodes, const Dispatch::Engine::Limits &limits);
    Dispatch::Engine::Node &engine(std::size_t i = 0) { return nodes.at(i)->engine(); }
    void kill(std::size_t i) { nodes.at(i).reset(); }

    Outcome<Dispatch::Engine::Seat> place(const std::string &client, const std::string &shard = {},
                                          int limit = 10, std::size_t node = 0);
    /// The shard that the client is in, or empty.
    std::string shardOf(const std::string &client, const std::string &shard = {}, int limit = 10,
                        std::size_t node = 0);
    /// How many are in which shard of the project.
    std::map<std::string, int> occupancy(std::size_t node = 0);
    int clients(std::size_t node = 0);

    /// A listener that hears everything from now on; nothing if it never does.
    std::shared_ptr<StreamRecord> listen(const Dispatch::Engine::StreamId &stream,
                                         std::size_t node = 0);
    Outcome<Dispatch::Engine::Published> publish(const Dispatch::Engine::Emission &emission,
                                                 std::size_t node = 0);
    /// The mark of an event that nobody retries; 0 if it was not published.
    Dispatch::Engine::Mark publish(const std::string &data, std::size_t node = 0);
    Dispatch::Engine::Page read(const Dispatch::Engine::ReadWish &wish, std::size_t node = 0);
    Outcome<Nothing> setMember(const std::string &client, const std::string &data,
                               std::size_t node = 0, bool takesOver = true);
    Outcome<Nothing> createSession(const Dispatch::Engine::Session &session,
                                   const std::string &secret, std::size_t node = 0);
    Outcome<Dispatch::Engine::Session> claim(const std::string &shown, const std::string &next,
                                             std::size_t node = 0);

    const std::string project = "project";
    const Dispatch::Engine::StreamId room{"project", "room"};
    std::unique_ptr<TestCluster> cluster;
    std::vector<std::unique_ptr<TestNode>> nodes;

protected Q_SLOTS:
    void cleanup();
};

/// Whether \a outcome is that failure.
template<class T>
bool failedWith(const Dispatch::Engine::Outcome<T> &outcome, Dispatch::Engine::Failure failure)
{
    const auto *why = std::get_if<Dispatch::Engine::Failure>(&outcome);
    return why && *why == failure;
}

/// Whether \a outcome is a result.
template<class T>
bool succeeded(const Dispatch::Engine::Outcome<T> &outcome)
{
    return std::holds_alternative<T>(outcome);
}
