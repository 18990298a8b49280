// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedpeer.h"
#include "peer.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Emits that are numbered: none is dealt with twice, and each one's fate is told.
class tst_Emits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_server.reset(); }

    void acknowledgedAtOnceIfWished();
    void oneAcknowledgementATurnIsEnough();
    void acknowledgedAfterMany();
    void acknowledgedAfterAWhile();
    void whatWentToRecipientsHasNoNumber();
    void repeatedOnesAreAcknowledgedButNotDelivered();
    void aGapEndsTheConnection();
    void unnumberedOnesAreDelivered();
    void platformEventsAreNotNumbered();
    void refusalsSayWhatIsRefused_data();
    void refusalsSayWhatIsRefused();
    void eachOneThatComesTooSoonIsRefused();
    void tooManyForTheProjectAreRefused();
    void requestsAndRepliesArePassedOn();
    void baseClientsNumberNothing();

private:
    QUrl url() const { return m_server->url(); }
    void configure(const std::function<void(DispatchServerSettings &)> &change);

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

const QJsonObject WithAck{{u"ack"_s, true}};

} // namespace

void tst_Emits::init()
{
    m_server = std::make_unique<DispatchServer>();
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Emits::configure(const std::function<void(DispatchServerSettings &)> &change)
{
    DispatchServerSettings settings = m_server->settings();
    change(settings);
    m_server->setSettings(settings);
}

void tst_Emits::acknowledgedAtOnceIfWished()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitNumbered(u"e"_s, 1);
    ann.emitNumbered(u"e"_s, 2, WithAck);
    QVERIFY(ann.waitForAck(2));
    QCOMPARE(ann.ack(), (QJsonObject{{u"emit"_s, 2}, {u"seq"_s, 2}}));
    // It comes behind what it acknowledges.
    QCOMPARE(ann.count(u"e"_s), 2);
}

void tst_Emits::oneAcknowledgementATurnIsEnough()
{
    constexpr int Count = 200;
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    for (int i = 0; i < Count; ++i)
        ann.emitNumbered(u"e"_s, i, WithAck);
    QVERIFY(ann.waitForAck(Count));
    QCOMPARE(ann.count(u"e"_s), Count);
    QVERIFY2(ann.count(Ack) < Count / 2, qPrintable(QString::number(ann.count(Ack))));
}

void tst_Emits::acknowledgedAfterMany()
{
    configure([](DispatchServerSettings &settings) { settings.heartbeatTimeout = 60'000; });
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    for (int i = 0; i < 64; ++i)
        ann.emitNumbered(u"e"_s, i);
    QVERIFY(ann.waitForAck(64));
}

void tst_Emits::acknowledgedAfterAWhile()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitNumbered(u"e"_s);
    QVERIFY(ann.waitForAck(1));
    QCOMPARE(ann.ack()["seq"_L1].toInt(), 1);
}

void tst_Emits::whatWentToRecipientsHasNoNumber()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitNumbered(u"e"_s, 1, {{u"recipients"_s, QJsonArray{ann.clientId()}}, {u"ack"_s, true}});
    QVERIFY(ann.waitForAck(1));
    QCOMPARE(ann.ack(), (QJsonObject{{u"emit"_s, 1}}));
    QCOMPARE(ann.count(u"e"_s), 1);
}

void tst_Emits::repeatedOnesAreAcknowledgedButNotDelivered()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitNumbered(u"e"_s, 1, WithAck);
    ann.emitNumbered(u"e"_s, 2, WithAck);
    QVERIFY(ann.waitForAck(2));
    ann.forget();
    ann.sendNumbered(1, u"e"_s, 1);
    QVERIFY(ann.waitForAck(2));
    QCOMPARE(ann.ack(), (QJsonObject{{u"emit"_s, 2}, {u"seq"_s, 2}}));
    ann.emitNumbered(u"e"_s, 3, WithAck);
    QVERIFY(ann.waitForAck(3));
    QCOMPARE(ann.count(u"e"_s), 1);
    QCOMPARE(ann.messages(u"e"_s).first()["seq"_L1].toInt(), 3);
}

void tst_Emits::aGapEndsTheConnection()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitNumbered(u"e"_s);
    ann.sendNumbered(3, u"e"_s);
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4010);
    const QJsonObject error = ann.messages(Error).last()["payload"_L1].toObject();
    QCOMPARE(error["code"_L1].toString(), u"emit_gap"_s);
    QVERIFY(error["message"_L1].toString().contains(u"2 was expected, 3 came"_s));
    QCOMPARE(ann.count(u"e"_s), 1);
}

void tst_Emits::unnumberedOnesAreDelivered()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"e"_s, 1);
    ann.emitNumbered(u"e"_s, 2);
    ann.emitEvent(u"e"_s, 3, WithAck);
    ann.emitNumbered(u"e"_s, 4, WithAck);
    QVERIFY(ann.waitForAck(2));
    QCOMPARE(ann.count(u"e"_s), 4);
    QCOMPARE(ann.ack()["seq"_L1].toInt(), 4);
}

void tst_Emits::platformEventsAreNotNumbered()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}}, {{u"emit"_s, 1}});
    ann.emitEvent(Identify, QJsonObject{{u"token"_s, u"x"_s}}, {{u"emit"_s, 7}});
    ann.emitNumbered(u"e"_s, 1, WithAck);
    QVERIFY(ann.waitForAck(1));
    QCOMPARE(ann.count(u"e"_s), 1);
    QVERIFY(ann.waitForError(u"no_token_key"_s));
    QVERIFY(!ann.messages(Error).last()["payload"_L1].toObject().contains("emit"_L1));
}

