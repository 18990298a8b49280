// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "daemonprocess.h"
#include "metricstext.h"
#include "neighbour.h"
#include "rawpeer.h"

#include <QtCore/qdir.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qfile.h>

#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace {

constexpr rlim_t MostFiles = 256;

using Peers = std::vector<std::unique_ptr<RawPeer>>;

void startWithFewFiles(DaemonProcess &daemon, rlim_t files = MostFiles,
                       const QStringList &options = {})
{
    daemon.process.setChildProcessModifier([files] {
        const rlimit limit{files, files};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    });
    QVERIFY(daemon.start(QStringList{u"--max-connections=1000"_s} + options));
}

quint16 portOf(const DaemonProcess &daemon)
{
    return quint16(daemon.url.port());
}

int openFiles(const DaemonProcess &daemon)
{
    return int(QDir(u"/proc/%1/fd"_s.arg(daemon.process.processId()))
                   .entryList(QDir::Files | QDir::System)
                   .size());
}

/// The time that \a daemon has computed for, in ms.
qint64 cpuMs(const DaemonProcess &daemon)
{
    QFile file(u"/proc/%1/stat"_s.arg(daemon.process.processId()));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray line = file.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toLongLong() + fields.value(12).toLongLong()) * 1'000
        / ::sysconf(_SC_CLK_TCK);
}

} // namespace

/// A dispatchd that may open few files.
class tst_Exhaustion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clientsAreOnlyTakenWhileThereAreFiles();
    void whoComesWithoutAFileLeftIsTold();
    void figuresSayHowManyThereIsRoomFor_data();
    void figuresSayHowManyThereIsRoomFor();
};

void tst_Exhaustion::clientsAreOnlyTakenWhileThereAreFiles()
{
    DaemonProcess daemon;
    startWithFewFiles(daemon);
    QVERIFY(daemon.logs("connections, not 1000: let this process open more files"));
    Neighbour neighbour;
    QVERIFY(neighbour.join(daemon.url));
    Peers peers;
    RawPeer::Response response;
    do {
        peers.push_back(std::make_unique<RawPeer>(portOf(daemon)));
        peers.back()->send(RawPeer::upgradeRequest("/?maxConnectionsPerShard=1000"));
        response = peers.back()->response(false);
    } while (response.status == 101 && peers.size() < MostFiles);
    QCOMPARE(response.status, 503);
    QVERIFY(response.headers.value("retry-after").toInt() >= 1);
    // Enough is left for those who only ask.
    QVERIFY2(openFiles(daemon) < int(MostFiles) - 32,
             qPrintable(QString::number(openFiles(daemon))));
    RawPeer asks(portOf(daemon));
    asks.send(RawPeer::request("GET", "/info/default"));
    QCOMPARE(asks.response().status, 200);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Exhaustion::whoComesWithoutAFileLeftIsTold()
{
    DaemonProcess daemon;
    startWithFewFiles(daemon);
    Neighbour neighbour;
    QVERIFY(neighbour.join(daemon.url));
    // Requests that never end, more than there can be files.
    Peers slow;
    for (rlim_t i = 0; i < MostFiles + 50; ++i) {
        slow.push_back(std::make_unique<RawPeer>(portOf(daemon)));
        slow.back()->send("GET / HTTP/1.1\r\nX: ");
    }
    QTRY_VERIFY(daemon.logs("server_full"));
    for (int i = 0; i < 20; ++i) {
        RawPeer next(portOf(daemon));
        next.send(RawPeer::upgradeRequest("/"));
        const auto response = next.response();
        QCOMPARE(response.status, 503);
        QVERIFY(response.body.contains("\"code\":\"server_full\""));
        QVERIFY(response.headers.value("retry-after").toInt() >= 1);
        QVERIFY(next.waitForClose());
    }
    QVERIFY(neighbour.isUnharmed());

    // It does not try all the time.
    QElapsedTimer timer;
    timer.start();
    const qint64 before = cpuMs(daemon);
    while (timer.elapsed() < 1'000)
        QVERIFY(neighbour.isUnharmed());
    const qint64 used = cpuMs(daemon) - before;
    QVERIFY2(before >= 0 && used * 5 < timer.elapsed(), qPrintable(QString::number(used)));

    slow.clear();
    QTRY_VERIFY(RawPeer(portOf(daemon)).join("/"));
    QVERIFY(neighbour.isUnharmed());
}

void tst_Exhaustion::figuresSayHowManyThereIsRoomFor_data()
{
    QTest::addColumn<int>("files");
    QTest::addColumn<QString>("threads");
    QTest::newRow("64 files") << 64 << u"--threads=1"_s;
    QTest::newRow("64 files, two threads") << 64 << u"--threads=2"_s;
    QTest::newRow("256 files") << int(MostFiles) << u"--threads=2"_s;
}

void tst_Exhaustion::figuresSayHowManyThereIsRoomFor()
{
    QFETCH(int, files);
    QFETCH(QString, threads);
    DaemonProcess daemon;
    startWithFewFiles(daemon, rlim_t(files), {threads});
    const quint16 operators = quint16(daemon.operatorsUrl().port());
    const auto ask = [operators](const QByteArray &path) {
        RawPeer peer(operators);
        peer.send(RawPeer::request("GET", path, "Connection: close\r\n"));
        return peer.response();
    };
    const MetricsText metrics(ask("/metrics").body);
    const int limit = int(metrics.value(u"dispatch_connections_limit"_s));
    QVERIFY(limit > 1 && limit < files);
    QCOMPARE(ask("/readyz").status, 200);

    Peers peers;
    for (int i = 0; i < limit; ++i) {
        peers.push_back(std::make_unique<RawPeer>(portOf(daemon)));
        QVERIFY2(peers.back()->join("/?maxConnectionsPerShard=1000"),
                 qPrintable(u"%1 of %2"_s.arg(i).arg(limit)));
    }
    RawPeer next(portOf(daemon));
    next.send(RawPeer::upgradeRequest("/?maxConnectionsPerShard=1000"));
    QCOMPARE(next.response().status, 503);
    QCOMPARE(ask("/readyz").body, QByteArray(R"({"status":"full"})"));

    peers.clear();
    QTRY_COMPARE(ask("/readyz").status, 200);
}

QTEST_GUILESS_MAIN(tst_Exhaustion)
#include "tst_exhaustion.moc"
