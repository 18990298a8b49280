// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "forgedtokens.h"
#include "neighbour.h"
#include "rawpeer.h"

#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtNetwork/qtcpserver.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Tokens that must not be believed, wherever they are shown; and what those who are not believed
/// can't say of themselves.
class tst_Forgery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void forgedTokensAreRefused_data();
    void forgedTokensAreRefused();
    void badTokensEndTheConnection();
    void tokensHaveAGreatestLength_data();
    void tokensHaveAGreatestLength();
    void nothingIsFetchedForAToken();
    void nobodySaysWhoSpeaks();
    void nobodySpeaksForThePlatform_data();
    void nobodySpeaksForThePlatform();

private:
    QByteArray codeOf(const QByteArray &request);

    const KeyPair m_rsa = KeyPair::rsa();
    DispatchServer m_server;
    Neighbour m_neighbour;
};

namespace {

const QByteArray Secret(32, 's');

QByteArray bearer(const QByteArray &token)
{
    return "Authorization: Bearer " + token + "\r\n";
}

QByteArray identifying(const QByteArray &token)
{
    return "{\"eventName\":\"@@KOJI_DISPATCH/IDENTIFY\",\"payload\":{\"token\":\"" + token + "\"}}";
}

QJsonObject goodClaims(const QString &user)
{
    return {
        {u"exp"_s, QDateTime::currentSecsSinceEpoch() + 600}, {u"aud"_s, u"p"_s}, {u"sub"_s, user}};
}

/// A good token of \a size bytes.
QByteArray tokenOf(int size)
{
    for (int extra = 0; extra < 4; ++extra) {
        const QJsonObject header{{u"alg"_s, u"HS256"_s}, {u"x"_s, QString(extra, u'x')}};
        for (int fill = size / 2; fill < size; ++fill) {
            QJsonObject claims = goodClaims(u"long"_s);
            claims[u"filling"_s] = QString(fill, u'x');
            const QByteArray token = Token::hmacSigned(Token::unsignedText(header, claims), Secret);
            if (token.size() == size)
                return token;
            if (token.size() > size)
                break;
        }
    }
    return {};
}

} // namespace

void tst_Forgery::initTestCase()
{
    QString error;
    const auto verifier = DispatchTokenVerifier::fromKeys(
        {{.algorithm = DispatchTokenKey::HS256, .key = Secret},
         {.algorithm = DispatchTokenKey::RS256, .key = m_rsa.publicPem(), .keyId = u"r"_s}},
        {}, &error);
    QVERIFY2(verifier, qPrintable(error));
    m_server.setTokenVerifier(verifier);
    QVERIFY(m_server.listen());
    QVERIFY(m_neighbour.join(m_server.url(), u"projectId=p&shardName=s"_s));
}

QByteArray tst_Forgery::codeOf(const QByteArray &request)
{
    RawPeer peer(m_server.port());
    peer.send(request);
    const auto response = peer.response();
    const QJsonDocument body = QJsonDocument::fromJson(response.body);
    return QByteArray::number(response.status) + ' ' + body["code"_L1].toString().toLatin1();
}

void tst_Forgery::forgedTokensAreRefused_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("isLate");
    for (const ForgedToken &forged : forgedTokens(Secret, m_rsa))
        QTest::newRow(forged.name) << forged.token << forged.isLate;
}

