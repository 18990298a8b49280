// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "overtls.h"
#include "peer.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Qt::StringLiterals;

/// What clients of the base profile say to each other through the server.
class tst_Conversation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void greetingComesFirstThenPresence();
    void everyoneHearsOfANewcomer();
    void everyoneHearsOfALeaver();
    void emitterGetsItsOwnEvent();
    void missingPayloadArrivesAsEmptyObject();
    void payloadBytesPassUnchanged_data();
    void payloadBytesPassUnchanged();
    void nullRecipientsMeanTheShard();
    void noRecipientsReachNobody();
    void recipientsReachOnlyThoseNamed();
    void emitterGetsWhatItSendsToItself();
    void recipientsReachAcrossShards_data();
    void recipientsReachAcrossShards();
    void recipientsNeverReachAcrossProjects();
    void shardEventsStayInTheirShard();
    void tooManyRecipientsAreRefused();
    void repeatedRecipientsCountOnce();
    void userInfoIsReplacedAndShown();
    void sameUserInfoIsNotAnnouncedAgain();
    void serverKeysAreNotOverridden();
    void tooBigUserInfoIsRefused();
    void reservedEventsAreRefused_data();
    void reservedEventsAreRefused();
    void badMessagesAreAnsweredAndForgiven_data();
    void badMessagesAreAnsweredAndForgiven();
    void tenBadMessagesEndTheConnection();
    void latencyIsMeasured();
    void membersSeeOneOrder();

private:
    QUrl url() const { return m_server->url(); }
    void restart(const DispatchServerSettings &settings);

    std::unique_ptr<DispatchServer> m_server;
};

void tst_Conversation::init()
{
    restart({});
}

void tst_Conversation::cleanup()
{
    m_server.reset();
}

void tst_Conversation::restart(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    prepare(*m_server);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Conversation::greetingComesFirstThenPresence()
{
    Peer peer;
    QVERIFY(peer.join(url(), u"projectId=p&shardName=r%C3%B6om%201"_s));
    QVERIFY(peer.waitForClients(1));
    QCOMPARE(peer.all().at(0).eventName, Connected);
    QCOMPARE(peer.all().at(1).eventName, ClientsChanged);
    QCOMPARE(peer.shardName(), u"r\u00f6om 1"_s);
    const QUuid id(peer.clientId());
    QCOMPARE(id.version(), QUuid::Random);
    QCOMPARE(peer.clientId(), id.toString(QUuid::WithoutBraces));
    const double lastPing = peer.clients()[peer.clientId()]["lastPing"_L1].toDouble();
    QVERIFY(qAbs(lastPing - static_cast<double>(QDateTime::currentMSecsSinceEpoch())) < 10'000);
}

void tst_Conversation::everyoneHearsOfANewcomer()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    QVERIFY(ann.waitForClients(2));
    QVERIFY(ben.waitForClients(2));
    QCOMPARE(ann.shardName(), ben.shardName());
    QCOMPARE(ann.clients().keys(), ben.clients().keys());
    QVERIFY(ann.clients().contains(ann.clientId()));
    QVERIFY(ann.clients().contains(ben.clientId()));
}

void tst_Conversation::everyoneHearsOfALeaver()
{
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    QVERIFY(ann.waitForClients(2));
    ben.close();
    QVERIFY(ann.waitForClients(1));
    QTRY_COMPARE(left.size(), 1);
    QCOMPARE(left.first().at(2).toString(), ben.clientId());
    QCOMPARE(left.first().at(3).toString(), u"closed"_s);
}

void tst_Conversation::emitterGetsItsOwnEvent()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    ann.emitEvent(u"hello"_s, QJsonObject{{u"n"_s, 1}});
    QVERIFY(ann.waitFor(u"hello"_s));
    QVERIFY(ben.waitFor(u"hello"_s));
    QCOMPARE(ann.messages(u"hello"_s).first().payload["n"_L1].toInt(), 1);
    QCOMPARE(ben.messages(u"hello"_s).first().text, ann.messages(u"hello"_s).first().text);
}

void tst_Conversation::missingPayloadArrivesAsEmptyObject()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"new_tap"_s);
    QVERIFY(ann.waitFor(u"new_tap"_s));
    QCOMPARE(ann.messages(u"new_tap"_s).first().payload, QJsonValue(QJsonObject()));
}

