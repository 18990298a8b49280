// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtCore/qabstracteventdispatcher.h>
#include <QtCore/qelapsedtimer.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// A server that means harm: it neither holds the program up nor fills its memory.
class tst_HostileServer : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void brokenLimitEndsTheConnection_data();
    void brokenLimitEndsTheConnection();
    void limitsCanBeSet_data();
    void limitsCanBeSet();
    void longFrameArrives();
    void longMessageInFragmentsArrives();
    void serverThatDoesNotReadIsLeft();
    void turnHasBoundedWork();
    void messagesThatWaitAreBounded();
    void goodbyeComesThroughAFlood();
    void endlessHeaderIsNoConnection_data();
    void endlessHeaderIsNoConnection();
    void answerToInfoIsBounded_data();
    void answerToInfoIsBounded();
    void answerToInfoThatTricklesIsGivenUp();

private:
    void expectToBeLeft(const QSignalSpy &disconnected, const QString &why);
};

/// The client leaves, says why, and comes back.
void tst_HostileServer::expectToBeLeft(const QSignalSpy &disconnected, const QString &why)
{
    QTRY_COMPARE(disconnected.size(), 1);
    const auto error = disconnected.first().first().value<DispatchError>();
    QVERIFY2(error.code() == DispatchError::ProtocolError, qPrintable(error.message()));
    QVERIFY(error.isRetryable());
    QVERIFY2(error.message().contains(why), qPrintable(error.message()));
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_HostileServer::brokenLimitEndsTheConnection_data()
{
    QTest::addColumn<QByteArray>("frames");
    QTest::addColumn<QString>("why");
    const auto frame = FakePeer::frame;
    const QByteArray start = frame(FakePeer::Text, {}, false);
    const QByteArray nothing = frame(FakePeer::Continuation, {}, false);
    QTest::newRow("a long frame") << frame(FakePeer::Text, QByteArray(1024 * 1024 + 1, ' '), true)
                                  << u"maxFrameSize"_s;
    QTest::newRow("the header of an endless frame")
        << QByteArray::fromHex("817f7fffffffffffffff") << u"maxFrameSize"_s;
    QTest::newRow("a long message")
        << start + frame(FakePeer::Continuation, QByteArray(1024 * 1024, ' '), false).repeated(9)
        << u"maxMessageSize"_s;
    QTest::newRow("endless fragments")
        << start + frame(FakePeer::Continuation, " ", false).repeated(5'000) << u"maxFragments"_s;
    QTest::newRow("endless fragments without anything in them")
        << start + nothing.repeated(5'000) << u"maxFragments"_s;
    QTest::newRow("fragments between which it pings")
        << start + (nothing + frame(FakePeer::Ping, {}, true)).repeated(5'000) << u"maxFragments"_s;
    QTest::newRow("a binary message") << frame(FakePeer::Binary, "{}", true) << u"binary"_s;
    QTest::newRow("a binary message that does not end")
        << frame(FakePeer::Binary, "{}", false) + nothing.repeated(10) << u"binary"_s;
}

void tst_HostileServer::brokenLimitEndsTheConnection()
{
    QFETCH(QByteArray, frames);
    QFETCH(QString, why);
    QVERIFY(join());
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    m_server->last()->sendRaw(frames);
    expectToBeLeft(disconnected, why);
}

void tst_HostileServer::limitsCanBeSet_data()
{
    QTest::addColumn<DispatchIncomingLimits>("limits");
    QTest::addColumn<QByteArray>("fits");
    QTest::addColumn<QByteArray>("breaks");
    const auto frame = FakePeer::frame;
    const auto event = [](int size) { return message(u"x"_s, '"' + QByteArray(size, 'x') + '"'); };
    QTest::newRow("frame") << DispatchIncomingLimits{.maxFrameSize = 1'000}
                           << frame(FakePeer::Text, event(900), true)
                           << frame(FakePeer::Text, event(1'000), true);
    QTest::newRow("message") << DispatchIncomingLimits{.maxMessageSize = 1'000}
                             << frame(FakePeer::Text, event(900), true)
                             << frame(FakePeer::Text, event(1'000), true);
    const auto cut = [&](int pieces) {
        return frame(FakePeer::Text, event(1), false)
            + frame(FakePeer::Continuation, " ", false).repeated(pieces - 2)
            + frame(FakePeer::Continuation, " ", true);
    };
    QTest::newRow("fragments") << DispatchIncomingLimits{.maxFragments = 3} << cut(3) << cut(4);
}

void tst_HostileServer::limitsCanBeSet()
{
    QFETCH(DispatchIncomingLimits, limits);
    QFETCH(QByteArray, fits);
    QFETCH(QByteArray, breaks);
    QSignalSpy changes(m_client.get(), &DispatchClient::incomingLimitsChanged);
    m_client->setIncomingLimits(limits);
    m_client->setIncomingLimits(limits);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(m_client->incomingLimits(), limits);
    QVERIFY(join());
    int calls = 0;
    m_client->on(u"x"_s, this, [&] { ++calls; });
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    for (int i = 0; i < 3; ++i)
        m_server->last()->sendRaw(fits);
    QTRY_COMPARE(calls, 3);
    QCOMPARE(disconnected.size(), 0);
    m_server->last()->sendRaw(breaks);
    expectToBeLeft(disconnected, u"incomingLimits"_s);
    QCOMPARE(calls, 3);
}

void tst_HostileServer::longFrameArrives()
{
    QVERIFY(join());
    QList<qsizetype> sizes;
    m_client->on(u"x"_s, this,
                 [&](const QJsonValue &payload) { sizes.append(payload.toString().size()); });
    const QList<qsizetype> sent{10, 65'536, 73'000, 200'000, 3, 500'000, 10, 10, 1'000'000, 1};
    for (const qsizetype size : sent)
        m_server->last()->sendText(message(u"x"_s, '"' + QByteArray(size, 'x') + '"'));
    QTRY_COMPARE(sizes, sent);
    QCOMPARE(m_server->count(), 1);
}

void tst_HostileServer::longMessageInFragmentsArrives()
{
    QVERIFY(join());
    qsizetype size = 0;
    m_client->on(u"x"_s, this,
                 [&](const QJsonValue &payload) { size = payload.toString().size(); });
    const QByteArray text = message(u"x"_s, '"' + QByteArray(8'000'000, 'x') + '"');
    for (qsizetype at = 0; at < text.size(); at += 60'000) {
        m_server->last()->sendFrame(at == 0 ? FakePeer::Text : FakePeer::Continuation,
                                    text.mid(at, 60'000), at + 60'000 >= text.size());
    }
    QTRY_COMPARE(size, 8'000'000);
}

void tst_HostileServer::serverThatDoesNotReadIsLeft()
{
    m_client->setIncomingLimits({.maxUnsentBytes = 100'000});
    QVERIFY(join());
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    m_server->last()->pingWithoutReading();
    expectToBeLeft(disconnected, u"maxUnsentBytes"_s);
}

void tst_HostileServer::turnHasBoundedWork()
{
    const int count = 3'000;
    const qint64 work = 200'000; // ns that a handler takes at least, however busy the machine is
    const int budget = 8'000'000 / work;
    QVERIFY(join());
    int turn = 0;
    const QObject watch;
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake, &watch,
            [&] { ++turn; });
    QHash<int, int> perTurn;
    QList<int> heard;
    m_client->on(u"x"_s, this, [&](const QJsonObject &payload) {
        ++perTurn[turn];
        heard.append(payload["n"_L1].toInt());
        QElapsedTimer clock;
        clock.start();
        while (clock.nsecsElapsed() < work) { }
    });
    int frames = 0;
    QTimer display;
    connect(&display, &QTimer::timeout, this, [&] { ++frames; });
    display.start(16);
    // More than may wait: reading has to pause in between.
    const QString filling(2'000, u'x');
    for (int i = 0; i < count; ++i)
        m_server->last()->sendEvent(u"x"_s, QJsonObject{{u"n"_s, i}, {u"filling"_s, filling}});
    QTRY_COMPARE_WITH_TIMEOUT(heard.size(), count, 30'000);
    for (int i = 0; i < count; ++i)
        QCOMPARE(heard[i], i);
    for (const int messages : std::as_const(perTurn))
        QVERIFY2(messages <= budget + 1, qPrintable(QString::number(messages)));
    // A window that is drawn 60 times a second had its turn in between.
    QVERIFY2(frames >= 10, qPrintable(QString::number(frames)));
    QCOMPARE(m_server->count(), 1);
}

/// While a handler runs an event loop of its own nothing is worked off.
void tst_HostileServer::messagesThatWaitAreBounded()
{
    QVERIFY(join());
    FakePeer *peer = m_server->last();
    int heard = 0;
    const int count = 30'000;
    bool isHeldUp = false;
    m_client->on(u"x"_s, this, [&] {
        if (heard++ > 0)
            return;
        // 30 MB are offered. What the client and two kernels take is far less.
        isHeldUp = peer->waitUntilHeldUp();
    });
    for (int i = 0; i < count; ++i)
        peer->sendText(message(u"x"_s, '"' + QByteArray(1'000, 'x') + '"'));
    QTRY_VERIFY_WITH_TIMEOUT(heard > 0, 20'000);
    QVERIFY(isHeldUp);
    QTRY_COMPARE_WITH_TIMEOUT(heard, count, 30'000);
    QCOMPARE(m_server->count(), 1);
}

void tst_HostileServer::goodbyeComesThroughAFlood()
{
    QVERIFY(join());
    FakePeer *peer = m_server->last();
    bool isDone = false;
    bool isHeldUp = false;
    m_client->on(u"x"_s, this, [&] {
        if (std::exchange(isDone, true))
            return;
        isHeldUp = peer->waitUntilHeldUp();
        m_client->emitEvent(u"last"_s);
        m_client->disconnectFromServer();
    });
    for (int i = 0; i < 30; ++i)
        peer->sendText(message(u"x"_s, '"' + QByteArray(1'000'000, 'x') + '"'));
    QTRY_COMPARE_WITH_TIMEOUT(peer->closeCode(), std::optional<quint16>(1000), 20'000);
    QVERIFY(isHeldUp);
    QCOMPARE(eventsAtServer(), QStringList{u"last"_s});
}

void tst_HostileServer::endlessHeaderIsNoConnection_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("lines") << "X-Header: 0123456789\r\n"_ba.repeated(1'000);
    QTest::newRow("one line") << QByteArray(20'000, 'x');
}

void tst_HostileServer::endlessHeaderIsNoConnection()
{
    QFETCH(QByteArray, piece);
    qint64 sent = 0;
    QTimer flood;
    m_server->onRequest = [&](FakePeer *peer) {
        peer->sendRaw("HTTP/1.1 101 Switching Protocols\r\n");
        connect(&flood, &QTimer::timeout, peer, [&, peer] {
            if (peer->bytesToWrite() > 1'000'000)
                return;
            peer->sendRaw(piece);
            sent += piece.size();
        });
        flood.start(0);
        m_server->onRequest = nullptr;
    };
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QVERIFY(join());
    flood.stop();
    QCOMPARE(errors.size(), 1);
    QVERIFY(errors.first().first().value<DispatchError>().isRetryable());
    QVERIFY2(sent < 50'000'000, qPrintable(QString::number(sent)));
}

void tst_HostileServer::answerToInfoIsBounded_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("why");
    const QByteArray list = R"([{"shardName":"s","numConnectedClients":1}])";
    QTest::newRow("a short one") << QByteArray() << list << QString();
    QTest::newRow("a long one") << QByteArray() << list + QByteArray(1'000, ' ')
                                << u"maxMessageSize"_s;
    // "[]", as gzip has it: nobody has asked for that.
    QTest::newRow("a compressed one")
        << "Content-Encoding: gzip\r\n"_ba
        << QByteArray::fromHex("1f8b08000000000002038b8e050029bb4c0d02000000") << u"no list"_s;
}

void tst_HostileServer::answerToInfoIsBounded()
{
    QFETCH(QByteArray, headers);
    QFETCH(QByteArray, body);
    QFETCH(QString, why);
    m_client->setIncomingLimits({.maxMessageSize = 1'000});
    m_server->onRequest = [&](FakePeer *peer) { peer->answerHttp(200, headers, body); };
    const auto answer = m_client->info();
    QTRY_VERIFY(answer.isFinished());
    QString message;
    try {
        QCOMPARE(answer.result().size(), 1);
    } catch (const DispatchError &error) {
        QCOMPARE(error.code(), DispatchError::ProtocolError);
        message = error.message();
    }
    QCOMPARE(message.isEmpty(), why.isEmpty());
    QVERIFY2(message.contains(why), qPrintable(message));
}

void tst_HostileServer::answerToInfoThatTricklesIsGivenUp()
{
    QTimer trickle;
    m_server->onRequest = [&](FakePeer *peer) {
        peer->sendRaw("HTTP/1.1 200 OK\r\n\r\n");
        connect(&trickle, &QTimer::timeout, peer, [peer] { peer->sendRaw(" "); });
        trickle.start(10);
    };
    m_client->setAttemptTimeout(200);
    const auto answer = m_client->info();
    QTRY_VERIFY(answer.isFinished());
    QCOMPARE(errorOf(answer), DispatchError::Timeout);
}

QTEST_GUILESS_MAIN(tst_HostileServer)
#include "tst_hostileserver.moc"
