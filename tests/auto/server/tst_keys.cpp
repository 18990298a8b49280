// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchtokenverifier.h"
#include "keypair.h"
#include "tokencache_p.h"

#include <QtCore/qdatetime.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Keys as they are configured, and what a verifier made of them does.
class tst_Keys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void badKeysAreRefused_data();
    void badKeysAreRefused();
    void goodKeysAreTaken();
    void algorithmsHaveNames();
    void kidsAreUnique();
    void withoutAKeyTheVerifierSaysSo();
    void whatStandsAroundAPublicKeyIsLeftOut();
    void verifierKnowsTheTime();
    void backEndsHaveFixedTokens();
    void badProjectTokensAreRefused();
    void cacheForgets();
    void cacheIsBounded();
};

namespace {

const QByteArray Secret(32, 's');

QByteArray tokenFor(const QJsonObject &more)
{
    QJsonObject claims{{u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60},
                       {u"aud"_s, u"p"_s},
                       {u"sub"_s, u"ann"_s}};
    for (auto it = more.begin(); it != more.end(); ++it)
        claims[it.key()] = it.value();
    return Token::make(claims, Secret);
}

} // namespace

void tst_Keys::badKeysAreRefused_data()
{
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, int algorithm, const QByteArray &key,
                        const QString &word) { QTest::newRow(name) << algorithm << key << word; };
    const KeyPair rsa = KeyPair::rsa();
    const KeyPair ec = KeyPair::ec();
    using Key = DispatchTokenKey;
    const QString pair = u"of a pair"_s;
    row("no secret", Key::HS256, {}, u"shorter than 32"_s);
    row("a short secret", Key::HS256, QByteArray(31, 's'), u"shorter than 32"_s);
    row("a public RSA key as secret", Key::HS256, rsa.publicPem(), pair);
    row("a public EC key as secret", Key::HS256, ec.publicPem(), pair);
    row("a private key as secret", Key::HS256, rsa.privatePem(), pair);
    row("a public key as secret, behind blanks", Key::HS256, "\n\n  " + rsa.publicPem(), pair);
    row("a public key as secret, in DER", Key::HS256, rsa.publicDer(), pair);
    row("a public key as secret, without its frame", Key::HS256, rsa.publicDer().toBase64(), pair);
    row("an SSH key as secret", Key::HS256, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 ann@host",
        pair);
    row("a JWK as secret", Key::HS256, R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZpt","e":"AQAB"})",
        pair);
    row("no RSA key", Key::RS256, {}, u"no public key"_s);
    row("a secret as RSA key", Key::RS256, Secret, u"no public key"_s);
    row("a private RSA key", Key::RS256, rsa.privatePem(), u"public one alone"_s);
    row("a short RSA key", Key::RS256, KeyPair::rsa(1024).publicPem(), u"2048"_s);
    row("an EC key as RSA key", Key::RS256, ec.publicPem(), u"no RSA key"_s);
    row("an RSA key as EC key", Key::ES256, rsa.publicPem(), u"P-256"_s);
    row("another curve", Key::ES256, KeyPair::ec("P-384").publicPem(), u"P-256"_s);
    row("a private EC key", Key::ES256, ec.privatePem(), u"public one alone"_s);
    row("a broken PEM", Key::ES256, ec.publicPem().replace("MFkw", "MFkx"), u"no public key"_s);
}

void tst_Keys::badKeysAreRefused()
{
    QFETCH(int, algorithm);
    QFETCH(QByteArray, key);
    QFETCH(QString, word);
    QString error;
    const DispatchTokenKey settings{.algorithm = DispatchTokenKey::Algorithm(algorithm),
                                    .key = key};
    QVERIFY(!DispatchTokenVerifier::fromKeys({settings}, {}, &error));
    QVERIFY2(error.startsWith("Key number 1: "_L1) && error.contains(word), qPrintable(error));
    QVERIFY(key.isEmpty() || !error.contains(QString::fromLatin1(key)));
    QVERIFY(!DispatchTokenVerifier::fromKeys({settings}));
}

