// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "rawpeer.h"
#include "resumetest.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Sessions that outlive their connections: who goes on with them, and when they end.
class tst_Resume : public ResumeTest {
    Q_OBJECT

private Q_SLOTS:
    void othersSeeNothing();
    void newcomersSeeWhoIsAway();
    void newestConnectionWins();
    void connectionThatWasGivenUpDoesNotWin();
    void lateEndOfAReplacedConnectionHarmsNobody();
    void manyResumesAtOnce();
    void whoComesTooLateJoinsAnew();
    void secretThatWasUsedIsGoodUntilTheNextOneArrived();
    void closeFrameSaysWhetherTheClientComesBack_data();
    void closeFrameSaysWhetherTheClientComesBack();
    void refusalsThatAllowARetryKeepTheSession();
    void withoutAWindowNothingIsKept();
    void tokenDecidesWhoseSessionItIs_data();
    void tokenDecidesWhoseSessionItIs();
    void otherProjectsHaveOtherSessions();
    void backEndsSeeAndEndAwaySessions();
    void bannedUserDoesNotComeBack();
    void awaySessionsCountWhereTheyCameFrom();
    void closingTheServerEndsAwaySessions();
    void drainEndsAwaySessions();

private:
    QJsonArray clientsByHttp();
    int clientsByInfo();
};

namespace {

/// The closing handshake of a client, with \a code or without any.
QByteArray closeFrame(int code)
{
    QByteArray payload;
    if (code > 0)
        payload = QByteArray(1, char(code >> 8)) + char(code & 0xFF);
    return RawPeer::frame(RawPeer::Close, payload);
}

} // namespace

QJsonArray tst_Resume::clientsByHttp()
{
    RawPeer backend(m_server->port());
    backend.send(RawPeer::request("GET", "/api/v1/projects/p/shards/s/clients",
                                  "Authorization: Bearer p/backend\r\n"));
    return QJsonDocument::fromJson(backend.response().body).object()["clients"_L1].toArray();
}

int tst_Resume::clientsByInfo()
{
    RawPeer browser(m_server->port());
    browser.send(RawPeer::request("GET", "/info/p"));
    return QJsonDocument::fromJson(browser.response().body)[0]["numConnectedClients"_L1].toInt();
}

void tst_Resume::othersSeeNothing()
{
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    Peer ben;
    ExtendedPeer cem;
    QVERIFY(ben.join(url(), Room));
    QVERIFY(cem.join(url(), Room));
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.waitForClients(3));
    QTRY_COMPARE(cem.clients().size(), 3);
    const qsizetype lists = ben.count(ClientsChanged);
    const qsizetype changes = cem.count(PresenceChanged);
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    QCOMPARE(clientsByInfo(), 3);
    QVERIFY(ann.resume(url(), Room));
    QCOMPARE(m_server->statistics().sessionsAway, 0);
    ben.emitEvent(u"e"_s);
    QVERIFY(cem.waitFor(u"e"_s));
    QCOMPARE(ben.count(ClientsChanged), lists);
    QCOMPARE(cem.count(PresenceChanged), changes);
    QCOMPARE(left.size(), 0);
}

void tst_Resume::newcomersSeeWhoIsAway()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    const QString clientId = ann.clientId();
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    Peer ben;
    QVERIFY(ben.join(url(), Room));
    QVERIFY(ben.waitForClients(2));
    QVERIFY(ben.clients().contains(clientId));
}

void tst_Resume::newestConnectionWins()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    QVERIFY(ben.waitForClients(2));
    ExtendedPeer again;
    again.open(url(), Room, {ann.resumeName()});
    QVERIFY(again.waitForGreeting());
    QVERIFY(isRecovered(again));
    QCOMPARE(again.clientId(), ann.clientId());
    QVERIFY(ann.waitForError(u"replaced"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4509);
    // What the old one still says is not heard.
    ann.forget();
    ben.emitEvent(u"e"_s, 1);
    QVERIFY(again.waitFor(u"e"_s));
    QCOMPARE(ann.count(u"e"_s), 0);
    QCOMPARE(ben.clients().size(), 2);
}

