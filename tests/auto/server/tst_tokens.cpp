// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "keypair.h"
#include "keyring_p.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Which tokens are believed, and which not. The keys are made when the test starts.
class tst_Tokens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tokensOfTheKeysAreBelieved_data();
    void tokensOfTheKeysAreBelieved();
    void othersAreRefused_data();
    void othersAreRefused();
    void keysWithoutKidAreTriedInOrder();
};

using Fault = DispatchTokenVerdict::Fault;
Q_DECLARE_METATYPE(DispatchTokenVerdict::Fault)

namespace {

constexpr qint64 Now = 1'700'000'000;

struct Keys {
    QByteArray secret = QByteArray(32, 's');
    KeyPair rsa = KeyPair::rsa();
    KeyPair ec = KeyPair::ec();
    KeyPair strange = KeyPair::rsa();
    KeyPair strangeEc = KeyPair::ec();
};

const Keys &keys()
{
    static const Keys keys;
    return keys;
}

const Dispatch::KeyRing &ring()
{
    static const auto ring = std::get<Dispatch::KeyRing>(Dispatch::KeyRing::make(
        {{.algorithm = DispatchTokenKey::HS256, .key = keys().secret},
         {.algorithm = DispatchTokenKey::HS256, .key = QByteArray(40, 'n'), .keyId = u"named"_s},
         {.algorithm = DispatchTokenKey::RS256, .key = keys().rsa.publicPem(), .keyId = u"r.1"_s},
         {.algorithm = DispatchTokenKey::ES256, .key = keys().ec.publicPem(), .keyId = u"e-1"_s}}));
    return ring;
}

QJsonObject claims()
{
    return {{u"exp"_s, Now + 60}, {u"aud"_s, u"p"_s}, {u"sub"_s, u"ann"_s}};
}

QJsonObject header(const QString &algorithm, const QString &keyId = {})
{
    QJsonObject made{{u"alg"_s, algorithm}};
    if (!keyId.isEmpty())
        made[u"kid"_s] = keyId;
    return made;
}

QJsonObject with(QJsonObject object, const QString &name, const QJsonValue &value)
{
    object[name] = value;
    return object;
}

QByteArray hmac(const QJsonObject &head, const QByteArray &secret = keys().secret)
{
    return Token::hmacSigned(Token::unsignedText(head, claims()), secret);
}

/// Signed well, whatever the JSON is.
QByteArray raw(const QByteArray &head, const QByteArray &body)
{
    return Token::hmacSigned(Token::encoded(head) + '.' + Token::encoded(body), keys().secret);
}

QByteArray bodyText()
{
    return QJsonDocument(claims()).toJson(QJsonDocument::Compact);
}

QByteArray good()
{
    return hmac(header(u"HS256"_s));
}

/// \a token with its part number \a index exchanged.
QByteArray withPart(const QByteArray &token, int index, const QByteArray &part)
{
    QList<QByteArray> parts = token.split('.');
    parts[index] = part;
    return parts.join('.');
}

/// The same bytes in another spelling: the last sign carries bits that no byte has.
QByteArray strayBits(QByteArray part)
{
    const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const auto place = alphabet.indexOf(part.back());
    part.back() = alphabet[place + 1];
    return part;
}

DispatchTokenVerdict judged(const QByteArray &token)
{
    return Dispatch::KeyRing::judge(ring().verify(token), u"p"_s, Dispatch::TokenRole::User, Now);
}

} // namespace

void tst_Tokens::tokensOfTheKeysAreBelieved_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("HS256") << good();
    QTest::newRow("HS256, with a type") << hmac(with(header(u"HS256"_s), u"typ"_s, u"JWT"_s));
    QTest::newRow("HS256 by kid") << hmac(header(u"HS256"_s, u"named"_s), QByteArray(40, 'n'));
    QTest::newRow("RS256") << keys().rsa.token(claims(), header(u"RS256"_s, u"r.1"_s));
    QTest::newRow("ES256") << keys().ec.token(claims(), header(u"ES256"_s, u"e-1"_s));
    const QJsonObject elsewhere{{u"kty"_s, u"oct"_s}, {u"k"_s, u"AAAA"_s}};
    QTest::newRow("jku, jwk, x5u and x5c are nothing")
        << hmac(with(with(with(with(header(u"HS256"_s), u"jku"_s, u"https://evil.example/keys"_s),
                               u"jwk"_s, elsewhere),
                          u"x5u"_s, u"https://evil.example/cert"_s),
                     u"x5c"_s, u"AAAA"_s));
}

void tst_Tokens::tokensOfTheKeysAreBelieved()
{
    QFETCH(QByteArray, token);
    const DispatchTokenVerdict verdict = judged(token);
    QCOMPARE(verdict.reason, QString());
    QCOMPARE(verdict.userId, u"ann"_s);
}

