// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchserver.h"
#include "dispatchtokenverifier.h"
#include "extendedpeer.h"
#include "keypair.h"
#include "peer.h"
#include "rawpeer.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Tokens, from joining to their end, over real sockets.
class tst_Identity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keysOfAllKindsLetIn();
    void refusalsTellNothing_data();
    void refusalsTellNothing();
    void endOfATokenIsTold();
    void anotherTokenKeepsTheConnection();
    void badTokenDoesNot();
    void anotherUserIsAnotherToken();
    void whoHasNoTokenHasNoEnd();
    void sessionEndsWithItsToken();
    void whoComesBackIsAskedAgain();
    void graceIsExchangedWhileItRuns();
    void backEndsRenewTheirs();
    void tokensAreForTheirShards_data();
    void tokensAreForTheirShards();
    void serverChoosesAmongTheShardsOfTheToken();
    void identifyingHoldsToTheShards();

private:
    void set(int grace, bool requireShardClaim = false);

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

const QByteArray Secret(32, 's');

qint64 now()
{
    return QDateTime::currentSecsSinceEpoch();
}

QJsonObject claims(const QJsonObject &more = {})
{
    QJsonObject made{{u"exp"_s, now() + 600}, {u"aud"_s, u"p"_s}, {u"sub"_s, u"ann"_s}};
    for (auto it = more.begin(); it != more.end(); ++it)
        made[it.key()] = it.value();
    return made;
}

QByteArray token(const QJsonObject &more = {})
{
    return Token::make(claims(more), Secret);
}

/// Taken, for there is a leeway; and at its end already.
QByteArray endingToken(const QString &user = u"ann"_s)
{
    return token({{u"exp"_s, now() - 10}, {u"sub"_s, user}});
}

void identify(Peer &peer, const QByteArray &withToken)
{
    peer.emitEvent(Identify, QJsonObject{{u"token"_s, QString::fromLatin1(withToken)}});
}

QString userOf(const Peer &peer)
{
    return peer.clients()[peer.clientId()]["userId"_L1].toString();
}

QByteArray bearer(const QByteArray &withToken)
{
    return withToken.isEmpty() ? withToken : "Authorization: Bearer " + withToken + "\r\n";
}

} // namespace

void tst_Identity::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(DispatchTokenVerifier::sharedSecret(Secret));
    set(60'000);
    QVERIFY(m_server->listen());
}

void tst_Identity::set(int grace, bool requireShardClaim)
{
    DispatchServerSettings settings;
    settings.tokenExpiryGrace = grace;
    settings.heartbeatTimeout = 200; // how often tokens are looked at depends on it
    settings.requireShardClaim = requireShardClaim;
    m_server->setSettings(settings);
}

void tst_Identity::keysOfAllKindsLetIn()
{
    const KeyPair rsa = KeyPair::rsa();
    const KeyPair ec = KeyPair::ec();
    m_server->setTokenVerifier(DispatchTokenVerifier::fromKeys(
        {{.algorithm = DispatchTokenKey::HS256, .key = Secret},
         {.algorithm = DispatchTokenKey::RS256, .key = rsa.publicPem(), .keyId = u"r"_s},
         {.algorithm = DispatchTokenKey::ES256, .key = ec.publicPem(), .keyId = u"e"_s}}));
    const QByteArray tokens[] = {
        token(),
        rsa.token(claims(), {{u"alg"_s, u"RS256"_s}, {u"kid"_s, u"r"_s}}),
        ec.token(claims(), {{u"alg"_s, u"ES256"_s}, {u"kid"_s, u"e"_s}}),
    };
    for (const QByteArray &each : tokens) {
        RawPeer joining(m_server->port());
        joining.send(RawPeer::upgradeRequest("/?projectId=p", bearer(each)));
        QCOMPARE(joining.response(false).status, 101);
        QVERIFY(joining.waitForText("\"userId\":\"ann\""));
        Peer identifying;
        QVERIFY(identifying.join(m_server->url(), u"projectId=p"_s));
        identify(identifying, each);
        QTRY_COMPARE(userOf(identifying), u"ann"_s);
    }
}

void tst_Identity::refusalsTellNothing_data()
{
    QTest::addColumn<QByteArray>("bad");
    QTest::addColumn<QByteArray>("code");
    const QByteArray unauthorized = "unauthorized";
    QTest::newRow("nonsense") << QByteArray("nonsense") << unauthorized;
    QTest::newRow("another project") << token({{u"aud"_s, u"q"_s}}) << unauthorized;
    QTest::newRow("another project, too late")
        << token({{u"aud"_s, u"q"_s}, {u"exp"_s, 1}}) << unauthorized;
    QTest::newRow("another secret") << Token::make(claims(), QByteArray(32, 't')) << unauthorized;
    QTest::newRow("another secret, too late")
        << Token::make(claims({{u"exp"_s, 1}}), QByteArray(32, 't')) << unauthorized;
    QTest::newRow("of another project's back end")
        << token({{u"role"_s, u"backend"_s}, {u"aud"_s, u"q"_s}}) << unauthorized;
    QTest::newRow("too late") << token({{u"exp"_s, now() - 60}}) << QByteArray("token_expired");
}