void tst_Forgery::forgedTokensAreRefused()
{
    QFETCH(QByteArray, token);
    QFETCH(bool, isLate);
    const QByteArray refused = isLate ? "401 token_expired" : "401 unauthorized";
    const QByteArray query = "/?projectId=p&shardName=s&";
    // What is too long for a URL is refused for that.
    const bool fitsUrl = token.size() < 8'000;
    QCOMPARE(codeOf(RawPeer::upgradeRequest(query, bearer(token))), refused);
    QCOMPARE(codeOf(RawPeer::upgradeRequest(query + "authorization=" + token.toPercentEncoding())),
             fitsUrl ? refused : "414 target_too_long");
    QCOMPARE(codeOf(RawPeer::upgradeRequest(query + "projectToken=" + token.toPercentEncoding())),
             fitsUrl ? "401 unauthorized" : "414 target_too_long");
    // That some are of no back end is seen first.
    const QByteArray ofApi =
        codeOf(RawPeer::request("GET", "/api/v1/projects/p/shards", bearer(token)));
    QVERIFY2(ofApi == "401 unauthorized" || ofApi == "403 no_back_end", ofApi.constData());

    RawPeer peer(m_server.port());
    QVERIFY(peer.join(query));
    peer.sendText(identifying(token));
    QVERIFY(peer.waitForText(isLate ? "\"code\":\"token_expired\"" : "\"code\":\"invalid_token\""));
    peer.sendText("{\"eventName\":\"still here\"}");
    QVERIFY(peer.waitForText("\"still here\""));
    QVERIFY(!peer.hasText("userId"));
    QVERIFY(m_neighbour.isUnharmed());
}

void tst_Forgery::badTokensEndTheConnection()
{
    const QByteArray bad = Token::make(goodClaims(u"ann"_s), QByteArray(32, 'x'));
    const QByteArray good = Token::make(goodClaims(u"ann"_s), Secret);
    RawPeer peer(m_server.port());
    QVERIFY(peer.join("/?projectId=p&shardName=other"));
    // A good one in between forgives the others.
    for (int i = 0; i < 4; ++i)
        peer.sendText(identifying(bad));
    peer.sendText(identifying(good));
    QVERIFY(peer.waitForText("\"userId\":\"ann\""));
    for (int i = 0; i < 4; ++i)
        peer.sendText(identifying(bad));
    peer.sendText("{\"eventName\":\"after four\"}");
    QVERIFY(peer.waitForText("\"after four\""));
    peer.sendText(identifying(bad));
    QVERIFY(peer.waitForText("\"code\":\"too_many_bad_tokens\""));
    QTRY_COMPARE_WITH_TIMEOUT(peer.closeCode(), 4501, 10'000);
    QVERIFY(m_neighbour.isUnharmed());
}

void tst_Forgery::tokensHaveAGreatestLength_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("one less") << 8'191 << true;
    QTest::newRow("as many") << 8'192 << true;
    QTest::newRow("one more") << 8'193 << false;
}

void tst_Forgery::tokensHaveAGreatestLength()
{
    QFETCH(int, size);
    QFETCH(bool, isGood);
    const QByteArray token = tokenOf(size);
    QCOMPARE(token.size(), size);
    RawPeer joining(m_server.port());
    joining.send(RawPeer::upgradeRequest("/?projectId=p", bearer(token)));
    QCOMPARE(joining.response(!isGood).status, isGood ? 101 : 401);
    RawPeer peer(m_server.port());
    QVERIFY(peer.join("/?projectId=p&shardName=length"));
    peer.sendText(identifying(token));
    QVERIFY(peer.waitForText(isGood ? "\"userId\":\"long\"" : "\"code\":\"invalid_token\""));
    QVERIFY(m_neighbour.isUnharmed());
}

void tst_Forgery::nothingIsFetchedForAToken()
{
    QTcpServer trap;
    QVERIFY(trap.listen(QHostAddress::LocalHost));
    const QString url = u"http://127.0.0.1:%1/key"_s.arg(trap.serverPort());
    const QJsonObject header{
        {u"alg"_s, u"HS256"_s}, {u"jku"_s, url}, {u"x5u"_s, url}, {u"jwk"_s, url}};
    const QByteArray text = Token::unsignedText(header, goodClaims(u"ann"_s));
    RawPeer peer(m_server.port());
    QVERIFY(peer.join("/?projectId=p&shardName=fetch"));
    peer.sendText(identifying(Token::hmacSigned(text, QByteArray(32, 'x'))));
    QVERIFY(peer.waitForText("\"code\":\"invalid_token\""));
    // What a token says of its key is not heard, so that it does no harm to a good one.
    peer.sendText(identifying(Token::hmacSigned(text, Secret)));
    QVERIFY(peer.waitForText("\"userId\":\"ann\""));
    QVERIFY(!trap.hasPendingConnections());
}

