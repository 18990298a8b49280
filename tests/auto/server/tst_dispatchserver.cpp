// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qdir.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qprocess.h>
#include <QtCore/qset.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <array>
#include <sys/resource.h>
#include <thread>

using namespace Qt::StringLiterals;

/// The public class: its life, its signals, and that its counts are exact.
class tst_DispatchServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void freePortIsTaken();
    void usedPortIsAnError();
    void impossibleAddressIsAnError();
    void listeningTwiceIsAnError();
    void canListenAgainAfterClose();
    void anyAddressServesLoopback();
    void closeTellsAllToComeBack_data();
    void closeTellsAllToComeBack();
    void closeSendsWhatIsPendingFirst();
    void closeWithADeafClientIsBounded();
    void closeDropsUnansweredRequests();
    void destructionCloses();
    void programsThatAreStartedInheritNoSockets();
    void signalsTellWhoComesAndGoes();
    void slotMayDeleteTheServerThatCloses();
    void slotMayReopenTheServerThatCloses();
    void signalsKeepTheirOrderWhenASlotCloses();
    void statisticsCount();
    void statisticsMayBeAskedForOnAnyThread();
    void stormFillsShardsExactly_data();
    void stormFillsShardsExactly();

private:
    void serve(const DispatchServerSettings &settings = {});

    std::unique_ptr<DispatchServer> m_server = std::make_unique<DispatchServer>();
};

namespace {

/// The sockets that a process has open.
QSet<QString> socketsOf(const QString &process)
{
    QSet<QString> sockets;
    const QDir descriptors(u"/proc/%1/fd"_s.arg(process));
    for (const QFileInfo &descriptor : descriptors.entryInfoList(QDir::System)) {
        if (descriptor.symLinkTarget().contains(u"socket:"_s))
            sockets.insert(descriptor.symLinkTarget());
    }
    return sockets;
}

} // namespace

void tst_DispatchServer::serve(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_DispatchServer::freePortIsTaken()
{
    DispatchServer server;
    QSignalSpy changed(&server, &DispatchServer::listeningChanged);
    QVERIFY(!server.isListening());
    QVERIFY(server.url().isEmpty());
    QVERIFY(server.listen());
    QVERIFY(server.isListening());
    QVERIFY(server.port() > 0);
    QCOMPARE(server.url(), QUrl(u"ws://127.0.0.1:%1"_s.arg(server.port())));
    QCOMPARE(changed.size(), 1);
    server.close();
    QCOMPARE(changed.size(), 2);
    QVERIFY(server.url().isEmpty());
    QCOMPARE(server.port(), 0);
    server.close();
    QCOMPARE(changed.size(), 2);
}

void tst_DispatchServer::usedPortIsAnError()
{
    DispatchServer first;
    QVERIFY(first.listen());
    DispatchServer second;
    QSignalSpy errors(&second, &DispatchServer::errorOccurred);
    QVERIFY(!second.listen(QHostAddress(QHostAddress::LocalHost), first.port()));
    QCOMPARE(errors.size(), 1);
    QVERIFY(second.errorString().contains(QString::number(first.port())));
    QVERIFY(!second.isListening());
}

void tst_DispatchServer::impossibleAddressIsAnError()
{
    DispatchServer server;
    QVERIFY(!server.listen(QHostAddress()));
    QVERIFY(!server.errorString().isEmpty());
    QVERIFY(!server.listen(QHostAddress(u"192.0.2.1"_s)));
    QVERIFY(server.listen());
    QVERIFY(server.errorString().isEmpty());
}

void tst_DispatchServer::listeningTwiceIsAnError()
{
    DispatchServer server;
    QVERIFY(server.listen());
    const quint16 port = server.port();
    QVERIFY(!server.listen());
    QCOMPARE(server.port(), port);
    QVERIFY(server.isListening());
}

void tst_DispatchServer::canListenAgainAfterClose()
{
    DispatchServer server;
    QVERIFY(server.listen());
    const quint16 port = server.port();
    Peer ann;
    QVERIFY(ann.join(server.url()));
    server.close();
    QVERIFY(ann.waitForClose());
    QVERIFY2(server.listen(QHostAddress(QHostAddress::LocalHost), port),
             qPrintable(server.errorString()));
    QCOMPARE(server.port(), port);
    Peer ben;
    QVERIFY(ben.join(server.url()));
    QCOMPARE(server.statistics().joins, 1);
}

void tst_DispatchServer::anyAddressServesLoopback()
{
    for (const auto any : {QHostAddress::Any, QHostAddress::AnyIPv4}) {
        DispatchServer server;
        QVERIFY2(server.listen(QHostAddress(any)), qPrintable(server.errorString()));
        QCOMPARE(server.url().host(), u"127.0.0.1"_s);
        Peer ann;
        QVERIFY(ann.join(server.url()));
    }
}

void tst_DispatchServer::closeTellsAllToComeBack_data()
{
    QTest::addColumn<int>("threads");
    QTest::newRow("one thread") << 1;
    QTest::newRow("four threads") << 4;
}

void tst_DispatchServer::closeTellsAllToComeBack()
{
    QFETCH(int, threads);
    DispatchServerSettings settings;
    settings.threads = threads;
    serve(settings);
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < 8; ++i) {
        peers.push_back(std::make_unique<RawPeer>(m_server->port()));
        QVERIFY(peers.back()->join("/?shardName=" + QByteArray::number(i / 2)));
    }
    m_server->close();
    QCOMPARE(left.size(), 8);
    QCOMPARE(left.first().at(3).toString(), u"closed"_s);
    for (const auto &peer : peers) {
        QVERIFY(peer->waitForClose());
        QCOMPARE(peer->closeCode(), 1012);
    }
}

