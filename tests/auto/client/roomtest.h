// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "errorof.h"

#include <DispatchClient>
#include <DispatchServer>

#include <memory>

/// Clients in the rooms of a real server, which takes "user:<name>" for a token of <name>.
class RoomTest : public QObject {
    Q_OBJECT

protected:
    std::unique_ptr<DispatchClient> makeClient();
    std::unique_ptr<DispatchClient> join(const QString &shard);

    std::unique_ptr<DispatchServer> m_server;

private Q_SLOTS:
    void init();
    void cleanup();
};

// The expression is evaluated once.
#define WAIT(...)                                                                                  \
    do {                                                                                           \
        const auto future_ = (__VA_ARGS__);                                                        \
        QTRY_VERIFY(future_.isFinished());                                                         \
    } while (false)