void tst_Conversation::payloadBytesPassUnchanged_data()
{
    QTest::addColumn<QString>("payload");
    QTest::newRow("a float that is whole") << u"1.0"_s;
    QTest::newRow("minus zero") << u"-0"_s;
    QTest::newRow("a big integer") << u"[12345678901234567890123,1e999]"_s;
    QTest::newRow("the order of keys") << u"{\"b\":1,\"a\":2}"_s;
    QTest::newRow("a key that comes twice") << u"{\"a\":1,\"a\":2}"_s;
    QTest::newRow("half a surrogate pair") << u"\"\\ud800\""_s;
    QTest::newRow("spaces inside") << u"{ \"a\" : [ 1 , 2 ] }"_s;
    QTest::newRow("escapes") << u"\"\\u00e4\\/\\n\""_s;
    QTest::newRow("null") << u"null"_s;
    QTest::newRow("text beyond the BMP") << u"\"\U0001F600\u00e4\u4e2d\""_s;
}

void tst_Conversation::payloadBytesPassUnchanged()
{
    QFETCH(QString, payload);
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.sendText(u"{\"eventName\":\"x\",\"payload\":"_s + payload + u"}"_s);
    // Not every payload is one that QJsonDocument can read.
    QTRY_VERIFY(ann.all().last().text.contains("\"x\""_L1));
    QVERIFY2(ann.all().last().text.contains(u"\"payload\":"_s + payload + u","_s)
                 || ann.all().last().text.contains(u"\"payload\":"_s + payload + u"}"_s),
             qPrintable(ann.all().last().text));
}

void tst_Conversation::nullRecipientsMeanTheShard()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"x"_s, 1, QJsonValue::Null);
    QVERIFY(ann.waitFor(u"x"_s));
}

void tst_Conversation::noRecipientsReachNobody()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"nobody"_s, 1, QJsonArray());
    ann.emitEvent(u"end"_s);
    QVERIFY(ann.waitFor(u"end"_s));
    QCOMPARE(ann.count(u"nobody"_s), 0);
}

void tst_Conversation::recipientsReachOnlyThoseNamed()
{
    Peer ann;
    Peer ben;
    Peer cem;
    for (Peer *peer : {&ann, &ben, &cem})
        QVERIFY(peer->join(url()));
    ann.emitEvent(u"secret"_s, 1, QJsonArray{ben.clientId(), u"unknown"_s});
    ann.emitEvent(u"end"_s);
    for (Peer *peer : {&ann, &ben, &cem})
        QVERIFY(peer->waitFor(u"end"_s));
    QCOMPARE(ann.count(u"secret"_s), 0);
    QCOMPARE(ben.count(u"secret"_s), 1);
    QCOMPARE(cem.count(u"secret"_s), 0);
    // In the order of the emitter. A list of clients may come at any time.
    QStringList names;
    for (const Peer::Message &message : ben.all())
        names.append(message.eventName);
    QVERIFY(names.indexOf(u"secret"_s) < names.indexOf(u"end"_s));
}

void tst_Conversation::emitterGetsWhatItSendsToItself()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"note"_s, 1, QJsonArray{ann.clientId()});
    QVERIFY(ann.waitFor(u"note"_s));
}

void tst_Conversation::recipientsReachAcrossShards_data()
{
    QTest::addColumn<int>("threads");
    QTest::newRow("on one thread") << 1;
    QTest::newRow("on another thread") << 4;
}

void tst_Conversation::recipientsReachAcrossShards()
{
    QFETCH(int, threads);
    DispatchServerSettings settings;
    settings.threads = threads;
    restart(settings);
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url(), u"projectId=p&shardName=a"_s));
    QVERIFY(ben.join(url(), u"projectId=p&shardName=b"_s));
    for (int i = 0; i < 20; ++i)
        ann.emitEvent(u"far"_s, i, QJsonArray{ben.clientId()});
    QVERIFY(ben.waitFor(u"far"_s, 20));
    for (int i = 0; i < 20; ++i)
        QCOMPARE(ben.messages(u"far"_s).at(i).payload.toInt(), i);
}

void tst_Conversation::recipientsNeverReachAcrossProjects()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url(), u"projectId=p&shardName=a"_s));
    QVERIFY(ben.join(url(), u"projectId=q&shardName=a"_s));
    ann.emitEvent(u"far"_s, 1, QJsonArray{ben.clientId()});
    ann.emitEvent(u"end"_s);
    QVERIFY(ann.waitFor(u"end"_s));
    ben.emitEvent(u"end"_s);
    QVERIFY(ben.waitFor(u"end"_s));
    QCOMPARE(ben.count(u"far"_s), 0);
    QCOMPARE(ben.count(u"end"_s), 1);
}

void tst_Conversation::shardEventsStayInTheirShard()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url(), u"projectId=p&shardName=a"_s));
    QVERIFY(ben.join(url(), u"projectId=p&shardName=b"_s));
    ann.emitEvent(u"x"_s);
    QVERIFY(ann.waitFor(u"x"_s));
    ben.emitEvent(u"end"_s);
    QVERIFY(ben.waitFor(u"end"_s));
    QCOMPARE(ben.count(u"x"_s), 0);
    QCOMPARE(ben.clients().size(), 1);
}