void tst_Resume::connectionThatWasGivenUpDoesNotWin()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    const QByteArray request = RawPeer::upgradeRequest("/?" + Room.toUtf8(),
                                                       "Sec-WebSocket-Protocol: dispatch.v2, "
                                                           + ann.resumeName().toUtf8() + "\r\n");
    ann.cut();
    RawPeer slow(m_server->port());
    RawPeer next(m_server->port());
    next.send(request);
    QCOMPARE(next.response(false).status, 101);
    QVERIFY(next.waitForText("\"recovered\":true"));
    // The secret is good still: the client was not heard yet.
    slow.send(request);
    QVERIFY(slow.waitForClose());
    QVERIFY(slow.frames().isEmpty());
    next.sendText("{\"eventName\":\"e\"}");
    QVERIFY(next.waitForText("\"seq\":1"));
}

void tst_Resume::lateEndOfAReplacedConnectionHarmsNobody()
{
    RawPeer old(m_server->port());
    old.send(
        RawPeer::upgradeRequest("/?" + Room.toUtf8(), "Sec-WebSocket-Protocol: dispatch.v2\r\n"));
    QCOMPARE(old.response(false).status, 101);
    QVERIFY(old.waitForText("\"session\""));
    const QJsonObject greeting =
        QJsonDocument::fromJson(old.frames().first().payload)["payload"_L1].toObject();
    ExtendedPeer ann;
    ann.open(url(), Room,
             {u"resume.%1.%2.0.0"_s.arg(greeting["session"_L1].toString(),
                                        greeting["epoch"_L1].toString())});
    QVERIFY(ann.waitForGreeting());
    QVERIFY(isRecovered(ann));
    // It does not answer the close frame, speaks on, and ends without a word.
    QVERIFY(old.waitForText("replaced"));
    old.sendText("{\"eventName\":\"ghost\"}");
    old.send(closeFrame(1000));
    QVERIFY(old.waitForClose());
    ann.emitEvent(u"e"_s);
    QVERIFY(ann.waitFor(u"e"_s));
    QCOMPARE(ann.count(u"ghost"_s), 0);
    QCOMPARE(m_server->statistics().connections, 1);
    QCOMPARE(m_server->statistics().sessionsAway, 0);
}

void tst_Resume::manyResumesAtOnce()
{
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    const QString name = ann.resumeName();
    const QString clientId = ann.clientId();
    std::array<ExtendedPeer, 8> rivals;
    for (ExtendedPeer &rival : rivals)
        rival.open(url(), Room, {name});
    // Each one is served, replaced, or comes so late that the secret is old and it joins anew.
    const auto isLive = [&](const ExtendedPeer &rival) {
        return rival.clientId() == clientId && rival.count(Error) == 0;
    };
    QTRY_COMPARE(std::ranges::count_if(rivals, isLive), 1);
    QVERIFY(ann.waitForClose());
    ben.emitEvent(u"e"_s, 1);
    ExtendedPeer &winner = *std::ranges::find_if(rivals, isLive);
    QVERIFY(winner.waitFor(u"e"_s));
    for (const ExtendedPeer &rival : rivals)
        QVERIFY(rival.gaps() == 0);
}

void tst_Resume::whoComesTooLateJoinsAnew()
{
    configure([](DispatchServerSettings &settings) { settings.sessionWindow = 100; });
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    QVERIFY(ben.waitForClients(2));
    const QString clientId = ann.clientId();
    ann.cut();
    QVERIFY(ben.waitForClients(1));
    QTRY_COMPARE(left.size(), 1);
    QCOMPARE(left.first().at(2).toString(), clientId);
    QCOMPARE(left.first().at(3).toString(), u"lost"_s);
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(!isRecovered(ann));
    QVERIFY(ann.clientId() != clientId);
    QCOMPARE(ann.greeting()["shardName"_L1].toString(), u"s"_s);
    QCOMPARE(m_server->statistics().resumesUnknown, 1);
    QCOMPARE(m_server->statistics().sessionsAway, 0);
}