void tst_DispatchServer::closeSendsWhatIsPendingFirst()
{
    serve();
    Peer ann;
    RawPeer ben(m_server->port());
    QVERIFY(ann.join(m_server->url()));
    QVERIFY(ben.join("/"));
    QVERIFY(ann.waitForClients(2));
    for (int i = 0; i < 30; ++i)
        ann.emitEvent(u"x"_s, QString(100'000, u'x'));
    QVERIFY(ann.waitFor(u"x"_s));
    const qint64 received = m_server->statistics().eventsReceived;
    m_server->close();
    QVERIFY(ben.waitForClose());
    QCOMPARE(ben.closeCode(), 1012);
    const auto arrived = std::ranges::count_if(ben.frames(), [](const RawPeer::Frame &frame) {
        return frame.payload.startsWith("{\"eventName\":\"x\"");
    });
    QVERIFY2(arrived >= received, qPrintable(QString::number(arrived)));
}

void tst_DispatchServer::closeWithADeafClientIsBounded()
{
    serve();
    RawPeer deaf(m_server->port());
    QVERIFY(deaf.join("/"));
    deaf.stopReading();
    Peer ann;
    QVERIFY(ann.join(m_server->url()));
    for (int i = 0; i < 100 && m_server->statistics().connections == 2; ++i) {
        ann.emitEvent(u"x"_s, QString(100'000, u'x'));
        QVERIFY(ann.waitFor(u"x"_s, i + 1));
    }
    QElapsedTimer timer;
    timer.start();
    m_server->close();
    QVERIFY(timer.elapsed() < 3'000);
    QVERIFY(ann.waitForClose());
}

void tst_DispatchServer::closeDropsUnansweredRequests()
{
    serve();
    RawPeer raw(m_server->port());
    raw.send("GET /info/p HTTP/1.1\r\n");
    RawPeer info(m_server->port());
    info.send(RawPeer::request("GET", "/info/p"));
    QCOMPARE(info.response().status, 200);
    QElapsedTimer timer;
    timer.start();
    m_server->close();
    QVERIFY(timer.elapsed() < 1'000);
    QVERIFY(raw.waitForClose());
    QVERIFY(info.waitForClose());
}

void tst_DispatchServer::destructionCloses()
{
    serve();
    RawPeer ann(m_server->port());
    QVERIFY(ann.join("/"));
    m_server.reset();
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1012);
}

void tst_DispatchServer::programsThatAreStartedInheritNoSockets()
{
    const QSet<QString> inherited = socketsOf(u"self"_s);
    serve();
    RawPeer peer(m_server->port());
    QVERIFY(peer.join("/?projectId=p"));
    QProcess program;
    program.start(u"cat"_s, QStringList());
    QVERIFY(program.waitForStarted());
    QVERIFY(inherited.contains(socketsOf(QString::number(program.processId()))));
    // The address is free as soon as the server has left it.
    const quint16 port = m_server->port();
    m_server->close();
    QVERIFY2(m_server->listen(QHostAddress(QHostAddress::LocalHost), port),
             qPrintable(m_server->errorString()));
    program.closeWriteChannel();
    QVERIFY(program.waitForFinished());
}

void tst_DispatchServer::signalsTellWhoComesAndGoes()
{
    serve();
    QSignalSpy joined(m_server.get(), &DispatchServer::clientJoined);
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=room"_s));
    QTRY_COMPARE(joined.size(), 1);
    QCOMPARE(joined.first(), (QVariantList{u"p"_s, u"room"_s, ann.clientId()}));
    ann.close();
    QTRY_COMPARE(left.size(), 1);
    QCOMPARE(left.first(), (QVariantList{u"p"_s, u"room"_s, ann.clientId(), u"closed"_s}));
}

void tst_DispatchServer::slotMayDeleteTheServerThatCloses()
{
    serve();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    bool isDeleted = false;
    connect(m_server.get(), &DispatchServer::clientLeft, this, [&] {
        delete m_server.release();
        isDeleted = true;
    });
    m_server->close();
    QVERIFY(isDeleted);
}

void tst_DispatchServer::slotMayReopenTheServerThatCloses()
{
    serve();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    connect(
        m_server.get(), &DispatchServer::clientLeft, this, [&] { QVERIFY(m_server->listen()); },
        Qt::SingleShotConnection);
    m_server->close();
    QVERIFY(m_server->isListening());
    Peer ben;
    QVERIFY(ben.join(m_server->url(), u"projectId=p"_s));
}

void tst_DispatchServer::signalsKeepTheirOrderWhenASlotCloses()
{
    serve();
    QSet<QString> present;
    bool isSound = true;
    connect(m_server.get(), &DispatchServer::clientJoined, this,
            [&](const QString &, const QString &, const QString &clientId) {
                present.insert(clientId);
                m_server->close();
            });
    connect(m_server.get(), &DispatchServer::clientLeft, this,
            [&](const QString &, const QString &, const QString &clientId) {
                isSound = present.remove(clientId) && isSound;
            });
    std::array<Peer, 10> peers;
    for (Peer &peer : peers)
        peer.open(m_server->url(), u"projectId=p"_s);
    QTRY_VERIFY(!m_server->isListening());
    QVERIFY(isSound);
    QVERIFY(present.isEmpty());
}

void tst_DispatchServer::statisticsCount()
{
    serve();
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"shardName=a"_s));
    QVERIFY(ben.join(m_server->url(), u"shardName=a"_s));
    ann.emitEvent(u"x"_s);
    QVERIFY(ben.waitFor(u"x"_s));
    ann.emitEvent(u"y"_s, 1, QJsonArray{ben.clientId()});
    QVERIFY(ben.waitFor(u"y"_s));
    const DispatchServerStatistics statistics = m_server->statistics();
    QCOMPARE(statistics.connections, 2);
    QCOMPARE(statistics.shards, 1);
    QCOMPARE(statistics.joins, 2);
    QCOMPARE(statistics.eventsReceived, 2);
    QCOMPARE(statistics.eventsDelivered, 3);
    QVERIFY(statistics.bytesReceived > 40);
    QVERIFY(statistics.bytesSent > statistics.bytesReceived);
    ann.close();
    ben.close();
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QCOMPARE(m_server->statistics().shards, 0);
    QCOMPARE(m_server->statistics().joins, 2);
}

void tst_DispatchServer::statisticsMayBeAskedForOnAnyThread()
{
    serve();
    std::atomic<bool> isDone = false;
    std::thread reader([&] {
        while (!isDone)
            m_server->statistics();
    });
    for (int i = 0; i < 20; ++i) {
        Peer ann;
        if (!ann.join(m_server->url()))
            break;
        ann.emitEvent(u"x"_s);
        ann.waitFor(u"x"_s);
    }
    const qint64 joins = m_server->statistics().joins;
    m_server->close();
    isDone = true;
    reader.join();
    QCOMPARE(joins, 20);
}

void tst_DispatchServer::stormFillsShardsExactly_data()
{
    QTest::addColumn<int>("threads");
    QTest::newRow("one thread") << 1;
    QTest::newRow("four threads") << 4;
}

void tst_DispatchServer::stormFillsShardsExactly()
{
    QFETCH(int, threads);
    constexpr int Clients = 1'000;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, 4'096));
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 2 * Clients + 100)
        QSKIP("The limit of open files is too low");

    DispatchServerSettings settings;
    settings.threads = threads;
    serve(settings);
    // Raw peers: what is tested is the server, and a thousand QWebSockets take their time.
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < Clients; ++i)
        peers.push_back(std::make_unique<RawPeer>(m_server->port()));
    for (const auto &peer : peers)
        peer->send(RawPeer::upgradeRequest("/?projectId=storm&maxConnectionsPerShard=20"));
    QTRY_COMPARE_WITH_TIMEOUT(m_server->statistics().joins, Clients, 30'000);
    QCOMPARE(m_server->statistics().refusedJoins, 0);
    QCOMPARE(m_server->statistics().shards, 50);

    RawPeer info(m_server->port());
    info.send(RawPeer::request("GET", "/info/storm"));
    const QJsonArray shards = QJsonDocument::fromJson(info.response().body).array();
    QCOMPARE(shards.size(), 50);
    for (const QJsonValue &shard : shards)
        QCOMPARE(shard["numConnectedClients"_L1].toInt(), 20);

    // What each was told is true too.
    QHash<QByteArray, int> told;
    for (const auto &peer : peers) {
        QCOMPARE(peer->response(false).status, 101);
        QVERIFY(peer->waitForText("@@KOJI_DISPATCH/CONNECTED\""));
        const QJsonObject greeting =
            QJsonDocument::fromJson(peer->frames().first().payload).object();
        ++told[greeting["payload"_L1]["shardName"_L1].toString().toUtf8()];
    }
    QCOMPARE(told.size(), 50);
    for (const QJsonValue &shard : shards)
        QCOMPARE(told.value(shard["shardName"_L1].toString().toUtf8()), 20);

    peers.clear();
    QTRY_COMPARE_WITH_TIMEOUT(m_server->statistics().connections, 0, 30'000);
    QCOMPARE(m_server->statistics().shards, 0);
}

QTEST_GUILESS_MAIN(tst_DispatchServer)
#include "tst_dispatchserver.moc"