void tst_Emits::refusalsSayWhatIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("code");
    QTest::newRow("a reserved name")
        << u"{\"emit\":1,\"eventName\":\"@@x\"}"_s << u"reserved_event"_s;
    QTest::newRow("bad recipients")
        << u"{\"emit\":1,\"eventName\":\"e\",\"recipients\":1}"_s << u"bad_recipients"_s;
    QTest::newRow("broken JSON") << u"{\"emit\":1,\"eventName\":\"e\",\"payload\":[}"_s
                                 << u"bad_message"_s;
    QTest::newRow("deep JSON") << u"{\"emit\":1,\"eventName\":\"e\",\"payload\":%1%2}"_s.arg(
        QString(80, u'['), QString(80, u']'))
                               << u"too_deep"_s;
}

void tst_Emits::refusalsSayWhatIsRefused()
{
    QFETCH(QString, text);
    QFETCH(QString, code);
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    ann.sendText(text);
    QVERIFY(ann.waitForError(code));
    QCOMPARE(ann.messages(Error).last()["payload"_L1]["emit"_L1].toInt(), 1);
    // It was dealt with.
    ann.sendNumbered(2, u"e"_s, {}, WithAck);
    QVERIFY(ann.waitForAck(2));
    QCOMPARE(ann.count(u"e"_s), 1);
}

void tst_Emits::eachOneThatComesTooSoonIsRefused()
{
    configure([](DispatchServerSettings &settings) {
        settings.messagesPerSecond = 1;
        settings.messageBurst = 3;
    });
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    constexpr int Count = 20;
    for (int i = 1; i <= Count; ++i)
        ann.emitNumbered(u"e"_s, i, WithAck);
    QVERIFY(ann.waitForAck(Count));
    QSet<qint64> refused;
    for (const QJsonObject &error : ann.messages(Error)) {
        const QJsonObject payload = error["payload"_L1].toObject();
        QCOMPARE(payload["code"_L1].toString(), u"rate_limited"_s);
        QVERIFY(payload["retryAfterMs"_L1].toInt() > 0);
        refused.insert(payload["emit"_L1].toInteger());
    }
    QSet<qint64> delivered;
    for (const QJsonObject &event : ann.messages(u"e"_s))
        delivered.insert(event["payload"_L1].toInteger());
    QVERIFY(delivered.size() >= 3);
    QVERIFY(!refused.intersects(delivered));
    QCOMPARE(refused.size() + delivered.size(), Count);
}

void tst_Emits::tooManyForTheProjectAreRefused()
{
    configure([](DispatchServerSettings &settings) { settings.maxFanOutPerSecond = 2; });
    ExtendedPeer ann;
    QVERIFY(ann.join(url()));
    for (int i = 0; i < 5; ++i)
        ann.emitNumbered(u"e"_s, i, WithAck);
    QVERIFY(ann.waitForAck(5));
    QVERIFY(ann.waitForError(u"fan_out_limited"_s));
    QCOMPARE(ann.count(u"e"_s) + ann.count(Error), 5);
    QCOMPARE(ann.messages(Error).last()["payload"_L1]["emit"_L1].toInt(), 5);
}

void tst_Emits::requestsAndRepliesArePassedOn()
{
    ExtendedPeer ann;
    ExtendedPeer ben;
    QVERIFY(ann.join(url(), u"shardName=a"_s));
    QVERIFY(ben.join(url(), u"shardName=b"_s));
    ann.emitNumbered(u"time?"_s, {},
                     {{u"request"_s, u"r1"_s}, {u"recipients"_s, QJsonArray{ben.clientId()}}});
    QVERIFY(ben.waitFor(u"time?"_s));
    const QJsonObject request = ben.messages(u"time?"_s).first();
    QCOMPARE(request["request"_L1].toString(), u"r1"_s);
    QVERIFY(!request.contains("reply"_L1));
    ben.emitNumbered(
        u"time?"_s, 12,
        {{u"reply"_s, request["request"_L1]}, {u"recipients"_s, QJsonArray{request["from"_L1]}}});
    QVERIFY(ann.waitFor(u"time?"_s));
    const QJsonObject reply = ann.messages(u"time?"_s).first();
    QCOMPARE(reply["reply"_L1].toString(), u"r1"_s);
    QCOMPARE(reply["from"_L1].toString(), ben.clientId());
    QCOMPARE(reply["payload"_L1].toInt(), 12);
    // To all of a shard, too.
    ann.emitNumbered(u"who?"_s, {}, {{u"request"_s, u"r2"_s}});
    QVERIFY(ann.waitFor(u"who?"_s));
    QCOMPARE(ann.messages(u"who?"_s).first()["request"_L1].toString(), u"r2"_s);
}

void tst_Emits::baseClientsNumberNothing()
{
    Peer ben;
    QVERIFY(ben.join(url()));
    ben.sendText(u"{\"emit\":\"x\",\"ack\":7,\"eventName\":\"e\"}"_s);
    ben.sendText(u"{\"emit\":9,\"ack\":true,\"request\":7,\"eventName\":\"e\"}"_s);
    QVERIFY(ben.waitFor(u"e"_s, 2));
    QCOMPARE(ben.count(Error), 0);
    QCOMPARE(ben.count(Ack), 0);
}

QTEST_GUILESS_MAIN(tst_Emits)
#include "tst_emits.moc"