void tst_Resume::secretThatWasUsedIsGoodUntilTheNextOneArrived()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    const QByteArray offer =
        "Sec-WebSocket-Protocol: dispatch.v2, " + ann.resumeName().toUtf8() + "\r\n";
    const QByteArray clientId = ann.clientId().toUtf8();
    ann.cut();
    for (int i = 0; i < 3; ++i) {
        // The greeting comes, but nothing is said: for the server it may be lost.
        RawPeer silent(m_server->port());
        silent.send(RawPeer::upgradeRequest("/?" + Room.toUtf8(), offer));
        QCOMPARE(silent.response(false).status, 101);
        QVERIFY(silent.waitForText(clientId));
        QVERIFY(silent.waitForText("\"recovered\":true"));
    }
    RawPeer speaking(m_server->port());
    speaking.send(RawPeer::upgradeRequest("/?" + Room.toUtf8(), offer));
    QCOMPARE(speaking.response(false).status, 101);
    QVERIFY(speaking.waitForText("\"recovered\":true"));
    speaking.sendText("{\"eventName\":\"e\"}");
    QVERIFY(speaking.waitForText("\"seq\":1"));
    RawPeer late(m_server->port());
    late.send(RawPeer::upgradeRequest("/?" + Room.toUtf8(), offer));
    QCOMPARE(late.response(false).status, 101);
    QVERIFY(late.waitForText("\"recovered\":false"));
    QVERIFY(!late.frames().first().payload.contains("\"clientId\":\"" + clientId));
}

void tst_Resume::closeFrameSaysWhetherTheClientComesBack_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("isKept");
    QTest::newRow("done") << 1000 << false;
    QTest::newRow("going away") << 1001 << false;
    QTest::newRow("no code") << 0 << false;
    QTest::newRow("out of step") << 4010 << true;
    QTest::newRow("a code of the client's own") << 3000 << true;
}

void tst_Resume::closeFrameSaysWhetherTheClientComesBack()
{
    QFETCH(int, code);
    QFETCH(bool, isKept);
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    RawPeer ann(m_server->port());
    ann.send(RawPeer::upgradeRequest("/?projectId=p", "Sec-WebSocket-Protocol: dispatch.v2\r\n"));
    QCOMPARE(ann.response(false).status, 101);
    QVERIFY(ann.waitForText("\"session\""));
    ann.send(closeFrame(code));
    QVERIFY(ann.waitForClose());
    if (isKept)
        QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    else
        QTRY_COMPARE(left.size(), 1);
    QCOMPARE(m_server->statistics().connections, isKept ? 1 : 0);
    QCOMPARE(left.size(), isKept ? 0 : 1);
}

void tst_Resume::refusalsThatAllowARetryKeepTheSession()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    const QString clientId = ann.clientId();
    ann.sendNumbered(5, u"e"_s);
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4010);
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(isRecovered(ann));
    QCOMPARE(ann.clientId(), clientId);
}

void tst_Resume::withoutAWindowNothingIsKept()
{
    configure([](DispatchServerSettings &settings) { settings.sessionWindow = 0; });
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    QCOMPARE(ann.greeting()["windowMs"_L1].toInt(-1), 0);
    const QString clientId = ann.clientId();
    ann.cut();
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(ann.clientId() != clientId);
}

void tst_Resume::tokenDecidesWhoseSessionItIs_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<bool>("isSame");
    QTest::newRow("the same user") << u"p/ann"_s << u"p/ann"_s << true;
    QTest::newRow("no token") << u"p/ann"_s << QString() << true;
    QTest::newRow("another user") << u"p/ann"_s << u"p/eve"_s << false;
    QTest::newRow("a user, for a session without one") << QString() << u"p/eve"_s << false;
}

void tst_Resume::tokenDecidesWhoseSessionItIs()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(bool, isSame);
    const auto query = [](const QString &token) {
        return token.isEmpty() ? Room : Room + u"&authorization="_s + token;
    };
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), query(first)));
    const QString clientId = ann.clientId();
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    QVERIFY(ann.resume(url(), query(second)));
    QCOMPARE(isRecovered(ann), isSame);
    QCOMPARE(ann.clientId() == clientId, isSame);
    const QString expected = isSame ? first : second;
    QCOMPARE(ann.greeting()["userId"_L1].toString(), expected.section(u'/', 1));
}

