// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "token.h"

#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Qt::StringLiterals;

/// Who a client is, after it has said so with a token.
class tst_Identify : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void identifyNamesTheUser();
    void userIdReachesAllConnectionsOfTheUser_data();
    void userIdReachesAllConnectionsOfTheUser();
    void identifyAgainSwitchesTheUser();
    void badTokenChangesNothing();
    void fiveBadTokensEndTheConnection();
    void tokensAreSeenByNobody();

private:
    void serveUsers(int threads = 1);

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

const QByteArray Secret(32, 's');

QString tokenFor(const QString &user)
{
    return QString::fromLatin1(Token::make(
        {{u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60}, {u"aud"_s, u"p"_s}, {u"sub"_s, user}},
        Secret));
}

void identify(Peer &peer, const QString &token)
{
    peer.emitEvent(Identify, QJsonObject{{u"token"_s, token}});
}

QString userOf(const Peer &peer, const Peer &shown)
{
    return peer.clients()[shown.clientId()]["userId"_L1].toString();
}

} // namespace

void tst_Identify::serveUsers(int threads)
{
    DispatchServerSettings settings;
    settings.threads = threads;
    m_server = std::make_unique<DispatchServer>();
    m_server->setSettings(settings);
    m_server->setTokenVerifier(DispatchTokenVerifier::sharedSecret(Secret));
    QVERIFY(m_server->listen());
}

void tst_Identify::identifyNamesTheUser()
{
    serveUsers();
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p"_s));
    identify(ann, tokenFor(u"user:42"_s));
    QTRY_COMPARE(userOf(ben, ann), u"user:42"_s);
    QTRY_COMPARE(userOf(ann, ann), u"user:42"_s);
    QCOMPARE(userOf(ben, ben), QString());
}

void tst_Identify::userIdReachesAllConnectionsOfTheUser_data()
{
    QTest::addColumn<int>("threads");
    QTest::newRow("one thread") << 1;
    QTest::newRow("four threads") << 4;
}

void tst_Identify::userIdReachesAllConnectionsOfTheUser()
{
    QFETCH(int, threads);
    serveUsers(threads);
    Peer sender;
    std::array<Peer, 3> devices;
    QVERIFY(sender.join(m_server->url(), u"projectId=p&shardName=x"_s));
    for (std::size_t i = 0; i < devices.size(); ++i) {
        QVERIFY(devices[i].join(m_server->url(), u"projectId=p&shardName=%1"_s.arg(i)));
        identify(devices[i], tokenFor(u"ann"_s));
        QTRY_COMPARE(userOf(devices[i], devices[i]), u"ann"_s);
    }
    sender.emitEvent(u"x"_s, 1, QJsonArray{u"ann"_s, devices[0].clientId()});
    for (Peer &device : devices)
        QVERIFY(device.waitFor(u"x"_s));
    // One who is named twice gets it once.
    sender.emitEvent(u"end"_s, 1, QJsonArray{u"ann"_s});
    QVERIFY(devices[0].waitFor(u"end"_s));
    QCOMPARE(devices[0].count(u"x"_s), 1);
    QCOMPARE(sender.count(u"x"_s), 0);
}

void tst_Identify::identifyAgainSwitchesTheUser()
{
    serveUsers();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, tokenFor(u"a"_s));
    QTRY_COMPARE(userOf(ann, ann), u"a"_s);
    identify(ann, tokenFor(u"b"_s));
    QTRY_COMPARE(userOf(ann, ann), u"b"_s);
    ann.emitEvent(u"old"_s, 1, QJsonArray{u"a"_s});
    ann.emitEvent(u"new"_s, 1, QJsonArray{u"b"_s});
    QVERIFY(ann.waitFor(u"new"_s));
    QCOMPARE(ann.count(u"old"_s), 0);
}

void tst_Identify::badTokenChangesNothing()
{
    serveUsers();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, tokenFor(u"a"_s));
    QTRY_COMPARE(userOf(ann, ann), u"a"_s);
    identify(ann, u"nonsense"_s);
    QVERIFY(ann.waitForError(u"invalid_token"_s));
    ann.emitEvent(Identify, 5);
    QTRY_COMPARE(ann.count(Error), 2);
    ann.emitEvent(Identify);
    QTRY_COMPARE(ann.count(Error), 3);
    ann.emitEvent(u"still me"_s, 1, QJsonArray{u"a"_s});
    QVERIFY(ann.waitFor(u"still me"_s));
    QCOMPARE(userOf(ann, ann), u"a"_s);
}

void tst_Identify::fiveBadTokensEndTheConnection()
{
    serveUsers();
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    for (int i = 0; i < 4; ++i)
        identify(ann, u"nonsense"_s);
    ann.emitEvent(u"still here"_s);
    QVERIFY(ann.waitFor(u"still here"_s));
    identify(ann, u"nonsense"_s);
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4501);
    QCOMPARE(ann.messages(Error).last().payload["code"_L1].toString(), u"too_many_bad_tokens"_s);
}

void tst_Identify::tokensAreSeenByNobody()
{
    serveUsers();
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    QVERIFY(ben.join(m_server->url(), u"projectId=p"_s));
    const QString token = tokenFor(u"a"_s);
    identify(ann, token);
    identify(ann, token + u"x"_s);
    QVERIFY(ann.waitForError(u"invalid_token"_s));
    QTRY_COMPARE(userOf(ben, ann), u"a"_s);
    const QString signature = token.section(u'.', 2);
    for (const Peer *peer : {&ann, &ben}) {
        for (const Peer::Message &message : peer->all())
            QVERIFY(!message.text.contains(signature));
    }
}

QTEST_GUILESS_MAIN(tst_Identify)
#include "tst_identify.moc"
