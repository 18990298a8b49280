// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "rawpeer.h"
#include "token.h"

#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

/// What one client may do at most: as much, one less, and one more; and that its neighbour in the
/// shard notices nothing.
class tst_Limits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void limitHolds_data();
    void limitHolds();
    void rateHolds_data();
    void rateHolds();
    void rateOfZeroIsNoLimit();
    void droppedMessagesAreCounted();
    void floodEndsTheConnection();
    void fanOutOfAProjectIsLimited();
    void badLengthEndsTheConnection();
    void messageMustArriveInTime();
    void onlyTheLatestPingIsAnswered();
    void reservedEventsEndTheConnection();
    void connectionsOfAUserAreLimited();
    void longPresenceListIsTruncated();
    void limitsAreToldAndFollowTheSettings();

private:
    void serve(const DispatchServerSettings &settings);
    bool isUnharmed(Peer &neighbour);
    qint64 refused(const QString &code) const
    {
        return m_server->statistics().refusals[code].toLongLong();
    }

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

constexpr int Stays = 0;
const QString None;

QByteArray message(const QByteArray &name, const QByteArray &payload)
{
    return "{\"eventName\":\"" + name + "\",\"payload\":" + payload + "}";
}

QByteArray text(const QByteArray &name, const QByteArray &payload = "1")
{
    return RawPeer::frame(RawPeer::Text, message(name, payload));
}

QByteArray userInfo(const QByteArray &payload)
{
    return text(SetUserInfo.toUtf8(), payload);
}

QByteArray fragments(int count)
{
    const QByteArray whole = message("x", "1");
    return RawPeer::frame(RawPeer::Text, whole.left(5), false)
        + RawPeer::frame(RawPeer::Continuation, {}, false).repeated(count - 2)
        + RawPeer::frame(RawPeer::Continuation, whole.mid(5));
}

QByteArray recipients(int count)
{
    QByteArray list;
    for (int i = 0; i < count; ++i)
        list += "\"r" + QByteArray::number(i) + "\",";
    return RawPeer::frame(RawPeer::Text,
                          "{\"eventName\":\"x\",\"recipients\":[" + list.chopped(1) + "]}");
}

QByteArray nested(int levels)
{
    return QByteArray(levels, '[') + QByteArray(levels, ']');
}

QString tokenFor(const QString &user, const QByteArray &secret)
{
    return QString::fromLatin1(Token::make(
        {{u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60}, {u"aud"_s, u"p"_s}, {u"sub"_s, user}},
        secret));
}

} // namespace

