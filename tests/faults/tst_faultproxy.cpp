// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultproxy.h"

#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Dispatch::Faults;
using Kind = Fault::Kind;

/// A client and a server that reach each other through the proxy.
class tst_FaultProxy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void bytesPassBothWays();
    void aBlackHoleHoldsBytesUntilItEnds();
    void aBlackHoleIsOneWay();
    void bytesAreCutAtTheByte_data();
    void bytesAreCutAtTheByte();
    void aResetIsSeenOnBothSides();
    void aHalfCloseIsTheEndOfAStream();
    void whoIsRefusedIsReset();
    void slowBytesAllArrive();
    void whatEndsComesLater();
    void aScheduleIsRun();
    void somethingIsDoneAtAByte();
    void aCutHoldsWhatIsOnItsWay();
    void connectionsGoWhereTheServerIs();
    void aServerThatIsGoneIsAReset();

private:
    bool connectThrough();

    std::unique_ptr<QTcpServer> m_listener;
    std::unique_ptr<FaultProxy> m_proxy;
    std::unique_ptr<QTcpSocket> m_client;
    QTcpSocket *m_server = nullptr;
};

void tst_FaultProxy::init()
{
    m_listener = std::make_unique<QTcpServer>();
    QVERIFY(m_listener->listen(QHostAddress::LocalHost));
    m_proxy = std::make_unique<FaultProxy>(m_listener->serverPort());
    m_client = std::make_unique<QTcpSocket>();
    m_server = nullptr;
}

void tst_FaultProxy::cleanup()
{
    m_client.reset();
    m_proxy.reset();
    m_listener.reset();
}

