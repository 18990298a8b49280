// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendapitest.h"
#include "extendedpeer.h"
#include "peer.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qscopeguard.h>
#include <QtCore/qsemaphore.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <atomic>

using namespace Qt::StringLiterals;

namespace {

/// Keeps the thread that looks at the token of the user "held" until it is told to go on.
class HoldingVerifier : public PlainVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const override
    {
        DispatchTokenVerdict verdict = PlainVerifier::verify(token, projectId);
        if (verdict.userId == u"held"_s) {
            m_isHolding = true;
            m_goOn.acquire();
        }
        return verdict;
    }

    bool isHolding() const { return m_isHolding; }
    void goOn() const { m_goOn.release(); }

private:
    mutable std::atomic<bool> m_isHolding{false};
    mutable QSemaphore m_goOn;
};

} // namespace

/// Whom back ends send away, and keep out, by HTTP.
class tst_Bans : public BackendApiTest {
    Q_OBJECT

private Q_SLOTS:
    void disconnectsAClient();
    void disconnectsAllOfAUser();
    void bannedUserStaysOut();
    void bannedAddressStaysOut();
    void banOfAClientIsOneOfItsUserOrAddress();
    void bannedUserCannotIdentify();
    void whoIsBannedWhileHeJoinsStaysOut_data();
    void whoIsBannedWhileHeJoinsStaysOut();
    void banEndsASessionThatWaitsForItsClient_data();
    void banEndsASessionThatWaitsForItsClient();
    void backEndsGoWithNoUser();
    void bansAreListedAndTakenBack();
    void bansEnd();
    void bansAreBounded();
};

void tst_Bans::disconnectsAClient()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"a"_s)));
    // Ids of another project are none.
    QCOMPARE(ask("DELETE", u"q/clients/"_s + ann.clientId(), {}, {}, "q/backend").status, 404);
    const Answer answer = ask("DELETE", u"p/clients/"_s + ann.clientId());
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, (QJsonObject{{u"disconnected"_s, 1}}));
    QVERIFY(ann.waitForError(u"disconnected"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
    QCOMPARE(ann.socket().closeReason(), u"disconnected"_s);
    QVERIFY(ben.waitForClients(1));
    QCOMPARE(ask("DELETE", u"p/clients/"_s + ann.clientId()).status, 404);
}

void tst_Bans::disconnectsAllOfAUser()
{
    std::array<Peer, 3> peers;
    for (int i = 0; i < 3; ++i) {
        const QString token = i < 2 ? u"p/ann"_s : u"p/ben"_s;
        const QString place = QString::number(i) + u"&authorization="_s + token;
        QVERIFY(peers[i].join(m_server->url(), client(place)));
    }
    const Answer answer = ask("DELETE", u"p/users/ann"_s);
    QCOMPARE(answer.body, (QJsonObject{{u"disconnected"_s, 2}}));
    QVERIFY(peers[0].waitForClose());
    QVERIFY(peers[1].waitForClose());
    peers[2].emitEvent(u"alive"_s);
    QVERIFY(peers[2].waitFor(u"alive"_s));
}

void tst_Bans::bannedUserStaysOut()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"a&authorization=p%2Fben"_s)));
    const Answer answer = ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":60,"reason":"spam"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body["disconnected"_L1], QJsonValue(1));
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.messages(Error).last().payload["message"_L1].toString().contains(u"(spam)"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
    QVERIFY(ben.waitForClients(1));
    RawPeer again(m_server->port());
    again.send(RawPeer::upgradeRequest("/?projectId=p&authorization=p/ann"));
    const auto response = again.response();
    QCOMPARE(response.status, 403);
    QVERIFY(response.body.contains("\"banned\""));
    // Not in another project, and not without a name.
    QCOMPARE(statusOfJoin("projectId=q&authorization=q/ann"), 101);
    QCOMPARE(statusOfJoin("projectId=p"), 101);
}

void tst_Bans::bannedAddressStaysOut()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QCOMPARE(ask("PUT", u"p/bans/addresses/%3A%3Affff%3A127.0.0.1"_s, R"({"seconds":60})").status,
             200);
    QVERIFY(ann.waitForClose());
    QCOMPARE(statusOfJoin("projectId=p"), 403);
    QCOMPARE(statusOfJoin("projectId=q"), 101);
    // A back end is not kept out by its own ban.
    QCOMPARE(statusOfJoin("projectId=p&projectToken=p/backend"), 101);
    QCOMPARE(ask("DELETE", u"p/bans/addresses/127.0.0.1"_s).status, 200);
    QCOMPARE(statusOfJoin("projectId=p"), 101);
}

