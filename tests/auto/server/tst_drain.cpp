// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "overtls.h"
#include "peer.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr int Long = 60'000; // a time that no test waits for

using Peers = std::vector<std::unique_ptr<RawPeer>>;

QByteArray textOf(const QByteArray &name, int number)
{
    return R"({"eventName":")" + name + R"(","payload":)" + QByteArray::number(number) + '}';
}

/// The numbers of the events \a name that \a peer has heard.
QList<int> numbersOf(RawPeer &peer, const QByteArray &name)
{
    QList<int> numbers;
    for (const RawPeer::Frame &frame : peer.frames()) {
        const QJsonObject message = QJsonDocument::fromJson(frame.payload).object();
        if (message["eventName"_L1].toString().toUtf8() == name)
            numbers += message["payload"_L1].toInt();
    }
    return numbers;
}

QJsonObject payloadOf(const RawPeer::Frame &frame)
{
    return QJsonDocument::fromJson(frame.payload).object()["payload"_L1].toObject();
}

QString idOf(RawPeer &peer)
{
    return payloadOf(peer.frames().first())["clientId"_L1].toString();
}

} // namespace

/// What drain() does to those who are there, to those who come, and to what is under way.
class tst_Drain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void drainsWithoutClients();
    void joinsAreRefusedMeanwhile();
    void clientsAreToldAndThenClosed_data();
    void clientsAreToldAndThenClosed();
    void whoGoesInACrowdIsNotToldWhenToComeBack();
    void backEndsAreSentAwayToo();
    void lastWordsReachThoseWhoAreStillThere();
    void whatWaitsIsSentFirst();
    void deafClientIsGivenUpAfterTheFlushTimeout_data();
    void deafClientIsGivenUpAfterTheFlushTimeout();
    void closeCutsItShort();
    void drainingTwiceIsDrainingOnce();
    void nothingToDrainIsNoDrain();
    void canListenAgainAfterwards();
    void slotMayDeleteTheServer_data();
    void slotMayDeleteTheServer();
    void whoComesAtTheLastMomentIsNotForgotten();

private:
    struct Options {
        int threads = 1;
        int drainTime = 30'000;
        int flushTimeout = Long;
        bool hasRoom = false; ///< for much that waits
    };
    void serve(const Options &options);
    void serve() { serve({}); }
    std::unique_ptr<RawPeer> join(const QByteArray &target);
    /// Has \a sender emit events to \a receiver; true once the server has them.
    bool emitTo(RawPeer &receiver, Peer &sender, int events);

    std::unique_ptr<DispatchServer> m_server;
};

void tst_Drain::serve(const Options &options)
{
    DispatchServerSettings settings;
    settings.threads = options.threads;
    settings.drainTime = options.drainTime;
    settings.flushTimeout = options.flushTimeout;
    settings.heartbeatInterval = Long; // many of the peers do not answer pings
    if (options.hasRoom) {
        settings.maxWriteQueueBytes = 64 * 1024 * 1024;
        settings.writeStallTimeout = Long;
        settings.messagesPerSecond = 0;
        settings.bytesPerSecond = 0;
    }
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    prepare(*m_server);
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY(m_server->listen());
}

std::unique_ptr<RawPeer> tst_Drain::join(const QByteArray &target)
{
    auto peer = std::make_unique<RawPeer>(m_server->port());
    return peer->join(target) ? std::move(peer) : nullptr;
}