bool tst_FaultProxy::connectThrough()
{
    m_client->connectToHost(QHostAddress::LocalHost, m_proxy->port());
    const bool isThere =
        QTest::qWaitFor([this] { return m_listener->hasPendingConnections(); }, 5'000);
    m_server = m_listener->nextPendingConnection();
    return isThere && m_server;
}

void tst_FaultProxy::bytesPassBothWays()
{
    QVERIFY(connectThrough());
    m_client->write("hello");
    QTRY_COMPARE(m_server->bytesAvailable(), 5);
    m_server->write("world!");
    QTRY_COMPARE(m_client->bytesAvailable(), 6);
    QCOMPARE(m_server->readAll(), "hello");
    QCOMPARE(m_client->readAll(), "world!");
    QTRY_COMPARE(m_proxy->bytes(Way::ToServer), 5);
    QTRY_COMPARE(m_proxy->bytes(Way::ToClient), 6);
    QCOMPARE(m_proxy->connections(), 1);
}

void tst_FaultProxy::aBlackHoleHoldsBytesUntilItEnds()
{
    QVERIFY(connectThrough());
    m_proxy->apply({{}, Kind::BlackHole, Way::ToServer, 0, std::chrono::hours(1)});
    m_client->write("lost?");
    m_server->write("this way is open");
    QTRY_COMPARE(m_client->bytesAvailable(), 16);
    QCOMPARE(m_server->bytesAvailable(), 0);
    m_proxy->heal();
    QTRY_COMPARE(m_server->bytesAvailable(), 5);
    QCOMPARE(m_server->state(), QTcpSocket::ConnectedState);
}

void tst_FaultProxy::aBlackHoleIsOneWay()
{
    QVERIFY(connectThrough());
    m_proxy->apply({{}, Kind::BlackHole, Way::ToClient, 0, std::chrono::hours(1)});
    m_server->write("swallowed");
    m_client->write("heard");
    QTRY_COMPARE(m_server->bytesAvailable(), 5);
    QCOMPARE(m_client->bytesAvailable(), 0);
}

void tst_FaultProxy::bytesAreCutAtTheByte_data()
{
    QTest::addColumn<int>("bytes");
    for (const int bytes : {1, 2, 7, 4'000})
        QTest::addRow("%d", bytes) << bytes;
}

void tst_FaultProxy::bytesAreCutAtTheByte()
{
    QFETCH(const int, bytes);
    QVERIFY(connectThrough());
    QByteArray got;
    connect(m_server, &QTcpSocket::readyRead, this, [&] { got += m_server->readAll(); });
    m_proxy->apply({{}, Kind::Cut, Way::ToServer, std::size_t(bytes), {}});
    m_client->write(QByteArray(20'000, 'x'));
    QTRY_COMPARE(m_client->state(), QTcpSocket::UnconnectedState);
    QTRY_COMPARE(m_server->state(), QTcpSocket::UnconnectedState);
    QCOMPARE(m_proxy->bytes(Way::ToServer), bytes);
    // A reset may take with it what the receiver had not read; more never comes.
    QVERIFY(got.size() <= bytes);
}

void tst_FaultProxy::aResetIsSeenOnBothSides()
{
    QVERIFY(connectThrough());
    m_proxy->apply({{}, Kind::Reset, Way::ToClient, 0, {}});
    QTRY_COMPARE(m_client->state(), QTcpSocket::UnconnectedState);
    QTRY_COMPARE(m_server->state(), QTcpSocket::UnconnectedState);
    QCOMPARE(m_client->error(), QTcpSocket::RemoteHostClosedError);
}

void tst_FaultProxy::aHalfCloseIsTheEndOfAStream()
{
    QVERIFY(connectThrough());
    m_proxy->apply({{}, Kind::HalfClose, Way::ToServer, 0, {}});
    // Qt closes a socket whose other side has ended: the end of the stream has arrived.
    QTRY_COMPARE(m_server->state(), QTcpSocket::UnconnectedState);
}

void tst_FaultProxy::whoIsRefusedIsReset()
{
    m_proxy->apply({{}, Kind::Refuse, Way::ToServer, 0, std::chrono::hours(1)});
    m_client->connectToHost(QHostAddress::LocalHost, m_proxy->port());
    QTRY_COMPARE(m_client->error(), QTcpSocket::RemoteHostClosedError);
    QVERIFY(!m_listener->hasPendingConnections());
    m_proxy->heal();
    m_client = std::make_unique<QTcpSocket>();
    QVERIFY(connectThrough());
}

void tst_FaultProxy::slowBytesAllArrive()
{
    QVERIFY(connectThrough());
    m_proxy->apply({{}, Kind::Throttle, Way::ToServer, 40'000, std::chrono::hours(1)});
    m_proxy->apply({{}, Kind::Delay, Way::ToServer, 5, std::chrono::hours(1)});
    const QByteArray sent(10'000, 'x');
    m_client->write(sent);
    QTRY_COMPARE_WITH_TIMEOUT(m_server->bytesAvailable(), sent.size(), 15'000);
    QCOMPARE(m_server->readAll(), sent);
}

void tst_FaultProxy::whatEndsComesLater()
{
    QVERIFY(connectThrough());
    m_proxy->apply({{}, Kind::BlackHole, Way::ToServer, 0, Milliseconds(50)});
    m_client->write("later");
    QTRY_COMPARE(m_server->bytesAvailable(), 5);
}

void tst_FaultProxy::aScheduleIsRun()
{
    QVERIFY(connectThrough());
    m_proxy->run({{Milliseconds(0), Kind::Delay, Way::ToServer, 3, Milliseconds(10)},
                  {Milliseconds(20), Kind::Reset, Way::ToServer, 0, {}}});
    QTRY_COMPARE(m_client->state(), QTcpSocket::UnconnectedState);
}

void tst_FaultProxy::somethingIsDoneAtAByte()
{
    QVERIFY(connectThrough());
    std::atomic<std::int64_t> passed = 0;
    std::atomic<int> calls = 0;
    m_proxy->afterBytes(10, [&] {
        passed = m_proxy->bytes(Way::ToServer) + m_proxy->bytes(Way::ToClient);
        ++calls;
    });
    m_server->write("12345");
    QTRY_COMPARE(m_client->bytesAvailable(), 5);
    QCOMPARE(calls.load(), 0);
    m_client->write(QByteArray(1'000, 'x'));
    QTRY_COMPARE(m_server->bytesAvailable(), 1'000);
    QCOMPARE(calls.load(), 1);
    QCOMPARE(passed.load(), 10);
}

/// Bytes that wait in the proxy when it is told to cut count as passed.
void tst_FaultProxy::aCutHoldsWhatIsOnItsWay()
{
    QVERIFY(connectThrough());
    m_server->setReadBufferSize(1);
    // More than sockets take: the proxy waits with some.
    m_client->write(QByteArray(16 * 1024 * 1024, 'x'));
    std::int64_t passed = -1;
    QVERIFY(QTest::qWaitFor([&] {
        return std::exchange(passed, m_proxy->bytes(Way::ToServer)) == passed && passed > 0;
    }));
    m_proxy->apply({{}, Kind::Cut, Way::ToServer, 10, {}});
    m_server->setReadBufferSize(0);
    m_server->readAll();
    QTRY_COMPARE(m_client->state(), QAbstractSocket::UnconnectedState);
}

void tst_FaultProxy::connectionsGoWhereTheServerIs()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    m_proxy->setServerPort(other.serverPort());
    m_client->connectToHost(QHostAddress::LocalHost, m_proxy->port());
    QTRY_VERIFY(other.hasPendingConnections());
    QVERIFY(!m_listener->hasPendingConnections());
}

void tst_FaultProxy::aServerThatIsGoneIsAReset()
{
    m_listener->close();
    m_client->connectToHost(QHostAddress::LocalHost, m_proxy->port());
    QTRY_COMPARE(m_client->error(), QTcpSocket::RemoteHostClosedError);
}

QTEST_GUILESS_MAIN(tst_FaultProxy)
#include "tst_faultproxy.moc"
