// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "clustertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Whom one server is told to keep out, and all do.
class tst_ClusterBans : public ClusterTest {
    Q_OBJECT

private Q_SLOTS:
    void bannedUserGoesAndStaysOutEverywhere();
    void bannedAddressStaysOutEverywhere();
    void clientIsBannedByItsIdOnAnyServer_data();
    void clientIsBannedByItsIdOnAnyServer();
    void bannedUserCannotIdentifyOnAnotherServer();
    void sessionOfTheBannedIsNotTakenOver();
    void serverThatComesLaterKnowsTheBans();
    void bansOutliveTheServers();
    void bansAreTakenBackEverywhere();
    void bansAreListedByEachServer();
    void bansAreBoundedOverAllServers();
    void bansEndEverywhere();
    void bansSaidWhileNobodyListenedAreLearnt();
    void bansAreKnownToServersWhereTheEngineForgotThem();
    void banningIsRefusedWhileTheEngineIsAway();

private:
    static QString inRoom(const QString &user) { return Room + u"&authorization=p%2F"_s + user; }
    int ban(std::size_t index, const QString &whom, const QByteArray &seconds = "60")
    {
        return ask(index, "PUT", u"bans/"_s + whom,
                   R"({"reason":"spam","seconds":)" + seconds + '}')
            .status;
    }
    /// Whether \a index keeps the user out, at the door or right behind it.
    bool keepsOut(std::size_t index, const QString &user);
    QStringList names(std::size_t index, const QString &more = {});
};

bool tst_ClusterBans::keepsOut(std::size_t index, const QString &user)
{
    Peer peer;
    bool isClosed = false;
    connect(&peer.socket(), &QWebSocket::disconnected, &peer, [&isClosed] { isClosed = true; });
    peer.open(url(index), user.isEmpty() ? Room : inRoom(user));
    if (!QTest::qWaitFor([&] { return isClosed || peer.count(Connected) > 0; }, 10'000)
        || peer.count(Connected) > 0)
        return false;
    const QString why = peer.socket().errorString();
    return why.contains(u"403"_s) || why.contains(u"banned"_s) || peer.waitForError(u"banned"_s);
}

QStringList tst_ClusterBans::names(std::size_t index, const QString &more)
{
    QStringList names;
    const auto answer = ask(index, "GET", u"bans"_s + more);
    if (answer.status != 200)
        return {QString::number(answer.status)};
    for (const QJsonValue &ban : answer.body["bans"_L1].toArray())
        names << ban["name"_L1].toString();
    return names;
}

void tst_ClusterBans::bannedUserGoesAndStaysOutEverywhere()
{
    Peer ann;
    QVERIFY(ann.join(url(1), inRoom(u"ann"_s)));
    Peer bob;
    QVERIFY(bob.join(url(1), inRoom(u"bob"_s)));
    QVERIFY(bob.waitForClients(2));
    const auto answer = ask(0, "PUT", u"bans/users/ann"_s, R"({"seconds":60,"reason":"spam"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body["disconnected"_L1].toInt(), 1);
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.messages(Error).last().payload["message"_L1].toString().contains(u"(spam)"_s));
    QVERIFY(ann.waitForClose());
    QVERIFY(bob.waitForClients(1));
    for (std::size_t i = 0; i < 2; ++i) {
        QVERIFY(keepsOut(i, u"ann"_s));
        QVERIFY(!keepsOut(i, u"eve"_s));
    }
    Peer another;
    QVERIFY(another.join(url(1), u"projectId=q&shardName=s&authorization=q%2Fann"_s));
}

void tst_ClusterBans::bannedAddressStaysOutEverywhere()
{
    Peer ann;
    QVERIFY(ann.join(url(0), Room));
    QCOMPARE(ban(1, u"addresses/127.0.0.1"_s), 200);
    QVERIFY(ann.waitForClose());
    for (std::size_t i = 0; i < 2; ++i)
        QVERIFY(keepsOut(i, {}));
    // Back ends are not kept out.
    Peer backEnd;
    QVERIFY(backEnd.join(url(0), u"projectId=p&projectToken=p%2Fbackend"_s));
}

void tst_ClusterBans::clientIsBannedByItsIdOnAnyServer_data()
{
    QTest::addColumn<int>("asked");
    QTest::newRow("its own") << 1;
    QTest::newRow("another") << 0;
}

void tst_ClusterBans::clientIsBannedByItsIdOnAnyServer()
{
    QFETCH(int, asked);
    const auto index = std::size_t(asked);
    Peer ann;
    QVERIFY(ann.join(url(1), inRoom(u"ann"_s)));
    Peer guest;
    QVERIFY(guest.join(url(1), Room));
    QTRY_COMPARE(ask(0, "GET", u"shards/s/clients"_s).body["clients"_L1].toArray().size(), 2);
    const QByteArray body = R"({"seconds":60})";
    const auto user = ask(index, "PUT", u"bans/clients/"_s + ann.clientId(), body);
    QCOMPARE(user.body["kind"_L1].toString(), u"users"_s);
    QCOMPARE(user.body["name"_L1].toString(), u"ann"_s);
    QCOMPARE(user.body["disconnected"_L1].toInt(), 1);
    QVERIFY(ann.waitForClose());
    const auto address = ask(index, "PUT", u"bans/clients/"_s + guest.clientId(), body);
    QCOMPARE(address.body["kind"_L1].toString(), u"addresses"_s);
    QCOMPARE(address.body["name"_L1].toString(), u"127.0.0.1"_s);
    QVERIFY(guest.waitForClose());
    const auto nobody = ask(index, "PUT", u"bans/clients/nobody"_s, body);
    QCOMPARE(nobody.code(), u"no_such_client"_s);
}

void tst_ClusterBans::bannedUserCannotIdentifyOnAnotherServer()
{
    Peer ann;
    QVERIFY(ann.join(url(1), Room));
    QCOMPARE(ban(0, u"users/ann"_s), 200);
    ann.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.waitForClose());
}