bool tst_Drain::emitTo(RawPeer &receiver, Peer &sender, int events)
{
    const QJsonArray recipients{idOf(receiver)};
    for (int i = 0; i < events; ++i)
        sender.emitEvent(u"x"_s, QString(100'000, u'x'), recipients);
    return QTest::qWaitFor([&] { return m_server->statistics().eventsReceived == events; }, Long);
}

void tst_Drain::drainsWithoutClients()
{
    serve({.threads = 2});
    QVERIFY(m_server->isReady());
    QSignalSpy draining(m_server.get(), &DispatchServer::drainingChanged);
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    m_server->drain();
    QVERIFY(m_server->isDraining());
    QVERIFY(!m_server->isReady());
    QVERIFY(m_server->isListening());
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QVERIFY(!m_server->isListening());
    QVERIFY(!m_server->isDraining());
    QVERIFY(!m_server->isReady());
    QCOMPARE(draining.size(), 2);
}

void tst_Drain::joinsAreRefusedMeanwhile()
{
    serve();
    const auto ann = join("/?projectId=p&shardName=s"); // who never answers
    QVERIFY(ann);
    m_server->drain();
    RawPeer ben(m_server->port());
    ben.send(RawPeer::upgradeRequest("/?projectId=p"));
    const RawPeer::Response refusal = ben.response();
    QCOMPARE(refusal.status, 503);
    QVERIFY(refusal.headers["retry-after"].toInt() > 0);
    const QJsonObject body = QJsonDocument::fromJson(refusal.body).object();
    QCOMPARE(body["code"_L1].toString(), u"draining"_s);
    QCOMPARE(body["retry"_L1].toBool(), true);
    QCOMPARE(m_server->statistics().refusals[u"draining"_s].toInt(), 1);
    RawPeer cleo(m_server->port());
    cleo.send(RawPeer::request("GET", "/info/p"));
    const RawPeer::Response info = cleo.response();
    QCOMPARE(info.status, 200);
    QCOMPARE(info.body, R"([{"shardName":"s","numConnectedClients":1}])"_ba);
}

void tst_Drain::clientsAreToldAndThenClosed_data()
{
    QTest::addColumn<int>("threads");
    QTest::newRow("one thread") << 1;
    QTest::newRow("four threads") << 4;
}

void tst_Drain::clientsAreToldAndThenClosed()
{
    QFETCH(int, threads);
    serve({.threads = threads});
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    Peers peers;
    for (int i = 0; i < 8; ++i) {
        peers.push_back(join("/?shardName=" + QByteArray::number(i / 2)));
        QVERIFY(peers.back());
        peers.back()->answerCloses();
    }
    m_server->drain();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QCOMPARE(left.size(), 8);
    for (const QVariantList &arguments : left)
        QCOMPARE(arguments.at(3).toString(), u"draining"_s);
    for (const auto &peer : peers) {
        QVERIFY(peer->waitForClose());
        QCOMPARE(peer->closeCode(), 1012);
        const auto count = peer->frames().size();
        QCOMPARE(peer->frames().last().opcode, RawPeer::Close);
        const QJsonObject told = payloadOf(peer->frames().at(count - 2));
        QCOMPARE(told["code"_L1].toString(), u"draining"_s);
        QCOMPARE(told["closing"_L1].toBool(), true);
        QCOMPARE(told["retry"_L1].toBool(), true);
        QCOMPARE(told["retryAfterMs"_L1].toInt(-1), 0);
    }
}

void tst_Drain::whoGoesInACrowdIsNotToldWhenToComeBack()
{
    serve({.drainTime = 0});
    Peers peers;
    for (int i = 0; i < 50; ++i) {
        peers.push_back(join("/?projectId=p"));
        QVERIFY(peers.back());
        peers.back()->answerCloses();
    }
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    m_server->drain();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    for (const auto &peer : peers) {
        QVERIFY(peer->waitForClose());
        QCOMPARE(peer->closeCode(), 1012);
        const QJsonObject told = payloadOf(peer->frames().at(peer->frames().size() - 2));
        QCOMPARE(told["code"_L1].toString(), u"draining"_s);
        QVERIFY(!told.contains("retryAfterMs"_L1));
    }
}

void tst_Drain::backEndsAreSentAwayToo()
{
    serve();
    const auto backend = join("/?projectId=p&projectToken=p/backend");
    const auto ann = join("/?projectId=p");
    QVERIFY(backend && ann);
    backend->answerCloses();
    ann->answerCloses();
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    m_server->drain();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QVERIFY(backend->waitForClose());
    QCOMPARE(backend->closeCode(), 1012);
    QVERIFY(backend->hasText("draining"));
}

void tst_Drain::lastWordsReachThoseWhoAreStillThere()
{
    serve();
    constexpr int Count = 20;
    Peers peers;
    for (int i = 0; i < Count; ++i) {
        peers.push_back(join("/?projectId=p&shardName=s"));
        QVERIFY(peers.back());
        peers.back()->answerCloses(textOf("last words", i));
    }
    QStringList order;
    connect(m_server.get(), &DispatchServer::clientLeft, this,
            [&](const QString &, const QString &, const QString &id) { order += id; });
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    // One of them talks all the time, to its end.
    QTimer talk;
    int said = 0;
    connect(&talk, &QTimer::timeout, this, [&] {
        if (peers.front()->closeCode() == 0)
            peers.front()->sendText(textOf("talk", ++said));
    });
    talk.start(10);
    m_server->drain();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QCOMPARE(order.size(), Count);
    const auto nth = [&](qsizetype place) {
        return int(std::ranges::find_if(
                       peers, [&](const auto &peer) { return idOf(*peer) == order[place]; })
                   - peers.begin());
    };
    // Who went first said so after being told to go, and the last one heard it.
    const int first = nth(0);
    const auto last = std::size_t(nth(Count - 1));
    QVERIFY(numbersOf(*peers[last], "last words").contains(first));
    // What each heard of the talk until he went has no gap.
    for (const auto &peer : peers) {
        const QList<int> heard = numbersOf(*peer, "talk");
        for (qsizetype i = 0; i < heard.size(); ++i)
            QCOMPARE(heard[i], int(i) + 1);
    }
}

void tst_Drain::whatWaitsIsSentFirst()
{
    // Far more than the kernel takes.
    constexpr int Events = 200;
    serve({.hasRoom = true});
    const auto slow = join("/?projectId=p");
    QVERIFY(slow);
    slow->stopReading();
    slow->answerCloses();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    QVERIFY(emitTo(*slow, ann, Events));
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    m_server->drain();
    // The other one has gone, and this one was told.
    QTRY_COMPARE(left.size(), 1);
    slow->startReading();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QVERIFY(slow->waitForClose());
    const auto arrived = std::ranges::count_if(slow->frames(), [](const RawPeer::Frame &frame) {
        return frame.payload.startsWith(R"({"eventName":"x")");
    });
    QCOMPARE(arrived, Events);
    QVERIFY(slow->hasText("draining"));
    QCOMPARE(slow->frames().last().opcode, RawPeer::Close);
    QCOMPARE(slow->closeCode(), 1012);
    QCOMPARE(left.last().at(3).toString(), u"draining"_s);
}

void tst_Drain::deafClientIsGivenUpAfterTheFlushTimeout_data()
{
    QTest::addColumn<int>("events");
    QTest::addColumn<QString>("reason");
    QTest::newRow("nothing waits for it") << 0 << u"draining"_s;
    QTest::newRow("much waits for it") << 200 << u"slow_consumer"_s;
}

void tst_Drain::deafClientIsGivenUpAfterTheFlushTimeout()
{
    QFETCH(int, events);
    serve({.flushTimeout = 100, .hasRoom = true});
    const auto deaf = join("/?projectId=p");
    QVERIFY(deaf);
    deaf->stopReading();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    QVERIFY(emitTo(*deaf, ann, events));
    const QString id = ann.clientId();
    QString reason;
    connect(m_server.get(), &DispatchServer::clientLeft, this,
            [&](const QString &, const QString &, const QString &client, const QString &why) {
                if (client != id)
                    reason = why;
            });
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    m_server->drain();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QTEST(reason, "reason");
}

void tst_Drain::closeCutsItShort()
{
    serve();
    const auto ann = join("/?projectId=p"); // who never answers
    QVERIFY(ann);
    QSignalSpy draining(m_server.get(), &DispatchServer::drainingChanged);
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    m_server->drain();
    QVERIFY(ann->waitForText("draining"));
    m_server->close();
    QVERIFY(!m_server->isListening());
    QVERIFY(!m_server->isDraining());
    QCOMPARE(left.size(), 1);
    QCOMPARE(draining.size(), 2);
    QVERIFY(ann->waitForClose());
    QCOMPARE(ann->closeCode(), 1012);
    QCOMPARE(drained.size(), 0);
}

void tst_Drain::drainingTwiceIsDrainingOnce()
{
    serve();
    const auto ann = join("/?projectId=p");
    QVERIFY(ann);
    ann->answerCloses();
    QSignalSpy draining(m_server.get(), &DispatchServer::drainingChanged);
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    m_server->drain();
    m_server->drain();
    QCOMPARE(draining.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QVERIFY(ann->waitForClose());
    QCOMPARE(std::ranges::count(ann->frames(), int(RawPeer::Close), &RawPeer::Frame::opcode), 1);
}

void tst_Drain::nothingToDrainIsNoDrain()
{
    DispatchServer server;
    QSignalSpy draining(&server, &DispatchServer::drainingChanged);
    server.drain();
    QVERIFY(!server.isDraining());
    QVERIFY(draining.isEmpty());
}

void tst_Drain::canListenAgainAfterwards()
{
    serve();
    connect(m_server.get(), &DispatchServer::drained, this,
            [this] { QVERIFY(m_server->listen()); });
    m_server->drain();
    QTRY_VERIFY(m_server->isReady());
    QVERIFY(join("/?projectId=p"));
}

void tst_Drain::slotMayDeleteTheServer_data()
{
    using Arm = std::function<void(DispatchServer *, std::function<void()>)>;
    QTest::addColumn<Arm>("arm");
    const auto row = [](const char *name, auto signal) {
        QTest::newRow(name) << Arm([signal](DispatchServer *server, std::function<void()> slot) {
            QObject::connect(server, signal, server, std::move(slot));
        });
    };
    row("that begins to drain", &DispatchServer::drainingChanged);
    row("that lost a client", &DispatchServer::clientLeft);
    row("that stops", &DispatchServer::listeningChanged);
    row("that has drained", &DispatchServer::drained);
}

void tst_Drain::slotMayDeleteTheServer()
{
    using Arm = std::function<void(DispatchServer *, std::function<void()>)>;
    QFETCH(Arm, arm);
    serve();
    const auto ann = join("/?projectId=p");
    QVERIFY(ann);
    ann->answerCloses();
    arm(m_server.get(), [this] { delete m_server.release(); });
    m_server->drain();
    QTRY_VERIFY(!m_server);
    QVERIFY(ann->waitForClose());
    QCOMPARE(ann->closeCode(), 1012);
}

void tst_Drain::whoComesAtTheLastMomentIsNotForgotten()
{
    serve({.threads = 4, .drainTime = 500});
    QSignalSpy drained(m_server.get(), &DispatchServer::drained);
    auto holder = join("/"); // who does not answer, so that the server stays
    QVERIFY(holder);
    Peers peers;
    for (int i = 0; i < 200; ++i) {
        peers.push_back(std::make_unique<RawPeer>(m_server->port()));
        peers.back()->answerCloses();
        peers.back()->send(RawPeer::upgradeRequest("/?shardName=" + QByteArray::number(i % 8)));
        QCoreApplication::processEvents();
        if (i == 100) {
            QTRY_VERIFY_WITH_TIMEOUT(m_server->statistics().joins > 1, Long);
            m_server->drain();
        }
    }
    int joined = 0;
    int refused = 0;
    for (const auto &peer : peers) {
        const int status = peer->response(false).status;
        joined += status == 101;
        refused += status == 503;
        peer->frames(); // read, and answered, from now on
    }
    holder.reset();
    QTRY_COMPARE_WITH_TIMEOUT(drained.size(), 1, Long);
    QCOMPARE(joined + refused, 200);
    QVERIFY2(joined > 0 && refused > 0, qPrintable(QString::number(joined)));
    for (const auto &peer : peers)
        QVERIFY(peer->waitForClose());
    QCOMPARE(std::ranges::count(peers, 1012, [](const auto &peer) { return peer->closeCode(); }),
             joined);
}

QTEST_GUILESS_MAIN(tst_Drain)
#include "tst_drain.moc"