void tst_Conversation::tooManyRecipientsAreRefused()
{
    DispatchServerSettings settings;
    settings.maxRecipients = 3;
    restart(settings);
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"x"_s, 1, QJsonArray{ann.clientId(), u"a"_s, u"b"_s});
    QVERIFY(ann.waitFor(u"x"_s));
    ann.emitEvent(u"x"_s, 1, QJsonArray{ann.clientId(), u"a"_s, u"b"_s, u"c"_s});
    QVERIFY(ann.waitForError(u"too_many_recipients"_s));
    QCOMPARE(ann.count(u"x"_s), 1);
}

void tst_Conversation::repeatedRecipientsCountOnce()
{
    DispatchServerSettings settings;
    settings.maxRecipients = 1;
    restart(settings);
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(u"x"_s, 1, QJsonArray{ann.clientId(), ann.clientId(), ann.clientId()});
    ann.emitEvent(u"end"_s);
    QVERIFY(ann.waitFor(u"end"_s));
    QCOMPARE(ann.count(u"x"_s), 1);
}

void tst_Conversation::userInfoIsReplacedAndShown()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann"_s}, {u"old"_s, 1}});
    QTRY_COMPARE(ben.clients()[ann.clientId()]["name"_L1].toString(), u"Ann"_s);
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Anna"_s}});
    QTRY_COMPARE(ben.clients()[ann.clientId()]["name"_L1].toString(), u"Anna"_s);
    QTRY_COMPARE(ann.clients()[ann.clientId()]["name"_L1].toString(), u"Anna"_s);
    QVERIFY(ben.clients()[ann.clientId()]["old"_L1].isUndefined());
    QCOMPARE(ben.count(SetUserInfo), 0);
}

void tst_Conversation::sameUserInfoIsNotAnnouncedAgain()
{
    DispatchServerSettings settings;
    settings.presenceInterval = 0;
    restart(settings);
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"a"_s, 1}});
    QTRY_COMPARE(ann.count(ClientsChanged), 2);
    ann.emitEvent(SetUserInfo, QJsonObject{{u"a"_s, 1}});
    ann.emitEvent(SetUserInfo, QJsonObject{{u"a"_s, 2}});
    QTRY_COMPARE(ann.clients()[ann.clientId()]["a"_L1].toInt(), 2);
    QCOMPARE(ann.count(ClientsChanged), 3);
}

void tst_Conversation::serverKeysAreNotOverridden()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.sendText(
        u"{\"eventName\":\""_s + SetUserInfo
        + u"\",\"payload\":{\"lastPing\":1,\"clientId\":\"x\",\"user\\u0049d\":\"boss\",\"a\":1}}"_s);
    QTRY_COMPARE(ann.clients()[ann.clientId()]["a"_L1].toInt(), 1);
    const QJsonObject own = ann.clients()[ann.clientId()].toObject();
    QVERIFY(own["lastPing"_L1].toDouble() > 1'000'000);
    QVERIFY(!own.contains("userId"_L1));
    QVERIFY(!own.contains("clientId"_L1));
}

void tst_Conversation::tooBigUserInfoIsRefused()
{
    DispatchServerSettings settings;
    settings.maxUserInfoBytes = 20;
    restart(settings);
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.sendText(u"{\"eventName\":\""_s + SetUserInfo
                 + u"\",\"payload\":{\"a\":\"12345678901234\"}}"_s);
    QVERIFY(ann.waitForError(u"user_info_too_big"_s));
    ann.sendText(u"{\"eventName\":\""_s + SetUserInfo
                 + u"\",\"payload\":{\"a\":\"123456789012\"}}"_s);
    QTRY_COMPARE(ann.clients()[ann.clientId()]["a"_L1].toString(), u"123456789012"_s);
}

void tst_Conversation::reservedEventsAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("CONNECTED") << Connected;
    QTest::newRow("any other") << u"@@x"_s;
    QTest::newRow("behind a space") << u" @@x"_s;
    QTest::newRow("other at signs") << u"\uff20\uff20x"_s;
    QTest::newRow("lower case") << u"@@koji_dispatch/connected"_s;
}

void tst_Conversation::reservedEventsAreRefused()
{
    QFETCH(QString, name);
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(url()));
    QVERIFY(ben.join(url()));
    ann.emitEvent(name, QJsonObject{{u"clientId"_s, u"x"_s}});
    QVERIFY(ann.waitForError(u"reserved_event"_s));
    ann.emitEvent(u"end"_s);
    QVERIFY(ben.waitFor(u"end"_s));
    QCOMPARE(ben.count(name), name == Connected ? 1 : 0);
    QCOMPARE(m_server->statistics().refusedMessages, 1);
}