void tst_Identity::refusalsTellNothing()
{
    QFETCH(QByteArray, bad);
    QFETCH(QByteArray, code);
    RawPeer joining(m_server->port());
    joining.send(RawPeer::upgradeRequest("/?projectId=p", bearer(bad)));
    const RawPeer::Response answer = joining.response();
    QCOMPARE(answer.status, 401);
    QCOMPARE(answer.headers.value("www-authenticate"), "Bearer");
    QCOMPARE(QJsonDocument::fromJson(answer.body)["code"_L1].toString().toLatin1(), code);
    if (code == "unauthorized") {
        RawPeer other(m_server->port());
        other.send(RawPeer::upgradeRequest("/?projectId=p", bearer("x.y.z")));
        QCOMPARE(other.response().body, answer.body);
    }

    Peer identifying;
    QVERIFY(identifying.join(m_server->url(), u"projectId=p"_s));
    identify(identifying, bad);
    QVERIFY(
        identifying.waitForError(code == "unauthorized" ? u"invalid_token"_s : u"token_expired"_s));
    QCOMPARE(identifying.count(Error), 1);
}

void tst_Identity::endOfATokenIsTold()
{
    set(200);
    RawPeer peer(m_server->port());
    peer.answerPings();
    peer.send(RawPeer::upgradeRequest("/?projectId=p", bearer(endingToken())));
    QCOMPARE(peer.response(false).status, 101);
    QVERIFY(peer.waitForText("\"code\":\"token_expired\""));
    QVERIFY(peer.waitForText("\"code\":\"token_not_renewed\""));
    QTRY_COMPARE((peer.frames(), peer.closeCode()), 4003);
}

void tst_Identity::anotherTokenKeepsTheConnection()
{
    set(300);
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, endingToken());
    QVERIFY(ann.waitForError(u"token_expired"_s));
    QTRY_COMPARE(userOf(ann), u"ann"_s);
    identify(ann, token());
    const int lists = ann.count(ClientsChanged);
    // Another client's end shows that the grace is over.
    Peer other;
    QVERIFY(other.join(m_server->url(), u"projectId=p&shardName=elsewhere"_s));
    identify(other, endingToken());
    QVERIFY(other.waitForClose());
    QCOMPARE(other.closeCode(), 4003);
    ann.emitEvent(u"alive"_s, 1, QJsonArray{u"ann"_s});
    QVERIFY(ann.waitFor(u"alive"_s));
    // The user is the same: there was nothing to tell.
    QCOMPARE(ann.count(ClientsChanged), lists);
    QCOMPARE(ann.count(Error), 1);
}

void tst_Identity::badTokenDoesNot()
{
    set(300);
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, endingToken());
    QVERIFY(ann.waitForError(u"token_expired"_s));
    identify(ann, "nonsense");
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4003);
}

void tst_Identity::anotherUserIsAnotherToken()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, token());
    QTRY_COMPARE(userOf(ann), u"ann"_s);
    const int lists = ann.count(ClientsChanged);
    identify(ann, token({{u"sub"_s, u"bob"_s}}));
    QTRY_COMPARE(userOf(ann), u"bob"_s);
    ann.emitEvent(u"old"_s, 1, QJsonArray{u"ann"_s});
    ann.emitEvent(u"new"_s, 1, QJsonArray{u"bob"_s});
    QVERIFY(ann.waitFor(u"new"_s));
    QCOMPARE(ann.count(u"old"_s), 0);
    QCOMPARE(ann.count(u"new"_s), 1);
    QCOMPARE(ann.count(ClientsChanged), lists + 1);
}

void tst_Identity::whoHasNoTokenHasNoEnd()
{
    set(50);
    Peer anonymous;
    QVERIFY(anonymous.join(m_server->url(), u"projectId=p"_s));
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, endingToken());
    QVERIFY(ann.waitForClose());
    anonymous.emitEvent(u"alive"_s);
    QVERIFY(anonymous.waitFor(u"alive"_s));
    QCOMPARE(anonymous.count(Error), 0);
}

void tst_Identity::sessionEndsWithItsToken()
{
    set(1);
    ExtendedPeer ann;
    const QString anonymous = u"projectId=p&shardName=s"_s;
    QVERIFY(ann.join(m_server->url(),
                     anonymous + u"&authorization="_s + QString::fromLatin1(endingToken())));
    const QString clientId = ann.clientId();
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4003);
    QVERIFY(ann.resume(m_server->url(), anonymous));
    QVERIFY(ann.clientId() != clientId);
    QCOMPARE(ann.greeting()["userId"_L1].toString(), QString());
}

