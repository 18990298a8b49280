// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "benchplan_p.h"
#include "failure_p.h"
#include "histogram_p.h"
#include "room_p.h"

#include <QtCore/qtimer.h>

#include <atomic>
#include <memory>
#include <vector>

namespace Dispatch::Ctl {

/// What all threads of bench count together.
struct BenchTally {
    std::atomic<qint64> joined = 0;
    std::atomic<qint64> sent = 0;
    std::atomic<qint64> refused = 0;
    std::atomic<qint64> expected = 0;
    std::atomic<qint64> delivered = 0;
    std::atomic<qint64> lostConnections = 0;
};

/// Some of the clients of a bench, on a thread of their own: number index, index + of, and so on.
class BenchWorker : public QObject {
    Q_OBJECT

public:
    BenchWorker(const BenchPlan &plan, BenchTally &tally, int index, int of);

    // To be called on the worker's thread.
    void join();
    void startEmitting();
    void stopEmitting();
    /// Lets the clients go.
    void leave();

    /// In microseconds; to be read when the thread has ended.
    const Histogram &latencies() const { return m_latencies; }

Q_SIGNALS:
    void failed(const Dispatch::Ctl::Failure &failure);

private:
    struct Member {
        std::unique_ptr<DispatchClient> client;
        int members = 0; ///< of its shard
    };

    void joinNext();
    void joinAs(int number);
    void troubled(const DispatchClient &client, const DispatchError &error);
    void emitDue();
    void emitOne();
    void received(const DispatchEvent &event);

    const BenchPlan &m_plan;
    BenchTally &m_tally;
    const int m_of;
    int m_next; ///< the number of the client that joins next
    QString m_filler;
    std::vector<Member> m_members;
    std::size_t m_turn = 0;
    QTimer m_tick;
    QElapsedTimer m_clock;
    Pacer m_pacer;
    Histogram m_latencies;
};

} // namespace Dispatch::Ctl