void tst_Forgery::nobodySaysWhoSpeaks()
{
    RawPeer peer(m_server.port());
    QVERIFY(peer.join("/?projectId=p&shardName=s"));
    peer.sendText("{\"eventName\":\"hello\",\"payload\":1,\"clientId\":\"forged\",\"from\":"
                  "\"forged\",\"userId\":\"forged\",\"sender\":\"forged\",\"id\":\"forged\","
                  "\"seq\":\"forged\",\"epoch\":\"forged\",\"time\":\"forged\",\"latencyMs\":-99}");
    Peer &neighbour = m_neighbour.peer();
    QVERIFY(neighbour.waitFor(u"hello"_s));
    const Peer::Message message = neighbour.messages(u"hello"_s).constFirst();
    QCOMPARE(QJsonDocument::fromJson(message.text.toUtf8()).object().keys(),
             (QStringList{u"eventName"_s, u"latencyMs"_s, u"payload"_s}));
    QVERIFY2(!message.text.contains(u"forged"_s), qPrintable(message.text));
    QVERIFY(message.latencyMs >= 0);

    // Nor what the server alone knows of somebody.
    peer.sendText("{\"eventName\":\"@@KOJI_DISPATCH/SET_USER_INFO\",\"payload\":{\"name\":\"M\","
                  "\"userId\":\"forged\",\"clientId\":\"forged\",\"lastPing\":\"forged\"}}");
    QTRY_VERIFY(neighbour.messages(ClientsChanged).constLast().text.contains(u"\"M\""_s));
    for (const Peer::Message &list : neighbour.messages(ClientsChanged))
        QVERIFY2(!list.text.contains(u"forged"_s), qPrintable(list.text));
    QVERIFY(m_neighbour.isUnharmed());
}

void tst_Forgery::nobodySpeaksForThePlatform_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name :
         {"@@KOJI_DISPATCH/CONNECTED", "@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED",
          "@@KOJI_DISPATCH/ERROR", "@@koji_dispatch/connected", "@@ANYTHING", "@@",
          "@@KOJI_DISPATCH/IDENTIFY ", " @@KOJI_DISPATCH/CONNECTED",
          "\\u0040\\u0040KOJI_DISPATCH/CONNECTED", "\\t@@KOJI_DISPATCH/CONNECTED",
          "\xef\xbc\xa0\xef\xbc\xa0KOJI_DISPATCH/CONNECTED",
          "\xef\xb9\xab\xef\xb9\xabKOJI_DISPATCH/CONNECTED", "@\\u200b@KOJI_DISPATCH/CONNECTED",
          "\\ufeff@@KOJI_DISPATCH/CONNECTED"}) {
        QTest::newRow(name) << QByteArray(name);
    }
}

void tst_Forgery::nobodySpeaksForThePlatform()
{
    QFETCH(QByteArray, name);
    RawPeer peer(m_server.port());
    QVERIFY(peer.join("/?projectId=p&shardName=s"));
    const QByteArray message =
        "{\"eventName\":\"" + name + "\",\"payload\":{\"clientId\":\"forged\"}}";
    peer.sendText(message);
    QVERIFY(peer.waitForText("\"code\":\"reserved_event\""));
    peer.sendText(message);
    peer.sendText("{\"eventName\":\"after two\"}");
    QVERIFY(peer.waitForText("\"after two\""));
    peer.sendText(message);
    QVERIFY(peer.waitForText("\"code\":\"too_many_reserved_events\""));
    QTRY_COMPARE_WITH_TIMEOUT(peer.closeCode(), 1008, 10'000);
    QVERIFY(m_neighbour.isUnharmed());
    for (const Peer::Message &heard : m_neighbour.peer().all())
        QVERIFY2(!heard.text.contains(u"forged"_s), qPrintable(heard.text));
}

QTEST_GUILESS_MAIN(tst_Forgery)
#include "tst_forgery.moc"