void tst_Tokens::othersAreRefused_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<Fault>("fault");
    const auto row = [](const char *name, const QByteArray &token, Fault fault) {
        QTest::newRow(name) << token << fault;
    };
    using V = DispatchTokenVerdict;
    const QByteArray pem = keys().rsa.publicPem();
    const auto unsignedToken = [](const QString &algorithm) {
        return Token::unsignedText(header(algorithm), claims()) + '.';
    };

    for (const char *none : {"none", "None", "NONE", "nOnE"}) {
        const QString algorithm = QString::fromLatin1(none);
        row(qPrintable(algorithm + u", unsigned"_s), unsignedToken(algorithm), V::Malformed);
        row(qPrintable(algorithm + u", signed"_s), hmac(header(algorithm)), V::WrongAlgorithm);
        row(qPrintable(algorithm + u", of a key pair"_s), hmac(header(algorithm, u"r.1"_s)),
            V::WrongAlgorithm);
    }
    row("no alg", hmac({}), V::WrongAlgorithm);
    row("alg that is no text", hmac({{u"alg"_s, 256}}), V::WrongAlgorithm);
    row("alg in other letters", hmac(header(u"hs256"_s)), V::WrongAlgorithm);
    row("HS256 with the public RSA key", hmac(header(u"HS256"_s, u"r.1"_s), pem),
        V::WrongAlgorithm);
    row("the same without its last line break", hmac(header(u"HS256"_s, u"r.1"_s), pem.trimmed()),
        V::WrongAlgorithm);
    row("HS256 with the public EC key", hmac(header(u"HS256"_s, u"e-1"_s), keys().ec.publicPem()),
        V::WrongAlgorithm);
    row("HS256 with the public key, without kid", hmac(header(u"HS256"_s), pem), V::BadSignature);
    row("RS256 where HS256 is due", keys().rsa.token(claims(), header(u"RS256"_s)),
        V::WrongAlgorithm);
    row("RS256 with another key", keys().strange.token(claims(), header(u"RS256"_s, u"r.1"_s)),
        V::BadSignature);
    row("RS512 in name", keys().rsa.token(claims(), header(u"RS512"_s, u"r.1"_s)),
        V::WrongAlgorithm);
    row("PS256 in name", keys().rsa.token(claims(), header(u"PS256"_s, u"r.1"_s)),
        V::WrongAlgorithm);
    row("ES256 with another key", keys().strangeEc.token(claims(), header(u"ES256"_s, u"e-1"_s)),
        V::BadSignature);
    row("ES256 with the kid of RS256", keys().ec.token(claims(), header(u"ES256"_s, u"r.1"_s)),
        V::WrongAlgorithm);
    row("ES256 of zeros",
        Token::unsignedText(header(u"ES256"_s, u"e-1"_s), claims()) + '.'
            + Token::encoded(QByteArray(64, '\0')),
        V::BadSignature);
    row("EdDSA in name", hmac(header(u"EdDSA"_s)), V::WrongAlgorithm);
    row("HS512",
        Token::hmacSigned(Token::unsignedText(header(u"HS512"_s), claims()), keys().secret,
                          QCryptographicHash::Sha512),
        V::WrongAlgorithm);
    row("another secret", hmac(header(u"HS256"_s), QByteArray(32, 't')), V::BadSignature);
    row("the secret of another kid", hmac(header(u"HS256"_s, u"named"_s)), V::BadSignature);

    row("unknown kid", hmac(header(u"HS256"_s, u"other"_s)), V::UnknownKey);
    row("kid in other letters", hmac(header(u"HS256"_s, u"Named"_s)), V::UnknownKey);
    row("kid that is a path", hmac(header(u"HS256"_s, u"../../dev/null"_s)), V::UnknownKey);
    row("kid that is SQL", hmac(header(u"HS256"_s, u"x' or '1'='1"_s)), V::UnknownKey);
    row("kid that is a URL", hmac(header(u"HS256"_s, u"https://evil.example/k"_s)), V::UnknownKey);
    row("kid with a NUL", hmac(header(u"HS256"_s, u"named"_s + QChar(0))), V::UnknownKey);
    row("kid too long", hmac(header(u"HS256"_s, QString(65, u'k'))), V::UnknownKey);
    row("empty kid", hmac(with(header(u"HS256"_s), u"kid"_s, QString())), V::UnknownKey);
    row("kid that is no text", hmac(with(header(u"HS256"_s), u"kid"_s, 1)), V::UnknownKey);
    row("kid that is null", hmac(with(header(u"HS256"_s), u"kid"_s, QJsonValue::Null)),
        V::UnknownKey);
    row("crit", hmac(with(header(u"HS256"_s), u"crit"_s, QJsonArray{u"exp"_s})), V::Unsupported);

    const QByteArray other = Token::encoded(with(claims(), u"sub"_s, u"boss"_s));
    row("forged claims", withPart(good(), 1, other), V::BadSignature);
    row("stripped signature", withPart(good(), 2, {}), V::Malformed);
    row("shortened signature", withPart(good(), 2, good().split('.')[2].left(40)), V::BadSignature);
    row("two parts", good().left(good().lastIndexOf('.')), V::Malformed);
    row("four parts", good() + ".e30", V::Malformed);
    row("no parts", "hello", V::Malformed);
    row("points alone", "..", V::Malformed);
    row("empty", {}, V::Malformed);
    row("padded", good() + '=', V::Malformed);
    row("padded claims", withPart(good(), 1, good().split('.')[1] + "=="), V::Malformed);
    row("stray bits in the signature", withPart(good(), 2, strayBits(good().split('.')[2])),
        V::Malformed);
    row("standard base64", withPart(good(), 2, "+/+/"), V::Malformed);
    row("a blank in it", QByteArray(good()).insert(10, ' '), V::Malformed);
    row("a line break behind it", good() + '\n', V::Malformed);
    row("something behind a NUL", good() + QByteArray(1, '\0') + "x", V::Malformed);
    row("a NUL in front", QByteArray(1, '\0') + good(), V::Malformed);
    row("too long",
        Token::hmacSigned(
            Token::unsignedText(header(u"HS256"_s), with(claims(), u"x"_s, QString(8192, u'x'))),
            keys().secret),
        V::Malformed);
    row("too long to be looked at", QByteArray(1'000'000, 'a'), V::Malformed);

    const QByteArray head = R"({"alg":"HS256"})";
    row("a claim twice", raw(head, R"({"sub":"boss",)" + bodyText().mid(1)), V::Malformed);
    row("a claim twice, once in escapes", raw(head, R"({"s\u0075b":"boss",)" + bodyText().mid(1)),
        V::Malformed);
    row("alg twice", raw(R"({"alg":"none","alg":"HS256"})", bodyText()), V::Malformed);
    row("kid twice", raw(R"({"kid":"a","kid":"b","alg":"HS256"})", bodyText()), V::Malformed);
    row("something behind the claims", raw(head, bodyText() + "{}"), V::Malformed);
    row("a NUL behind the claims", raw(head, bodyText() + QByteArray(1, '\0') + "{}"),
        V::Malformed);
    row("claims that are a list", raw(head, "[]"), V::Malformed);
    row("claims that are no JSON", raw(head, "{'sub':'ann'}"), V::Malformed);
    row("claims that are no UTF-8", raw(head, "{\"sub\":\"\xff\"}"), V::Malformed);
    row("claims that nest without end", raw(head, QByteArray(2000, '[')), V::Malformed);
    row("deep claims",
        raw(head,
            "{\"x\":" + QByteArray(100, '[') + QByteArray(100, ']') + ',' + bodyText().mid(1)),
        V::Malformed);
    row("a number that is none", raw(head, R"({"exp":1e,)" + bodyText().mid(1)), V::Malformed);
}

