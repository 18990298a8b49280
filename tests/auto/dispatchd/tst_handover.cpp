// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "crowd.h"
#include "daemonprocess.h"
#include "faultproxy.h"
#include "resources.h"
#include "stockswarm.h"

#include <DispatchClient>

#include <QtCore/qjsonarray.h>
#include <QtCore/qtimer.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Dispatch::Faults::crowd;
using Dispatch::Faults::Times;
using std::chrono::milliseconds;

constexpr int Guard = 120'000; // ms; only for what never comes
constexpr milliseconds Window{100};
constexpr milliseconds LongWindow{1'000};
// How much more than the average may come in a window. This process, the proxy in it and two
// servers share a machine with whatever else it does, and what was late comes at once;
// tst_drainschedule holds the exact number. All at once would be a hundred times the average.
constexpr double MostInWindow = 10;
constexpr double MostInLongWindow = 3;

int setting(const char *name, int defaultValue)
{
    return qEnvironmentVariableIsSet(name) ? qEnvironmentVariableIntValue(name) : defaultValue;
}

qint64 ms(Clock::duration time)
{
    return std::chrono::duration_cast<milliseconds>(time).count();
}

/// A client of this project, which emits all the time.
struct Native {
    DispatchClient client;
    QTimer timer;
    Times joined;
    int failures = 0;

    Native(quint16 port, int number, int room)
    {
        client.setUrl(QUrl(u"ws://127.0.0.1:%1"_s.arg(port)));
        client.setProjectId(u"p"_s);
        client.setShardName(u"room%1"_s.arg(room));
        QObject::connect(&client, &DispatchClient::connected, &client,
                         [this] { joined.push_back(Clock::now()); });
        QObject::connect(&client, &DispatchClient::failed, &client, [this] { ++failures; });
        QObject::connect(&timer, &QTimer::timeout, &client, [this, number, emitted = 0]() mutable {
            client.emitEvent(u"tick"_s, QJsonArray{number, ++emitted});
        });
        timer.start(1'000);
        client.setActive(true);
    }
};

} // namespace

/// Two dispatchd behind one address, of which the first one ends under load. How many clients there
/// are, and how long it takes, is in the environment: see CONTRIBUTING.md.
class tst_Handover : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void allComeBackToTheNextServer();

private:
    void connectAll(quint16 port);
    int connected() const;

    const int m_clients = setting("DISPATCH_HANDOVER_CLIENTS", 1'000);
    const int m_drainTime = setting("DISPATCH_HANDOVER_DRAIN_TIME", 10'000);
    // Over which clients go: all but the way back of the original's (docs/protocol.md, "Drain").
    const int m_closingTime = std::max(m_drainTime - 6'000, m_drainTime / 2);
    const int m_rooms = std::max(m_clients / 50, 1);
    std::unique_ptr<StockSwarm> m_stock;
    std::vector<std::unique_ptr<Native>> m_natives;
};

void tst_Handover::initTestCase()
{
    // A client is three: its own, and two of the proxy.
    QVERIFY2(Dispatch::Faults::canOpen(3 * m_clients + 100), "raise the limit of open files");
}

void tst_Handover::connectAll(quint16 port)
{
    const int natives = m_clients / 10;
    m_stock = std::make_unique<StockSwarm>(port, m_clients - natives, m_rooms);
    for (int i = 0; i < natives; ++i)
        m_natives.push_back(std::make_unique<Native>(port, m_clients + i, i % m_rooms));
}

int tst_Handover::connected() const
{
    return m_stock->connected() + int(std::ranges::count_if(m_natives, [](const auto &native) {
               return native->client.state() == DispatchClient::Connected;
           }));
}

void tst_Handover::allComeBackToTheNextServer()
{
    DaemonProcess first;
    DaemonProcess next;
    QVERIFY(first.start({u"--drain-time=%1"_s.arg(m_drainTime)}));
    QVERIFY(next.start());
    Dispatch::Faults::FaultProxy proxy(std::uint16_t(first.url.port()));
    connectAll(proxy.port());
    QTRY_COMPARE_WITH_TIMEOUT(connected(), m_clients, Guard);

    proxy.setServerPort(std::uint16_t(next.url.port()));
    const Clock::time_point start = Clock::now();
    first.send(SIGTERM);
    QTRY_COMPARE_WITH_TIMEOUT(first.process.state(), QProcess::NotRunning, Guard);
    QCOMPARE(first.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(first.process.exitCode(), 0);
    const qint64 drained = ms(Clock::now() - start);
    QTRY_COMPARE_WITH_TIMEOUT(connected() + m_stock->lost(), m_clients, Guard);
    QCOMPARE(m_stock->lost(), 0);

    Times closes;
    Times returns;
    std::vector<Times> closesOfRoom{std::size_t(m_rooms)};
    qint64 ticks = 0;
    for (const StockSwarm::Client &client : m_stock->stop()) {
        QCOMPARE(client.closeCodes, std::vector{1012});
        QCOMPARE(client.farewells, 1);
        QCOMPARE(client.joined.size(), std::size_t(2));
        QCOMPARE(client.gaps, 0);
        QVERIFY(client.joined[1] - client.closed[0] >= StockSwarm::RetryDelay);
        closes.push_back(client.closed[0]);
        closesOfRoom[std::size_t(client.room)].push_back(client.closed[0]);
        returns.push_back(client.joined[1]);
        ticks += client.ticks;
    }
    for (const auto &native : m_natives) {
        QCOMPARE(native->joined.size(), std::size_t(2));
        QCOMPARE(native->failures, 0);
        returns.push_back(native->joined[1]);
    }
    std::vector<qint64> spans;
    for (const Times &times : closesOfRoom)
        spans.push_back(ms(std::ranges::max(times) - std::ranges::min(times)));
    std::ranges::sort(spans);

    const auto average = [this](milliseconds window) {
        return m_clients * double(window.count()) / m_closingTime;
    };
    qInfo("%d clients heard %lld ticks; drained in %lld ms, all back after %lld ms; in 100 ms at "
          "most "
          "%d closes and %d joins, %.1f on average; a room was apart for %lld ms (median)",
          m_clients, ticks, drained, ms(std::ranges::max(returns) - start), crowd(closes, Window),
          crowd(returns, Window), average(Window), spans[spans.size() / 2]);
    QVERIFY(ms(std::ranges::max(closes) - start) > m_closingTime / 2);
    QVERIFY(crowd(returns, Window) <= MostInWindow * average(Window));
    QVERIFY(crowd(returns, LongWindow) <= MostInLongWindow * average(LongWindow));
    QVERIFY(spans[spans.size() / 2] < m_closingTime / 2);
}

QTEST_GUILESS_MAIN(tst_Handover)
#include "tst_handover.moc"