void tst_Identity::whoComesBackIsAskedAgain()
{
    ExtendedPeer ann;
    const QString query = u"projectId=p&shardName=s"_s;
    QVERIFY(ann.join(m_server->url(),
                     query + u"&authorization="_s + QString::fromLatin1(endingToken())));
    QVERIFY(ann.waitForError(u"token_expired"_s));
    const QString clientId = ann.clientId();
    ann.cut();
    ann.forget();
    QVERIFY(ann.resume(m_server->url(), query));
    QCOMPARE(ann.clientId(), clientId);
    QVERIFY(ann.waitForError(u"token_expired"_s));
}

void tst_Identity::graceIsExchangedWhileItRuns()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p"_s));
    identify(ann, endingToken());
    QVERIFY(ann.waitForError(u"token_expired"_s));
    set(1);
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 4003);
}

void tst_Identity::backEndsRenewTheirs()
{
    set(300);
    const auto backendToken = [](qint64 end) {
        return token({{u"role"_s, u"backend"_s}, {u"exp"_s, end}});
    };
    const QString query =
        u"projectId=p&projectToken="_s + QString::fromLatin1(backendToken(now() - 10));
    Peer renewing;
    Peer other;
    QVERIFY(renewing.join(m_server->url(), query));
    QVERIFY(renewing.waitForError(u"token_expired"_s));
    identify(renewing, backendToken(now() + 600));
    QVERIFY(other.join(m_server->url(), query));
    QVERIFY(other.waitForClose());
    QCOMPARE(other.closeCode(), 4003);
    QCOMPARE(renewing.count(Error), 1);
    QCOMPARE(renewing.socket().state(), QAbstractSocket::ConnectedState);
}

void tst_Identity::tokensAreForTheirShards_data()
{
    QTest::addColumn<bool>("isRequired");
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const QByteArray some = token({{u"shards"_s, QJsonArray{u"a"_s, u"b c"_s}}});
    const QString refused = u"shard_not_allowed"_s;
    QTest::newRow("named") << true << some << QByteArray("/?projectId=p&shardName=a") << 101
                           << u""_s;
    QTest::newRow("named, with a blank")
        << true << some << QByteArray("/?projectId=p&shardName=b%20c") << 101 << u""_s;
    QTest::newRow("another") << true << some << QByteArray("/?projectId=p&shardName=c") << 403
                             << refused;
    QTest::newRow("another, though it need not be named")
        << false << some << QByteArray("/?projectId=p&shardName=c") << 403 << refused;
    QTest::newRow("no claim") << true << token() << QByteArray("/?projectId=p&shardName=a") << 403
                              << refused;
    QTest::newRow("no claim, none needed")
        << false << token() << QByteArray("/?projectId=p&shardName=a") << 101 << u""_s;
    QTest::newRow("no token") << true << QByteArray() << QByteArray("/?projectId=p&shardName=a")
                              << 401 << u"unauthorized"_s;
    QTest::newRow("no shards at all") << true << token({{u"shards"_s, QJsonArray()}})
                                      << QByteArray("/?projectId=p") << 403 << refused;
    QTest::newRow("a shard without a name") << true << token({{u"shards"_s, QJsonArray{u""_s}}})
                                            << QByteArray("/?projectId=p") << 403 << refused;
}

void tst_Identity::tokensAreForTheirShards()
{
    QFETCH(bool, isRequired);
    QFETCH(QByteArray, shown);
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    QFETCH(QString, code);
    set(60'000, isRequired);
    RawPeer peer(m_server->port());
    peer.send(RawPeer::upgradeRequest(target, bearer(shown)));
    const RawPeer::Response answer = peer.response(status != 101);
    QCOMPARE(answer.status, status);
    QCOMPARE(QJsonDocument::fromJson(answer.body)["code"_L1].toString(), code);
}

void tst_Identity::serverChoosesAmongTheShardsOfTheToken()
{
    const QString shown =
        QString::fromLatin1(token({{u"shards"_s, QJsonArray{u"full"_s, u"free"_s}}}));
    Peer first;
    QVERIFY(first.join(m_server->url(), u"projectId=p&shardName=full&maxConnectionsPerShard=1"_s));
    Peer second;
    QVERIFY(second.join(m_server->url(),
                        u"projectId=p&maxConnectionsPerShard=1&authorization="_s + shown));
    QCOMPARE(second.shardName(), u"free"_s);
    RawPeer third(m_server->port());
    third.send(RawPeer::upgradeRequest("/?projectId=p&maxConnectionsPerShard=1",
                                       bearer(shown.toLatin1())));
    QCOMPARE(third.response().status, 409);
}

void tst_Identity::identifyingHoldsToTheShards()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), u"projectId=p&shardName=c"_s));
    identify(ann, token({{u"shards"_s, QJsonArray{u"a"_s}}}));
    QVERIFY(ann.waitForError(u"shard_not_allowed"_s));
    identify(ann, token({{u"shards"_s, QJsonArray{u"a"_s, u"c"_s}}}));
    QTRY_COMPARE(userOf(ann), u"ann"_s);
}

QTEST_GUILESS_MAIN(tst_Identity)
#include "tst_identity.moc"