void tst_Bans::banOfAClientIsOneOfItsUserOrAddress()
{
    Peer ann;
    Peer guest;
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    QVERIFY(guest.join(m_server->url(), client(u"b"_s)));
    const QByteArray body = R"({"seconds":60})";
    const Answer user = ask("PUT", u"p/bans/clients/"_s + ann.clientId(), body);
    QCOMPARE(user.body["kind"_L1], QJsonValue(u"users"_s));
    QCOMPARE(user.body["name"_L1], QJsonValue(u"ann"_s));
    QVERIFY(ann.waitForClose());
    const Answer address = ask("PUT", u"p/bans/clients/"_s + guest.clientId(), body);
    QCOMPARE(address.body["kind"_L1], QJsonValue(u"addresses"_s));
    QCOMPARE(address.body["name"_L1], QJsonValue(u"127.0.0.1"_s));
    QVERIFY(guest.waitForClose());
}

void tst_Bans::bannedUserCannotIdentify()
{
    QCOMPARE(ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":60})").status, 200);
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    ann.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
}

void tst_Bans::whoIsBannedWhileHeJoinsStaysOut_data()
{
    QTest::addColumn<QString>("ban");
    QTest::newRow("by name") << u"users/ann"_s;
    QTest::newRow("by address") << u"addresses/127.0.0.1"_s;
}

void tst_Bans::whoIsBannedWhileHeJoinsStaysOut()
{
    QFETCH(QString, ban);
    const auto verifier = std::make_shared<HoldingVerifier>();
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(verifier);
    QVERIFY(m_server->listen());
    Peer ben;
    QVERIFY(ben.join(m_server->url(), client(u"a"_s)));
    QSignalSpy joined(m_server.get(), &DispatchServer::clientJoined);
    // The only worker stands still: Ann has a seat, and waits for it to look at her.
    const auto guard = qScopeGuard([&verifier] { verifier->goOn(); });
    ben.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/held"_s}});
    QTRY_VERIFY(verifier->isHolding());
    Peer ann;
    ann.open(m_server->url(), client(u"a&authorization=p%2Fann"_s));
    const auto clients = [this] {
        const QJsonArray shards = ask("GET", u"p/shards"_s).body["shards"_L1].toArray();
        return shards.first()["numConnectedClients"_L1].toInt();
    };
    QTRY_COMPARE(clients(), 2);
    RawPeer backEnd(m_server->port());
    const QByteArray body = R"({"seconds":60,"reason":"spam"})";
    backEnd.send(RawPeer::request("PUT", "/api/v1/projects/p/bans/" + ban.toLatin1(),
                                  "Authorization: Bearer p/backend\r\n"
                                  "Content-Type: application/json\r\nContent-Length: "
                                      + QByteArray::number(body.size()) + "\r\n")
                 + body);
    QTRY_COMPARE(ask("GET", u"p/bans/"_s + ban).status, 200);
    verifier->goOn();
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.messages(Error).last().payload["message"_L1].toString().contains(u"(spam)"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
    QCOMPARE(ann.count(Connected), 0);
    QCOMPARE(joined.count(), 0);
}

void tst_Bans::banEndsASessionThatWaitsForItsClient_data()
{
    QTest::addColumn<QString>("ban");
    QTest::newRow("by name") << u"users/ann"_s;
    QTest::newRow("by client id") << u"clients/"_s;
    QTest::newRow("by address") << u"addresses/127.0.0.1"_s;
}

void tst_Bans::banEndsASessionThatWaitsForItsClient()
{
    QFETCH(QString, ban);
    configure([](DispatchServerSettings &settings) { settings.sessionWindow = 3'600'000; });
    QSignalSpy left(m_server.get(), &DispatchServer::clientLeft);
    const QString place = client(u"a&maxConnectionsPerShard=2"_s);
    ExtendedPeer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), place + u"&authorization=p%2Fann"_s));
    QVERIFY(ben.join(m_server->url(), place));
    QVERIFY(ben.waitForClients(2));
    const QString id = ann.clientId();
    ann.cut();
    QTRY_COMPARE(m_server->statistics().sessionsAway, 1);
    if (ban.endsWith(u'/'))
        ban += id;
    const bool isForAll = ban.startsWith("addresses"_L1); // Ben comes from there, too
    const Answer answer = ask("PUT", u"p/bans/"_s + ban, R"({"seconds":60})");
    QCOMPARE(answer.body["disconnected"_L1], QJsonValue(isForAll ? 2 : 1));
    QTRY_COMPARE(m_server->statistics().sessionsAway, 0);
    QTRY_COMPARE(left.size(), isForAll ? 2 : 1);
    const auto ofAnn =
        std::ranges::find(left, QVariant(id), [](const auto &one) { return one[2]; });
    QVERIFY(ofAnn != left.end());
    QCOMPARE((*ofAnn)[3].toString(), u"banned"_s);
    if (isForAll)
        return;
    // The others see it.
    QVERIFY(ben.waitForClients(1));
    QVERIFY(!ben.clients().contains(id));
    // There is nothing to go on with any more, and the seat is free for somebody new.
    ann.openToResume(m_server->url(), place);
    QVERIFY(ann.waitForGreeting());
    QVERIFY(ann.clientId() != id);
    QVERIFY(ben.waitForClients(2));
}