void tst_Keys::goodKeysAreTaken()
{
    QString error;
    QVERIFY(DispatchTokenVerifier::fromKeys(
        {{.algorithm = DispatchTokenKey::HS256, .key = Secret, .keyId = u"2026-01.a_b"_s},
         {.algorithm = DispatchTokenKey::RS256, .key = KeyPair::rsa().publicPem()},
         {.algorithm = DispatchTokenKey::RS256, .key = KeyPair::rsa(3072).publicPem()},
         {.algorithm = DispatchTokenKey::ES256, .key = KeyPair::ec().publicPem()}},
        {}, &error));
    QCOMPARE(error, QString());
    QVERIFY(DispatchTokenVerifier::sharedSecret(Secret));
    QVERIFY(!DispatchTokenVerifier::sharedSecret(QByteArray(31, 's')));
    QVERIFY(!DispatchTokenVerifier::sharedSecret(KeyPair::ec().publicPem()));
    // Whatever the bytes of a secret are, a NUL, too.
    QVERIFY(DispatchTokenVerifier::sharedSecret(QByteArray(32, '\0')));
}

void tst_Keys::algorithmsHaveNames()
{
    QCOMPARE(DispatchTokenKey::algorithmFromName(u"HS256"), DispatchTokenKey::HS256);
    QCOMPARE(DispatchTokenKey::algorithmFromName(u"RS256"), DispatchTokenKey::RS256);
    QCOMPARE(DispatchTokenKey::algorithmFromName(u"ES256"), DispatchTokenKey::ES256);
    for (const char16_t *name : {u"", u"none", u"hs256", u"HS512", u"PS256", u"EdDSA"})
        QVERIFY(!DispatchTokenKey::algorithmFromName(name));
}

void tst_Keys::kidsAreUnique()
{
    const DispatchTokenKey named{.key = Secret, .keyId = u"k"_s};
    QString error;
    QVERIFY(!DispatchTokenVerifier::fromKeys({named, named}, {}, &error));
    QVERIFY2(error.contains("same kid"_L1), qPrintable(error));
    const QStringList impossible{u"../k"_s, u"a b"_s, QString(65, u'k'), u"k\u00e4"_s};
    for (const QString &kid : impossible)
        QVERIFY(!DispatchTokenVerifier::fromKeys({{.key = Secret, .keyId = kid}}));
    QVERIFY(DispatchTokenVerifier::fromKeys({{.key = Secret, .keyId = QString(64, u'k')}}));
    QVERIFY(!DispatchTokenVerifier::fromKeys({{.key = Secret, .projects = {u"no project"_s}}}));
}

void tst_Keys::withoutAKeyTheVerifierSaysSo()
{
    using V = DispatchTokenVerdict;
    const QByteArray fixed(40, 'p');
    const auto none = DispatchTokenVerifier::fromKeys({});
    QCOMPARE(none->verify(fixed, u"p"_s).fault, V::NoKey);
    QCOMPARE(none->verifyBackend(fixed, u"p"_s).fault, V::NoKey);
    const auto backEnds =
        DispatchTokenVerifier::fromKeys({}, {{.projectId = u"p"_s, .token = fixed}});
    QCOMPARE(backEnds->verify(fixed, u"p"_s).fault, V::NoKey);
    QCOMPARE(backEnds->verifyBackend("another", u"p"_s).fault, V::Invalid);
    QVERIFY(backEnds->verifyBackend(fixed, u"p"_s));
}

void tst_Keys::whatStandsAroundAPublicKeyIsLeftOut()
{
    const KeyPair mine = KeyPair::ec();
    const auto verifier = DispatchTokenVerifier::fromKeys(
        {{.algorithm = DispatchTokenKey::ES256,
          .key = "The key of today:\n" + mine.publicPem() + KeyPair::ec().publicPem()}});
    QVERIFY(verifier);
    const QJsonObject claims{{u"exp"_s, QDateTime::currentSecsSinceEpoch() + 60},
                             {u"aud"_s, u"p"_s},
                             {u"sub"_s, u"ann"_s}};
    const QByteArray token = mine.token(claims, {{u"alg"_s, u"ES256"_s}});
    QCOMPARE(verifier->verify(token, u"p"_s).userId, u"ann"_s);
}