void tst_Tokens::othersAreRefused()
{
    QFETCH(QByteArray, token);
    QFETCH(Fault, fault);
    const DispatchTokenVerdict verdict = judged(token);
    QCOMPARE(verdict.userId, QString());
    QCOMPARE(verdict.fault, fault);
    QVERIFY(!verdict.reason.isEmpty());
    for (const QByteArray &part : token.split('.'))
        QVERIFY(part.size() < 8 || !verdict.reason.contains(QString::fromLatin1(part)));
}

void tst_Tokens::keysWithoutKidAreTriedInOrder()
{
    const QByteArray old(32, 'o');
    const auto both = std::get<Dispatch::KeyRing>(Dispatch::KeyRing::make(
        {{.algorithm = DispatchTokenKey::HS256, .key = keys().secret, .projects = {u"p"_s}},
         {.algorithm = DispatchTokenKey::ES256, .key = keys().ec.publicPem()},
         {.algorithm = DispatchTokenKey::HS256, .key = old, .projects = {u"q"_s}}}));
    const auto userOf = [&both](const QByteArray &token, const QString &project) {
        return Dispatch::KeyRing::judge(both.verify(token), project, Dispatch::TokenRole::User, Now)
            .userId;
    };
    QCOMPARE(userOf(good(), u"p"_s), u"ann"_s);
    QCOMPARE(userOf(keys().ec.token(claims(), header(u"ES256"_s)), u"p"_s), u"ann"_s);
    QCOMPARE(userOf(hmac(header(u"HS256"_s), old), u"p"_s), QString());
    const QByteArray forQ = Token::hmacSigned(
        Token::unsignedText(header(u"HS256"_s), with(claims(), u"aud"_s, u"q"_s)), old);
    QCOMPARE(userOf(forQ, u"q"_s), u"ann"_s);
}

QTEST_APPLESS_MAIN(tst_Tokens)
#include "tst_tokens.moc"
