// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "environment_p.h"
#include "lane_p.h"
#include "testclock_p.h"
#include "transport_p.h"

#include <memory>
#include <string>
#include <vector>

namespace Dispatch::TestKit {

class Link;

/// Who answers what comes over the network.
class Host {
public:
    virtual void admit(const std::shared_ptr<Link> &link, const TransportRequest &request) = 0;
    virtual QList<DispatchShardInfo> shards(const std::string &projectId) const = 0;

protected:
    ~Host() = default;
};

/// Time, and the way between clients and the test's server, with what goes wrong on it.
class Network final : public Environment, public std::enable_shared_from_this<Network> {
public:
    explicit Network(Host *host);

    TestClock &clock() { return m_clock; }
    /// Nobody answers any more.
    void removeHost();

    Milliseconds latency() const { return m_latency; }
    void setLatency(Milliseconds latency) { m_latency = latency; }
    double jitter() const { return m_jitter; }
    void setJitter(double share) { m_jitter = share; }
    bool isOffline() const { return m_isOffline; }
    void setOffline(bool isOffline);
    bool isSilent() const { return m_isSilent; }
    void setSilent(bool isSilent);
    /// Breaks all connections.
    void cut();

    void connectLink(const std::shared_ptr<Link> &link, const TransportRequest &request);

    QThread *thread() const override;
    Moment now() const override { return m_clock.now(); }
    void setAlarm(Alarm *alarm, Instant at) override { m_clock.setAlarm(alarm, at); }
    void cancelAlarm(Alarm *alarm) override { m_clock.cancelAlarm(alarm); }
    double randomShare() override { return m_jitter; }
    std::unique_ptr<Transport> makeTransport(TransportListener *listener) override;
    QFuture<QList<DispatchShardInfo>> requestInfo(const QString &projectId) override;

private:
    std::vector<std::shared_ptr<Link>> links();

    TestClock m_clock;
    QThread *const m_thread;
    Lane m_answers; ///< of requests that are no connections
    Host *m_host;
    std::vector<std::weak_ptr<Link>> m_links;
    Milliseconds m_latency{0};
    double m_jitter = 0.5;
    bool m_isOffline = false;
    bool m_isSilent = false;
};

} // namespace Dispatch::TestKit