void tst_Bans::backEndsGoWithNoUser()
{
    Peer backEnd;
    Peer ann;
    QVERIFY(backEnd.join(m_server->url(), u"projectId=p&projectToken=p%2Fbackend"_s));
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    const auto identify = [&backEnd](const QString &event) {
        backEnd.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
        backEnd.emitEvent(event, {}, QJsonArray{u"ann"_s});
        return backEnd.waitFor(event);
    };
    QVERIFY(identify(u"known"_s));
    QCOMPARE(ask("DELETE", u"p/users/ann"_s).body, (QJsonObject{{u"disconnected"_s, 1}}));
    const Answer ban = ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":60})");
    QCOMPARE(ban.body["disconnected"_L1], QJsonValue(0));
    QVERIFY(ann.waitForClose());
    QVERIFY(identify(u"still known"_s));
    QCOMPARE(backEnd.count(Error), 0);
}

void tst_Bans::bansAreListedAndTakenBack()
{
    for (const char *name : {"b", "a", "c%20%2F"}) {
        QCOMPARE(ask("PUT", u"p/bans/users/"_s + QString::fromLatin1(name),
                     R"({"seconds":60,"reason":"r"})")
                     .status,
                 200);
    }
    const auto names = [](const Answer &answer) {
        QStringList list;
        for (const QJsonValue &ban : answer.body["bans"_L1].toArray())
            list.append(ban["name"_L1].toString());
        return list;
    };
    QCOMPARE(names(ask("GET", u"p/bans"_s)), (QStringList{u"a"_s, u"b"_s, u"c /"_s}));
    const Answer part = ask("GET", u"p/bans?limit=2"_s);
    QCOMPARE(names(part), (QStringList{u"a"_s, u"b"_s}));
    const QString next =
        QString::fromLatin1(QUrl::toPercentEncoding(part.body["next"_L1].toString()));
    QCOMPARE(names(ask("GET", u"p/bans?limit=2&after="_s + next)), QStringList{u"c /"_s});
    QCOMPARE(names(ask("GET", u"q/bans"_s, {}, {}, "q/backend")), QStringList());

    const Answer one = ask("GET", u"p/bans/users/c%20%2F"_s);
    QCOMPARE(one.body["reason"_L1], QJsonValue(u"r"_s));
    QVERIFY(one.body["seconds"_L1].toInt() > 50 && one.body["seconds"_L1].toInt() <= 60);
    QCOMPARE(ask("DELETE", u"p/bans/users/c%20%2F"_s).status, 200);
    QCOMPARE(ask("GET", u"p/bans/users/c%20%2F"_s).status, 404);
}

void tst_Bans::bansEnd()
{
    QCOMPARE(ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":1})").status, 200);
    QCOMPARE(statusOfJoin("projectId=p&authorization=p/ann"), 403);
    QTRY_COMPARE(statusOfJoin("projectId=p&authorization=p/ann"), 101);
}

void tst_Bans::bansAreBounded()
{
    configure([](DispatchServerSettings &settings) { settings.maxBansPerProject = 1; });
    QCOMPARE(ask("PUT", u"p/bans/users/a"_s, R"({"seconds":60})").status, 200);
    QCOMPARE(ask("PUT", u"p/bans/users/a"_s, R"({"seconds":90})").status, 200);
    const Answer full = ask("PUT", u"p/bans/users/b"_s, R"({"seconds":60})");
    QCOMPARE(full.status, 503);
    QCOMPARE(full.code(), u"server_full"_s);
    QCOMPARE(statusOfJoin("projectId=p&authorization=p/b"), 101);
    const auto ofAnother = [this](const QString &user) {
        return ask("PUT", u"q/bans/users/"_s + user, R"({"seconds":60})", {}, "q/backend").status;
    };
    QCOMPARE(ofAnother(u"a"_s), 200);
    configure([](DispatchServerSettings &settings) {
        settings.maxBansPerProject = 3;
        settings.maxBans = 3;
    });
    QCOMPARE(ofAnother(u"b"_s), 200);
    QCOMPARE(ofAnother(u"c"_s), 503);
}

QTEST_GUILESS_MAIN(tst_Bans)
#include "tst_bans.moc"