void tst_ClusterBans::sessionOfTheBannedIsNotTakenOver()
{
    ExtendedPeer ann;
    QVERIFY(ann.join(url(0), inRoom(u"ann"_s)));
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QVERIFY(bob.waitForClients(2));
    ann.cut();
    QTRY_COMPARE(server(0).statistics().sessionsAway, 1);
    QCOMPARE(ban(1, u"users/ann"_s), 200);
    QTRY_COMPARE(server(0).statistics().sessionsAway, 0);
    QVERIFY(bob.waitForClients(1));
    ann.openToResume(url(1), inRoom(u"ann"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.count(Connected), 1);
}

void tst_ClusterBans::serverThatComesLaterKnowsTheBans()
{
    QCOMPARE(ban(0, u"users/ann"_s), 200);
    QVERIFY(addServer());
    // Nobody of the project is on any of them.
    for (std::size_t i = 0; i < 3; ++i)
        QVERIFY(keepsOut(i, u"ann"_s));
    Peer bob;
    QVERIFY(bob.join(url(2), inRoom(u"bob"_s)));
    QVERIFY(keepsOut(2, u"ann"_s));
    QCOMPARE(names(2), QStringList{u"ann"_s});
}

void tst_ClusterBans::bansOutliveTheServers()
{
    Peer bob;
    QVERIFY(bob.join(url(0), Room));
    QCOMPARE(ban(0, u"users/ann"_s), 200);
    m_servers.clear();
    QVERIFY(addServer());
    QVERIFY(keepsOut(0, u"ann"_s));
    QCOMPARE(names(0), QStringList{u"ann"_s});
}

void tst_ClusterBans::bansAreTakenBackEverywhere()
{
    Peer bob;
    QVERIFY(bob.join(url(0), Room));
    Peer eve;
    QVERIFY(eve.join(url(1), Room));
    QCOMPARE(ban(0, u"users/ann"_s), 200);
    QTRY_VERIFY(keepsOut(1, u"ann"_s));
    QCOMPARE(ask(1, "DELETE", u"bans/users/ann"_s).status, 200);
    QTRY_COMPARE(names(0), QStringList());
    QVERIFY(!keepsOut(0, u"ann"_s));
    QVERIFY(!keepsOut(1, u"ann"_s));
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(ask(i, "DELETE", u"bans/users/ann"_s).code(), u"no_such_ban"_s);
        QCOMPARE(ask(i, "GET", u"bans/users/ann"_s).code(), u"no_such_ban"_s);
    }
}