void tst_Conversation::badMessagesAreAnsweredAndForgiven_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("code");
    QTest::newRow("empty") << QString() << u"bad_message"_s;
    QTest::newRow("no JSON") << u"hello"_s << u"bad_message"_s;
    QTest::newRow("no object") << u"[1]"_s << u"bad_message"_s;
    QTest::newRow("half of it") << u"{\"eventName\":\"x\",\"payload\":[1"_s << u"bad_message"_s;
    QTest::newRow("broken payload")
        << u"{\"eventName\":\"x\",\"payload\":01}"_s << u"bad_message"_s;
    QTest::newRow("no name") << u"{}"_s << u"bad_message"_s;
    QTest::newRow("an empty name") << u"{\"eventName\":\"\"}"_s << u"bad_event_name"_s;
    QTest::newRow("recipients of another type")
        << u"{\"eventName\":\"x\",\"recipients\":[1]}"_s << u"bad_recipients"_s;
    QTest::newRow("too deep") << u"{\"eventName\":\"x\",\"payload\":"_s + QString(65, u'[')
            + QString(65, u']')
            + u"}"_s << u"too_deep"_s;
    QTest::newRow("user info that is no object")
        << u"{\"eventName\":\"@@KOJI_DISPATCH/SET_USER_INFO\",\"payload\":1}"_s
        << u"bad_user_info"_s;
    QTest::newRow("a token without a verifier")
        << u"{\"eventName\":\"@@KOJI_DISPATCH/IDENTIFY\",\"payload\":{\"token\":\"x\"}}"_s
        << u"no_token_key"_s;
}

void tst_Conversation::badMessagesAreAnsweredAndForgiven()
{
    QFETCH(QString, text);
    QFETCH(QString, code);
    Peer ann;
    QVERIFY(ann.join(url()));
    ann.sendText(text);
    QVERIFY(ann.waitForError(code));
    QCOMPARE(ann.messages(Error).first().payload["closing"_L1], QJsonValue(false));
    ann.emitEvent(u"x"_s);
    QVERIFY(ann.waitFor(u"x"_s));
}

void tst_Conversation::tenBadMessagesEndTheConnection()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    for (int i = 0; i < 9; ++i)
        ann.sendText(u"?"_s);
    ann.emitEvent(u"still here"_s);
    QVERIFY(ann.waitFor(u"still here"_s));
    ann.sendText(u"?"_s);
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1008);
    QCOMPARE(ann.messages(Error).last().payload["code"_L1].toString(), u"too_many_errors"_s);
}

void tst_Conversation::latencyIsMeasured()
{
    Peer ann;
    QVERIFY(ann.join(url()));
    QVERIFY(ann.waitForClients(1));
    // Once the first ping is answered the way to the client counts.
    const auto latency = [&ann] {
        ann.emitEvent(u"x"_s);
        const int before = ann.count(u"x"_s);
        return ann.waitFor(u"x"_s, before + 1) ? ann.messages(u"x"_s).last().latencyMs : -1;
    };
    QTRY_VERIFY(latency() > 0);
    QVERIFY(latency() < 5'000);
}

void tst_Conversation::membersSeeOneOrder()
{
    std::array<Peer, 4> peers;
    for (Peer &peer : peers)
        QVERIFY(peer.join(url()));
    constexpr int Each = 50;
    for (int i = 0; i < Each; ++i) {
        for (std::size_t p = 0; p < peers.size(); ++p) {
            peers[p].emitEvent(u"n"_s, QJsonArray{static_cast<int>(p), i});
            if (i % 10 == 0)
                peers[p].emitEvent(SetUserInfo, QJsonObject{{u"i"_s, i}});
        }
        QCoreApplication::processEvents();
    }
    for (Peer &peer : peers)
        QVERIFY(peer.waitFor(u"n"_s, Each * static_cast<int>(peers.size())));
    const auto order = [](const Peer &peer) {
        QList<QJsonValue> payloads;
        for (const Peer::Message &message : peer.messages(u"n"_s))
            payloads.append(message.payload);
        return payloads;
    };
    for (const Peer &peer : peers)
        QCOMPARE(order(peer), order(peers.front()));
    // And each emitter's own order is kept.
    std::array<int, 4> next{};
    for (const QJsonValue &payload : order(peers.front()))
        QCOMPARE(payload[1].toInt(), next[static_cast<std::size_t>(payload[0].toInt())]++);
}

QTEST_GUILESS_MAIN(tst_Conversation)
#include "tst_conversation.moc"