void tst_Resume::otherProjectsHaveOtherSessions()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    const QString clientId = ann.clientId();
    ann.cut();
    QVERIFY(ann.resume(url(), u"projectId=q&shardName=s"_s));
    QVERIFY(!isRecovered(ann));
    QVERIFY(ann.clientId() != clientId);
}

void tst_Resume::backEndsSeeAndEndAwaySessions()
{
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    const QString clientId = ann.clientId();
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    const QJsonArray clients = clientsByHttp();
    QCOMPARE(clients.size(), 2);
    for (const QJsonValue &client : clients) {
        QCOMPARE(client["away"_L1],
                 client["clientId"_L1].toString() == clientId ? QJsonValue(true)
                                                              : QJsonValue(QJsonValue::Undefined));
    }
    RawPeer backend(m_server->port());
    backend.send(RawPeer::request("DELETE", "/api/v1/projects/p/clients/" + clientId.toUtf8(),
                                  "Authorization: Bearer p/backend\r\n"));
    QCOMPARE(backend.response().body, QByteArray("{\"disconnected\":1}"));
    QVERIFY(ben.waitForClients(1));
    QTRY_COMPARE(left.size(), 1);
    QCOMPARE(left.first().at(3).toString(), u"disconnected"_s);
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(ann.clientId() != clientId);
}

void tst_Resume::bannedUserDoesNotComeBack()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room + u"&authorization=p/ann"_s));
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    const QByteArray offer =
        "Sec-WebSocket-Protocol: dispatch.v2, " + ann.resumeName().toUtf8() + "\r\n";
    RawPeer backend(m_server->port());
    const QByteArray ban = "{\"seconds\":60,\"reason\":\"spam\"}";
    backend.send(RawPeer::request("PUT", "/api/v1/projects/p/bans/users/ann",
                                  "Authorization: Bearer p/backend\r\n"
                                  "Content-Type: application/json\r\nContent-Length: "
                                      + QByteArray::number(ban.size()) + "\r\n")
                 + ban);
    QVERIFY(backend.response().body.contains("\"disconnected\":1"));
    QTRY_COMPARE(m_server->statistics().connections, 0);
    RawPeer again(m_server->port());
    again.send(RawPeer::upgradeRequest("/?" + Room.toUtf8() + "&authorization=p/ann", offer));
    QCOMPARE(again.response().status, 403);
}

void tst_Resume::awaySessionsCountWhereTheyCameFrom()
{
    configure([](DispatchServerSettings &settings) {
        settings.unlimitedAddresses.clear();
        settings.maxConnectionsPerAddress = 2;
    });
    std::array<ExtendedPeer, 2> peers;
    for (ExtendedPeer &peer : peers)
        QVERIFY(peer.join(url(), Room));
    for (ExtendedPeer &peer : peers)
        peer.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 2);
    // There is room for two connections, but not for a third one who is away.
    ExtendedPeer third;
    QVERIFY(third.join(url(), Room));
    third.cut();
    QTRY_COMPARE(m_server->statistics().connections, 2);
    for (ExtendedPeer &peer : peers) {
        QVERIFY(peer.resume(url(), Room));
        QVERIFY(isRecovered(peer));
    }
    QCOMPARE(m_server->statistics().sessionsAway, 0);
}

void tst_Resume::closingTheServerEndsAwaySessions()
{
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    ExtendedPeer ann;
    QVERIFY(ann.join(url(), Room));
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    m_server->close();
    QTRY_COMPARE(left.size(), 1);
    QVERIFY(m_server->listen());
    QVERIFY(ann.resume(url(), Room));
    QVERIFY(!isRecovered(ann));
}

void tst_Resume::drainEndsAwaySessions()
{
    ExtendedPeer ann;
    ExtendedPeer ben;
    QVERIFY(ann.join(url(), Room));
    QVERIFY(ben.join(url(), Room));
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    configure([](DispatchServerSettings &settings) { settings.drainTime = 0; });
    m_server->drain();
    QVERIFY(ben.waitForClose());
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QCOMPARE(m_server->statistics().sessionsAway, 0);
}

QTEST_GUILESS_MAIN(tst_Resume)
#include "tst_resume.moc"