void tst_ClusterBans::bansAreListedByEachServer()
{
    Peer bob;
    QVERIFY(bob.join(url(1), Room)); // the other one has to ask
    for (const QString &name : {u"b"_s, u"a"_s, u"c"_s})
        QCOMPARE(ban(name == u"a"_s ? 0 : 1, u"users/"_s + name), 200);
    for (std::size_t i = 0; i < 2; ++i) {
        QTRY_COMPARE(names(i), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
        QCOMPARE(names(i, u"?limit=2"_s), (QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(names(i, u"?limit=2&after=users%2Fb"_s), QStringList{u"c"_s});
        const auto one = ask(i, "GET", u"bans/users/c"_s);
        QCOMPARE(one.body["reason"_L1].toString(), u"spam"_s);
        const int seconds = one.body["seconds"_L1].toInt();
        QVERIFY(seconds > 30 && seconds <= 60);
    }
}

void tst_ClusterBans::bansAreBoundedOverAllServers()
{
    m_servers.clear();
    for (int i = 0; i < 2; ++i)
        QVERIFY(
            addServer([](DispatchServerSettings &settings) { settings.maxBansPerProject = 2; }));
    QCOMPARE(ban(0, u"users/a"_s), 200);
    QCOMPARE(ban(1, u"users/b"_s), 200);
    const auto full = ask(0, "PUT", u"bans/users/c"_s, R"({"seconds":60})");
    QCOMPARE(full.status, 503);
    QCOMPARE(full.code(), u"server_full"_s);
    QCOMPARE(ban(0, u"users/b"_s, "90"), 200);
    QCOMPARE(names(1), (QStringList{u"a"_s, u"b"_s}));
}

void tst_ClusterBans::bansEndEverywhere()
{
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QCOMPARE(ban(0, u"users/ann"_s, "1"), 200);
    QTRY_COMPARE(names(0), QStringList());
    QTRY_COMPARE(names(1), QStringList());
    QTRY_VERIFY(!keepsOut(1, u"ann"_s));
}

void tst_ClusterBans::bansSaidWhileNobodyListenedAreLearnt()
{
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    m_redis->ask({"CLIENT", "KILL", "TYPE", "pubsub"});
    QCOMPARE(ban(0, u"users/ann"_s), 200);
    QTRY_COMPARE(names(1), QStringList{u"ann"_s});
    QVERIFY(keepsOut(1, u"ann"_s));
}

void tst_ClusterBans::bansAreKnownToServersWhereTheEngineForgotThem()
{
    Peer bob;
    QVERIFY(bob.join(url(1), Room));
    QCOMPARE(ban(1, u"users/ann"_s), 200);
    m_redis->ask({"FLUSHALL"});
    QTRY_COMPARE(ban(0, u"users/eve"_s), 200); // a new life of the stream begins
    QTRY_COMPARE(names(1), (QStringList{u"ann"_s, u"eve"_s}));
    QVERIFY(keepsOut(1, u"ann"_s));
    // It can be taken back, and not only where it is known.
    QCOMPARE(ask(1, "DELETE", u"bans/users/ann"_s).status, 200);
    QCOMPARE(names(1), QStringList{u"eve"_s});
}

void tst_ClusterBans::banningIsRefusedWhileTheEngineIsAway()
{
    Peer bob;
    QVERIFY(bob.join(url(0), inRoom(u"bob"_s)));
    m_redis->pause();
    for (const QString &whom : {u"users/bob"_s, u"clients/nobody"_s}) {
        const auto answer = ask(0, "PUT", u"bans/"_s + whom, R"({"seconds":60})");
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.code(), u"engine_unavailable"_s);
    }
    QCOMPARE(ask(0, "DELETE", u"bans/users/bob"_s).status, 503);
    QCOMPARE(ask(1, "GET", u"bans"_s).status, 503); // it has to ask
    QCOMPARE(names(0), QStringList());
    m_redis->goOn();
    QTRY_COMPARE(names(1), QStringList());
    QVERIFY(!keepsOut(0, u"bob"_s));
}

QTEST_GUILESS_MAIN(tst_ClusterBans)
#include "tst_clusterbans.moc"
