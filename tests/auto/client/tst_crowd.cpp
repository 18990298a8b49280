// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"
#include "rowcounters.h"

#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

/// As many as may be in a shard.
constexpr int Most = 1'000;
/// Ms; so many take their time on a machine that has other things to do.
constexpr int Patience = 60'000;

/// A way to a server that can be cut without a word, and takes nobody until it is mended.
class Cable : public QTcpServer {
public:
    explicit Cable(quint16 port)
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this, port] {
            QTcpSocket *near = nextPendingConnection();
            if (m_isCut)
                return near->abort();
            auto *far = new QTcpSocket(near);
            connect(near, &QTcpSocket::readyRead, far, [=] { far->write(near->readAll()); });
            connect(far, &QTcpSocket::readyRead, near, [=] { near->write(far->readAll()); });
            far->connectToHost(QHostAddress::LocalHost, port);
        });
    }
    QUrl url() const { return QUrl(u"ws://127.0.0.1:%1"_s.arg(serverPort())); }
    void cut()
    {
        m_isCut = true;
        for (QTcpSocket *near : findChildren<QTcpSocket *>(Qt::FindDirectChildrenOnly)) {
            near->findChild<QTcpSocket *>()->abort();
            near->abort();
        }
    }
    void mend() { m_isCut = false; }

private:
    bool m_isCut = false;
};

/// Somebody in the room who watches it in a view.
struct Watcher {
    Watcher(std::unique_ptr<DispatchClient> &&made, quint16 port)
        : cable(port)
        , client(std::move(made))
    {
        client->setUrl(cable.url());
        client->setShardName(u"s"_s);
        client->setMaxConnectionsPerShard(Most);
        client->setLossGrace(3'600'000);
        client->clients()->setUserInfoRoles({{u"mood"_s, u""_s}});
    }

    Cable cable;
    std::unique_ptr<DispatchClient> client;
    RowCounters rows{client->clients()};
};

} // namespace

/// What views have to do in a room of a thousand, by a real server, in both profiles.
class tst_Crowd : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void viewsDoOnlyWhatChanged_data();
    void viewsDoOnlyWhatChanged();

private:
    bool fill(int count);

    std::vector<std::unique_ptr<QTcpSocket>> m_crowd;
};

/// Has \a count clients join, which say nothing more.
bool tst_Crowd::fill(int count)
{
    m_crowd.clear();
    int joined = 0;
    const auto watch =
        connect(m_server.get(), &DispatchServer::clientJoined, this, [&] { ++joined; });
    const QByteArray request =
        "GET /?projectId=test&shardName=s&maxConnectionsPerShard=" + QByteArray::number(Most)
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          "Sec-WebSocket-Protocol: dispatch.v2\r\n\r\n";
    for (int i = 0; i < count; ++i) {
        auto socket = std::make_unique<QTcpSocket>();
        connect(socket.get(), &QTcpSocket::readyRead, socket.get(),
                [socket = socket.get()] { socket->readAll(); });
        socket->connectToHost(QHostAddress::LocalHost, m_server->port());
        socket->write(request);
        m_crowd.push_back(std::move(socket));
    }
    const bool isFull = QTest::qWaitFor([&] { return joined == count; }, Patience);
    disconnect(watch);
    return isFull;
}

void tst_Crowd::viewsDoOnlyWhatChanged_data()
{
    QTest::addColumn<bool>("isExtended");
    QTest::newRow("extended profile") << true;
    QTest::newRow("base profile") << false;
}

void tst_Crowd::viewsDoOnlyWhatChanged()
{
    QFETCH(const bool, isExtended);
    auto settings = m_server->settings();
    settings.connectionsPerSecond = 0;
    settings.heartbeatInterval = 600'000;
    m_server->setSettings(settings);
    QVERIFY(fill(Most - 2));
    Watcher ann(makeClient(), m_server->port());
    ann.client->setBaseProfileOnly(!isExtended);
    ann.rows.clear();
    ann.client->setActive(true);
    DispatchClientsModel *people = ann.client->clients();
    QTRY_COMPARE_WITH_TIMEOUT(people->count(), Most - 1, Patience);
    QCOMPARE(ann.rows.tell(), u"inserted 0-998"_s);
    ann.rows.clear();

    const auto bob = makeClient();
    bob->setUserInfo({{u"name"_s, u"Bob"_s}, {u"mood"_s, u"good"_s}});
    bob->setShardName(u"s"_s);
    bob->setMaxConnectionsPerShard(Most);
    bob->setActive(true);
    const int mood = people->userInfoRole(u"mood"_s);
    QTRY_COMPARE_WITH_TIMEOUT(people->index(Most - 1).data(mood).toString(), u"good"_s, Patience);
    // He is there before he says who he is.
    QVERIFY(ann.rows.tell() == "inserted 999-999"_L1
            || ann.rows.tell() == "inserted 999-999, changed 999-999"_L1);
    ann.rows.clear();

    bob->setUserInfo({{u"name"_s, u"Bob"_s}, {u"mood"_s, u"bad"_s}});
    QTRY_COMPARE_WITH_TIMEOUT(people->index(Most - 1).data(mood).toString(), u"bad"_s, Patience);
    QCOMPARE(ann.rows.tell(), u"changed 999-999"_s);
    QCOMPARE(ann.rows.roles(), (QList<int>{mood, DispatchClientsModel::UserInfoRole}));
    ann.rows.clear();

    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    QSignalSpy stale(ann.client.get(), &DispatchClient::connectedClientsStaleChanged);
    const QString idBefore = ann.client->clientId();
    ann.cable.cut();
    QTRY_COMPARE_WITH_TIMEOUT(ann.client->state() == DispatchClient::Connected, false, Patience);
    // Where there are no sessions the seat is given up, and this client comes back as a newcomer.
    QTRY_COMPARE_WITH_TIMEOUT(left.size(), isExtended ? 0 : 1, Patience);
    ann.cable.mend();
    QTRY_COMPARE_WITH_TIMEOUT(ann.client->state(), DispatchClient::Connected, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(stale.size(), 2, Patience);
    QCOMPARE(ann.client->clientId() == idBefore, isExtended);
    QCOMPARE(people->count(), Most);
    QCOMPARE(ann.rows.tell(), isExtended ? QString() : u"changed 998-998"_s);
    if (!isExtended)
        QCOMPARE(ann.rows.roles(),
                 (QList<int>{DispatchClientsModel::ClientIdRole, Qt::DisplayRole}));
}

QTEST_GUILESS_MAIN(tst_Crowd)
#include "tst_crowd.moc"