void tst_Keys::verifierKnowsTheTime()
{
    const auto verifier = DispatchTokenVerifier::sharedSecret(Secret);
    const QByteArray token = tokenFor({});
    // The second time it is known.
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(verifier->verify(token, u"p"_s).userId, u"ann"_s);
        QVERIFY(!verifier->verify(token, u"q"_s));
        QVERIFY(!verifier->verifyBackend(token, u"p"_s));
    }
    const QByteArray late = tokenFor({{u"exp"_s, QDateTime::currentSecsSinceEpoch() - 60}});
    QCOMPARE(verifier->verify(late, u"p"_s).fault, DispatchTokenVerdict::Expired);
    QCOMPARE(verifier->verify(late, u"p"_s).fault, DispatchTokenVerdict::Expired);
}

void tst_Keys::backEndsHaveFixedTokens()
{
    const QByteArray ofP = "the token of the back end of p, which is long";
    const QByteArray ofQ = "the token of the back end of q, which is long";
    const auto verifier =
        DispatchTokenVerifier::fromKeys({{.key = Secret}}, {{u"p"_s, ofP}, {u"q"_s, ofQ}});
    QCOMPARE(verifier->verifyBackend(ofP, u"p"_s).userId, u"backend"_s);
    QCOMPARE(verifier->verifyBackend(ofQ, u"q"_s).userId, u"backend"_s);
    QVERIFY(!verifier->verifyBackend(ofP, u"q"_s));
    QVERIFY(!verifier->verifyBackend(ofP, u"nowhere"_s));
    QVERIFY(!verifier->verifyBackend(ofP.chopped(1), u"p"_s));
    QVERIFY(!verifier->verifyBackend({}, u"p"_s));
    QVERIFY(!verifier->verify(ofP, u"p"_s));

    const QByteArray signedToken = tokenFor({{u"role"_s, u"backend"_s}});
    QCOMPARE(verifier->verifyBackend(signedToken, u"p"_s).userId, u"ann"_s);
    QVERIFY(!verifier->verifyBackend(signedToken, u"q"_s));
    QVERIFY(!verifier->verify(signedToken, u"p"_s));
}

void tst_Keys::badProjectTokensAreRefused()
{
    QString error;
    QVERIFY(!DispatchTokenVerifier::fromKeys({}, {{u"p"_s, QByteArray(31, 't')}}, &error));
    QVERIFY2(error.contains("'p'"_L1) && error.contains("32"_L1), qPrintable(error));
    QVERIFY(!DispatchTokenVerifier::fromKeys({}, {{u"no project"_s, QByteArray(32, 't')}}));
    QVERIFY(DispatchTokenVerifier::fromKeys({}, {{u"p"_s, QByteArray(32, 't')}}));
}

void tst_Keys::cacheForgets()
{
    Dispatch::TokenCache<int> cache;
    const Dispatch::TimePoint start{};
    cache.insert("a", 1, start);
    cache.insert("b", 2, start + std::chrono::seconds(1));
    cache.insert("a", 3, start + std::chrono::seconds(2));
    QCOMPARE(*cache.find("a", start + cache.Lifetime - std::chrono::milliseconds(1)), 1);
    QVERIFY(!cache.find("a", start + cache.Lifetime));
    QCOMPARE(*cache.find("b", start + cache.Lifetime), 2);
    QVERIFY(!cache.find("b", start + std::chrono::hours(1)));
    QCOMPARE(cache.size(), 0u);
}

void tst_Keys::cacheIsBounded()
{
    Dispatch::TokenCache<int> cache;
    const int most = int(cache.Entries);
    for (int i = 0; i <= most; ++i)
        cache.insert(QByteArray::number(i), i, {});
    QCOMPARE(cache.size(), cache.Entries);
    QVERIFY(!cache.find("0", {}));
    QCOMPARE(*cache.find(QByteArray::number(most), {}), most);
}

QTEST_APPLESS_MAIN(tst_Keys)
#include "tst_keys.moc"