void tst_Limits::serve(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

bool tst_Limits::isUnharmed(Peer &neighbour)
{
    const int before = neighbour.count(u"neighbour"_s);
    neighbour.emitEvent(u"neighbour"_s);
    return neighbour.waitFor(u"neighbour"_s, before + 1) && neighbour.count(Error) == 0;
}

void tst_Limits::limitHolds_data()
{
    QTest::addColumn<DispatchServerSettings>("settings");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("closeCode");

    // Below the limit, at it, and above.
    const auto add = [](const char *name, const DispatchServerSettings &settings, int limit,
                        const std::function<QByteArray(int)> &make, const QString &code,
                        int closeCode) {
        QTest::addRow("%s, one less", name) << settings << make(limit - 1) << None << Stays;
        QTest::addRow("%s, as many", name) << settings << make(limit) << None << Stays;
        QTest::addRow("%s, one more", name) << settings << make(limit + 1) << code << closeCode;
    };
    DispatchServerSettings settings;
    add("fragments", settings, 4'096, fragments, u"too_many_fragments"_s, 1008);
    settings.maxFragments = 16;
    add("fragments as set", settings, 16, fragments, u"too_many_fragments"_s, 1008);
    const auto pings = [](int n) { return RawPeer::frame(RawPeer::Ping, "p").repeated(n); };
    add("pings", {}, 100, pings, u"too_many_control_frames"_s, 1008);
    const auto pongs = [](int n) { return RawPeer::frame(RawPeer::Pong, {}).repeated(n); };
    settings = {};
    settings.controlFramesPerSecond = 1;
    settings.controlFrameBurst = 7;
    add("pongs as set", settings, 7, pongs, u"too_many_control_frames"_s, 1008);
    const auto values = [](int n) {
        return text("x", "[" + QByteArray("1,").repeated(n - 6) + "1]");
    };
    add("keys and values", {}, 20'000, values, u"too_complex"_s, Stays);
    settings = {};
    settings.maxJsonTokens = 50;
    add("keys and values as set", settings, 50, values, u"too_complex"_s, Stays);
    add("recipients", {}, 100, recipients, u"too_many_recipients"_s, Stays);
    const auto recipient = [](int n) {
        return RawPeer::frame(
            RawPeer::Text, "{\"eventName\":\"x\",\"recipients\":[\"" + QByteArray(n, 'r') + "\"]}");
    };
    add("bytes of a recipient", {}, 255, recipient, u"bad_recipients"_s, Stays);
    const auto name = [](int n) { return text(QByteArray(n, 'n')); };
    add("bytes of a name", {}, 255, name, u"bad_event_name"_s, Stays);
    const auto deep = [](int n) { return text("x", nested(n - 1)); };
    add("levels", {}, 64, deep, u"too_deep"_s, Stays);
    const auto info = [](int n) { return userInfo("{\"a\":\"" + QByteArray(n - 8, 'x') + "\"}"); };
    add("bytes of user info", {}, 4'096, info, u"user_info_too_big"_s, Stays);
    const auto deepInfo = [](int n) { return userInfo("{\"a\":" + nested(n - 1) + "}"); };
    add("levels of user info", {}, 16, deepInfo, u"bad_user_info"_s, Stays);
    settings = {};
    settings.maxMessageBytes = 1'000;
    const auto bytes = [](int n) {
        const qsizetype rest = message("x", "\"\"").size();
        return text("x", '"' + QByteArray(n - rest, 'x') + '"');
    };
    add("bytes of a message", settings, 1'000, bytes, u"message_too_big"_s, 1009);
    add("code units of a message", {}, 128'000, bytes, u"message_too_big"_s, 1009);
}

void tst_Limits::limitHolds()
{
    QFETCH(DispatchServerSettings, settings);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, code);
    QFETCH(int, closeCode);
    serve(settings);
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer raw(m_server->port());
    QVERIFY(raw.join("/"));
    raw.send(bytes);
    if (closeCode == Stays)
        raw.send(text("end"));
    if (code.isEmpty()) {
        QVERIFY(raw.waitForText("\"end\""));
        QVERIFY(!raw.hasText("@@KOJI_DISPATCH/ERROR"));
    } else {
        QVERIFY(raw.waitForText("\"code\":\"" + code.toLatin1() + '"'));
        QCOMPARE(refused(code), 1);
    }
    if (closeCode != Stays)
        QTRY_COMPARE(raw.closeCode(), closeCode);
    else
        QVERIFY(raw.waitForText("\"end\""));
    QVERIFY(isUnharmed(neighbour));
}

void tst_Limits::rateHolds_data()
{
    QTest::addColumn<DispatchServerSettings>("settings");
    QTest::addColumn<QByteArrayList>("messages");
    QTest::addColumn<int>("passing");
    const QByteArray one = message("x", "1");
    const auto repeated = [](const QByteArray &text, int times) {
        QByteArrayList list;
        list.fill(text, times);
        return list;
    };
    QTest::newRow("messages, one less")
        << DispatchServerSettings() << repeated(one, 4'999) << 4'999;
    QTest::newRow("messages, as many") << DispatchServerSettings() << repeated(one, 5'000) << 5'000;
    DispatchServerSettings slow;
    slow.messagesPerSecond = 1;
    slow.messageBurst = 20;
    QTest::newRow("messages as set, one less") << slow << repeated(one, 19) << 19;
    QTest::newRow("messages as set, as many") << slow << repeated(one, 20) << 20;
    QTest::newRow("messages as set, one more") << slow << repeated(one, 21) << 20;
    DispatchServerSettings narrow;
    narrow.bytesPerSecond = 1;
    narrow.byteBurst = int(10 * one.size());
    const auto and9 = [&](const QByteArray &last) { return repeated(one, 9) << last; };
    QTest::newRow("bytes as set, one less") << narrow << and9(message("x", "")) << 9;
    QTest::newRow("bytes as set, as many") << narrow << and9(one) << 10;
    QTest::newRow("bytes as set, one more") << narrow << and9(message("x", "10")) << 9;
}

void tst_Limits::rateHolds()
{
    QFETCH(DispatchServerSettings, settings);
    QFETCH(QByteArrayList, messages);
    QFETCH(int, passing);
    serve(settings);
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer raw(m_server->port());
    QVERIFY(raw.join("/"));
    QByteArray bytes;
    for (const QByteArray &each : messages)
        bytes += RawPeer::frame(RawPeer::Text, each);
    raw.send(bytes);
    QVERIFY(neighbour.waitFor(u"x"_s, passing));
    if (passing < messages.size() && !messages.last().endsWith(":}")) {
        QVERIFY(raw.waitForText("\"code\":\"rate_limited\""));
        QVERIFY(raw.hasText("\"retryAfterMs\":"));
        QCOMPARE(refused(u"rate_limited"_s), messages.size() - passing);
    }
    QVERIFY(isUnharmed(neighbour));
    QCOMPARE(neighbour.count(u"x"_s), passing);
    QCOMPARE(raw.closeCode(), 0);
}

void tst_Limits::rateOfZeroIsNoLimit()
{
    DispatchServerSettings settings;
    settings.messagesPerSecond = 0;
    settings.bytesPerSecond = 0;
    settings.maxFanOutPerSecond = 0;
    settings.userInfoPerSecond = 0;
    settings.controlFramesPerSecond = 0;
    settings.messageBurst = settings.byteBurst = settings.userInfoBurst = 1;
    serve(settings);
    RawPeer raw(m_server->port());
    QVERIFY(raw.join("/"));
    raw.send(RawPeer::frame(RawPeer::Ping, {}).repeated(200));
    for (int i = 0; i < 20; ++i)
        raw.send(userInfo("{\"i\":" + QByteArray::number(i) + "}"));
    raw.send(text("x").repeated(6'000) + text("end"));
    QVERIFY(raw.waitForText("\"end\""));
    QCOMPARE(m_server->statistics().refusedMessages, 0);
}

void tst_Limits::droppedMessagesAreCounted()
{
    DispatchServerSettings settings;
    settings.messagesPerSecond = 1;
    settings.messageBurst = 1;
    settings.heartbeatTimeout = 200; // how often the server looks after its clients follows
    settings.heartbeatInterval = 10'000;
    serve(settings);
    RawPeer raw(m_server->port());
    raw.answerPings();
    QVERIFY(raw.join("/"));
    raw.send(text("x").repeated(51));
    // The first at once, the others together, though nothing more is sent.
    QVERIFY(raw.waitForText("49 were dropped"));
    QCOMPARE(refused(u"rate_limited"_s), 50);
    const auto errors = std::ranges::count_if(raw.frames(), [](const RawPeer::Frame &frame) {
        return frame.payload.contains("rate_limited");
    });
    QCOMPARE(errors, 2);
}

void tst_Limits::floodEndsTheConnection()
{
    DispatchServerSettings settings;
    settings.messagesPerSecond = 100;
    settings.messageBurst = 10;
    settings.floodTimeout = 300;
    serve(settings);
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer raw(m_server->port());
    QVERIFY(raw.join("/"));
    QElapsedTimer timer;
    timer.start();
    while (raw.closeCode() == 0 && timer.elapsed() < 10'000) {
        raw.send(text("x").repeated(50));
        QTest::qWait(5);
        raw.frames();
    }
    QCOMPARE(raw.closeCode(), 4013);
    QVERIFY(timer.elapsed() >= settings.floodTimeout);
    QVERIFY(raw.hasText("\"code\":\"flooding\""));
    QVERIFY(isUnharmed(neighbour));
}

void tst_Limits::fanOutOfAProjectIsLimited()
{
    DispatchServerSettings settings;
    settings.threads = 2;
    settings.maxFanOutPerSecond = 20;
    serve(settings);
    Peer stranger;
    QVERIFY(stranger.join(m_server->url(), u"projectId=q"_s));
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"projectId=p&shardName=a"_s));
    RawPeer one(m_server->port());
    QVERIFY(one.join("/?projectId=p&shardName=a"));
    RawPeer other(m_server->port());
    QVERIFY(other.join("/?projectId=p&shardName=b"));
    // Nine to two and one to two: a bucket of 20 is empty, also for who is alone elsewhere.
    one.send(text("x").repeated(9) + recipients(2));
    QVERIFY(neighbour.waitFor(u"x"_s, 9));
    other.send(text("y"));
    one.send(text("x"));
    QVERIFY(one.waitForText("\"code\":\"fan_out_limited\""));
    QVERIFY(isUnharmed(stranger));
    QVERIFY(refused(u"fan_out_limited"_s) >= 1);
    // It flows in again.
    QTRY_VERIFY_WITH_TIMEOUT((one.send(text("later")), QTest::qWait(50), one.hasText("\"later\"")),
                             10'000);
    QCOMPARE(one.closeCode(), 0);
}

void tst_Limits::badLengthEndsTheConnection()
{
    serve({});
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    for (const char *header : {"81ff800000000000000101020304", "81ffffffffffffffffff01020304",
                               "81ff000000000000000501020304", "81fe007d01020304"}) {
        RawPeer raw(m_server->port());
        QVERIFY(raw.join("/"));
        raw.send(QByteArray::fromHex(header));
        QTRY_COMPARE(raw.closeCode(), 1002);
        QVERIFY(raw.waitForClose());
    }
    QVERIFY(isUnharmed(neighbour));
}

void tst_Limits::messageMustArriveInTime()
{
    DispatchServerSettings settings;
    settings.messageTimeout = 200;
    serve(settings);
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer quick(m_server->port());
    QVERIFY(quick.join("/"));
    RawPeer slow(m_server->port());
    QVERIFY(slow.join("/"));
    RawPeer idle(m_server->port());
    QVERIFY(idle.join("/"));
    const QByteArray whole = fragments(3);
    slow.send(whole.left(20));
    quick.send(whole);
    QVERIFY(slow.waitForText("\"code\":\"message_timeout\""));
    QTRY_COMPARE(slow.closeCode(), 1008);
    for (RawPeer *fine : {&quick, &idle}) {
        fine->send(text("end"));
        QVERIFY(fine->waitForText("\"end\""));
    }
    QVERIFY(isUnharmed(neighbour));
}

void tst_Limits::onlyTheLatestPingIsAnswered()
{
    serve({});
    RawPeer raw(m_server->port());
    QVERIFY(raw.join("/"));
    QByteArray bytes;
    for (int i = 0; i < 90; ++i)
        bytes += RawPeer::frame(RawPeer::Ping, QByteArray::number(i));
    raw.send(bytes);
    const auto isLatest = [](const RawPeer::Frame &frame) {
        return frame.opcode == RawPeer::Pong && frame.payload == "89";
    };
    QTRY_VERIFY(std::ranges::any_of(raw.frames(), isLatest));
    const auto pongs =
        std::ranges::count(raw.frames(), int(RawPeer::Pong), &RawPeer::Frame::opcode);
    QVERIFY2(pongs < 10, qPrintable(QString::number(pongs)));
}

void tst_Limits::reservedEventsEndTheConnection()
{
    serve({});
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url()));
    RawPeer raw(m_server->port());
    QVERIFY(raw.join("/"));
    raw.send(text("@@x") + text("@\xe2\x80\x8d@x") + text("end"));
    QVERIFY(raw.waitForText("\"end\""));
    QCOMPARE(refused(u"reserved_event"_s), 2);
    raw.send(text("\xc2\xad@@x"));
    QVERIFY(raw.waitForText("\"code\":\"too_many_reserved_events\""));
    QTRY_COMPARE(raw.closeCode(), 1008);
    QVERIFY(isUnharmed(neighbour));
    for (const Peer::Message &heard : neighbour.all())
        QVERIFY(!heard.eventName.endsWith("@x"_L1));
}

void tst_Limits::connectionsOfAUserAreLimited()
{
    const QByteArray secret(32, 's');
    DispatchServerSettings settings;
    settings.threads = 2;
    settings.maxConnectionsPerUser = 2;
    serve(settings);
    m_server->setTokenVerifier(DispatchTokenVerifier::sharedSecret(secret));
    const auto request = [&secret](const QString &user) {
        return RawPeer::upgradeRequest(
            "/?projectId=p", "Authorization: Bearer " + tokenFor(user, secret).toLatin1() + "\r\n");
    };
    RawPeer first(m_server->port());
    first.send(request(u"ann"_s));
    QCOMPARE(first.response(false).status, 101);
    Peer second;
    QVERIFY(second.join(m_server->url(), u"projectId=p"_s));
    second.emitEvent(Identify, QJsonObject{{u"token"_s, tokenFor(u"ann"_s, secret)}});
    QTRY_COMPARE(second.clients()[second.clientId()]["userId"_L1].toString(), u"ann"_s);

    RawPeer third(m_server->port());
    third.send(request(u"ann"_s));
    const RawPeer::Response refusal = third.response();
    QCOMPARE(refusal.status, 503);
    QVERIFY(refusal.body.contains("\"code\":\"too_many_connections\""));
    Peer fourth;
    QVERIFY(fourth.join(m_server->url(), u"projectId=p"_s));
    fourth.emitEvent(Identify, QJsonObject{{u"token"_s, tokenFor(u"ann"_s, secret)}});
    QVERIFY(fourth.waitForError(u"too_many_connections"_s));
    QCOMPARE(refused(u"too_many_connections"_s), 2);
    // Others are not concerned, and a seat that is given up is free again.
    fourth.emitEvent(Identify, QJsonObject{{u"token"_s, tokenFor(u"bob"_s, secret)}});
    QTRY_COMPARE(fourth.clients()[fourth.clientId()]["userId"_L1].toString(), u"bob"_s);
    second.close();
    QVERIFY(fourth.waitForClients(2));
    fourth.emitEvent(Identify, QJsonObject{{u"token"_s, tokenFor(u"ann"_s, secret)}});
    QTRY_COMPARE(fourth.clients()[fourth.clientId()]["userId"_L1].toString(), u"ann"_s);
}

void tst_Limits::longPresenceListIsTruncated()
{
    DispatchServerSettings settings;
    settings.maxPresenceBytes = 1'000;
    serve(settings);
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url()));
    QVERIFY(ben.join(m_server->url()));
    const QString text(400, u'x');
    ann.emitEvent(SetUserInfo, QJsonObject{{u"text"_s, text}});
    QTRY_COMPARE(ben.clients()[ann.clientId()]["text"_L1].toString(), text);
    QCOMPARE(m_server->statistics().presenceListsTruncated, 0);
    ben.emitEvent(SetUserInfo, QJsonObject{{u"text"_s, text}});
    QTRY_COMPARE(ann.clients()[ben.clientId()]["truncated"_L1], QJsonValue(true));
    QVERIFY(!ann.clients()[ben.clientId()].toObject().contains("text"_L1));
    QCOMPARE(ann.clients()[ann.clientId()]["text"_L1].toString(), text);
    QVERIFY(m_server->statistics().presenceListsTruncated > 0);
}

void tst_Limits::limitsAreToldAndFollowTheSettings()
{
    DispatchServerSettings settings;
    serve(settings);
    const auto told = [](const Peer &peer) {
        return peer.messages(Connected).first().payload["limits"_L1].toObject();
    };
    Peer ann;
    QVERIFY(ann.join(m_server->url()));
    QCOMPARE(told(ann)["messageUtf16Units"_L1].toInt(), 128'000);
    QCOMPARE(told(ann)["messageBytes"_L1].toInt(), 384'000);
    QCOMPARE(told(ann)["messagesPerSecond"_L1].toInt(), 500);
    QCOMPARE(told(ann)["recipients"_L1].toInt(), 100);
    settings.messagesPerSecond = 1;
    settings.messageBurst = 2;
    settings.maxRecipients = 7;
    settings.maxFragments = 2;
    m_server->setSettings(settings);
    Peer ben;
    QVERIFY(ben.join(m_server->url()));
    QCOMPARE(told(ben)["messagesPerSecond"_L1].toInt(), 1);
    QCOMPARE(told(ben)["recipients"_L1].toInt(), 7);
    // They hold for who is connected already.
    for (int i = 0; i < 3; ++i)
        ann.emitEvent(u"x"_s);
    QVERIFY(ann.waitForError(u"rate_limited"_s));
    QCOMPARE(ann.count(u"x"_s), 2);
}

QTEST_GUILESS_MAIN(tst_Limits)
#include "tst_limits.moc"
