// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "keyring_p.h"

#include "token.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What the claims of a well signed token come to.
class tst_Claims : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shortSecretMakesNoVerifier();
    void verifierKnowsTheTime();
    void tokensAreJudged_data();
    void tokensAreJudged();
    void faultsTellWhatIsWrong();
    void verdictsTellTheEndAndTheShards();
    void keysSayWhatElseHasToHold();
    void backEndsHaveTheirRole();
    void reasonsNeverHoldTheToken();
};

namespace {

constexpr qint64 Now = 1'700'000'000;
const QByteArray Secret(32, 's');

QJsonObject good()
{
    return {{u"exp"_s, Now + 60}, {u"aud"_s, u"p"_s}, {u"sub"_s, u"ann"_s}};
}

QJsonObject with(const QString &name, const QJsonValue &value)
{
    QJsonObject claims = good();
    claims[name] = value;
    return claims;
}

QJsonObject without(const QString &name)
{
    QJsonObject claims = good();
    claims.remove(name);
    return claims;
}

DispatchTokenVerdict judged(const QByteArray &token, const DispatchTokenKey &settings = {},
                            Dispatch::TokenRole role = Dispatch::TokenRole::User)
{
    DispatchTokenKey key = settings;
    key.key = Secret;
    const auto ring = std::get<Dispatch::KeyRing>(Dispatch::KeyRing::make({key}));
    return Dispatch::KeyRing::judge(ring.verify(token), u"p"_s, role, Now);
}

} // namespace

void tst_Claims::shortSecretMakesNoVerifier()
{
    QVERIFY(!DispatchTokenVerifier::sharedSecret(QByteArray(31, 's')));
    QVERIFY(DispatchTokenVerifier::sharedSecret(QByteArray(32, 's')));
}

void tst_Claims::verifierKnowsTheTime()
{
    const auto verifier = DispatchTokenVerifier::sharedSecret(Secret);
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QCOMPARE(verifier->verify(Token::make(with(u"exp"_s, now + 60), Secret), u"p"_s).userId,
             u"ann"_s);
    QVERIFY(!verifier->verify(Token::make(with(u"exp"_s, now - 60), Secret), u"p"_s));
}

void tst_Claims::tokensAreJudged_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("userId");
    const auto row = [](const char *name, const QByteArray &token, const QString &userId = {}) {
        QTest::newRow(name) << token << userId;
    };
    const auto made = [](const QJsonObject &claims) { return Token::make(claims, Secret); };

    row("good", made(good()), u"ann"_s);
    row("just expired, within the leeway", made(with(u"exp"_s, Now - 29)), u"ann"_s);
    row("expired", made(with(u"exp"_s, Now - 30)));
    row("never expires", made(without(u"exp"_s)));
    row("expires at a text", made(with(u"exp"_s, u"tomorrow"_s)));
    row("valid since now", made(with(u"nbf"_s, Now)), u"ann"_s);
    row("valid soon, within the leeway", made(with(u"nbf"_s, Now + 30)), u"ann"_s);
    row("not valid yet", made(with(u"nbf"_s, Now + 31)));
    row("valid since a text", made(with(u"nbf"_s, u"x"_s)));
    row("for a list with the project", made(with(u"aud"_s, QJsonArray{u"q"_s, u"p"_s})), u"ann"_s);
    row("for another project", made(with(u"aud"_s, u"q"_s)));
    row("for a list without the project", made(with(u"aud"_s, QJsonArray{u"q"_s, u"pp"_s})));
    row("for nobody", made(without(u"aud"_s)));
    row("without a user", made(without(u"sub"_s)));
    row("with an empty user", made(with(u"sub"_s, QString())));
    row("with a user that is no text", made(with(u"sub"_s, 1)));
    row("with the longest user", made(with(u"sub"_s, QString(255, u'u'))), QString(255, u'u'));
    row("with a too long user", made(with(u"sub"_s, QString(128, u'\u00e4'))));
    row("expires at the end of time", made(with(u"exp"_s, 1e300)));
    row("expires at a time in ms", made(with(u"exp"_s, 1.7e12)));
    row("expired before time began", made(with(u"exp"_s, -1)));
    row("expires at a fraction", made(with(u"exp"_s, Now + 0.5)), u"ann"_s);
    row("made now", made(with(u"iat"_s, Now)), u"ann"_s);
    row("made soon, within the leeway", made(with(u"iat"_s, Now + 30)), u"ann"_s);
    row("made in the future", made(with(u"iat"_s, Now + 31)));
    row("made at a text", made(with(u"iat"_s, u"x"_s)));
    row("for a list with something else in it", made(with(u"aud"_s, QJsonArray{u"p"_s, 1})));
    row("for part of the project's name", made(with(u"aud"_s, u""_s)));
    row("with a NUL in the user", made(with(u"sub"_s, u"ann"_s + QChar(0) + u"x"_s)));
    row("with a line break in the user", made(with(u"sub"_s, u"ann\n"_s)));
    row("with shards", made(with(u"shards"_s, QJsonArray{u"a"_s})), u"ann"_s);
    row("with shards that are none", made(with(u"shards"_s, u"a"_s)));
    row("with shards that are no texts", made(with(u"shards"_s, QJsonArray{1})));
    row("of a back end", made(with(u"role"_s, u"backend"_s)));
    row("with another role", made(with(u"role"_s, u"editor"_s)), u"ann"_s);
}

void tst_Claims::tokensAreJudged()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, userId);
    const DispatchTokenVerdict verdict = judged(token);
    QCOMPARE(verdict.userId, userId);
    QCOMPARE(verdict.reason.isEmpty(), !userId.isEmpty());
    QCOMPARE(verdict.fault == DispatchTokenVerdict::None, !userId.isEmpty());
}

void tst_Claims::faultsTellWhatIsWrong()
{
    const auto faultOf = [](const QJsonObject &claims) {
        return judged(Token::make(claims, Secret)).fault;
    };
    QCOMPARE(faultOf(with(u"exp"_s, Now - 60)), DispatchTokenVerdict::Expired);
    QCOMPARE(faultOf(with(u"nbf"_s, Now + 60)), DispatchTokenVerdict::NotYetValid);
    QCOMPARE(faultOf(with(u"aud"_s, u"q"_s)), DispatchTokenVerdict::WrongAudience);
    QCOMPARE(faultOf(with(u"sub"_s, 1)), DispatchTokenVerdict::BadClaims);
    // What is wrong in two ways does not tell a stranger that it was good once.
    QJsonObject both = with(u"exp"_s, Now - 60);
    both[u"aud"_s] = u"q"_s;
    QCOMPARE(faultOf(both), DispatchTokenVerdict::WrongAudience);
}

void tst_Claims::verdictsTellTheEndAndTheShards()
{
    const DispatchTokenVerdict all = judged(Token::make(good(), Secret));
    QCOMPARE(all.expiresAt, Now + 60);
    QVERIFY(!all.shards);
    const DispatchTokenVerdict some =
        judged(Token::make(with(u"shards"_s, QJsonArray{u"a"_s, u"b"_s}), Secret));
    QCOMPARE(some.shards, (QStringList{u"a"_s, u"b"_s}));
    const DispatchTokenVerdict none = judged(Token::make(with(u"shards"_s, QJsonArray()), Secret));
    QCOMPARE(none.shards, QStringList());
}

void tst_Claims::keysSayWhatElseHasToHold()
{
    const DispatchTokenKey audience{.audience = u"https://chat.example"_s};
    QVERIFY(!judged(Token::make(good(), Secret), audience));
    QVERIFY(judged(Token::make(with(u"aud"_s, audience.audience), Secret), audience));

    const DispatchTokenKey issuer{.issuer = u"us"_s};
    QCOMPARE(judged(Token::make(good(), Secret), issuer).fault, DispatchTokenVerdict::WrongIssuer);
    QVERIFY(!judged(Token::make(with(u"iss"_s, u"them"_s), Secret), issuer));
    QVERIFY(judged(Token::make(with(u"iss"_s, u"us"_s), Secret), issuer));

    QVERIFY(!judged(Token::make(good(), Secret), {.projects = {u"q"_s}}));
    QVERIFY(judged(Token::make(good(), Secret), {.projects = {u"q"_s, u"p"_s}}));
}

void tst_Claims::backEndsHaveTheirRole()
{
    const auto backend = [](const QJsonObject &claims) {
        return judged(Token::make(claims, Secret), {}, Dispatch::TokenRole::Backend);
    };
    QCOMPARE(backend(good()).fault, DispatchTokenVerdict::WrongRole);
    QJsonObject claims = with(u"role"_s, u"backend"_s);
    QCOMPARE(backend(claims).userId, u"ann"_s);
    claims.remove(u"sub"_s);
    QCOMPARE(backend(claims).userId, u"backend"_s);
    claims[u"aud"_s] = u"q"_s;
    QVERIFY(!backend(claims));
}

void tst_Claims::reasonsNeverHoldTheToken()
{
    const QByteArray token = Token::make(with(u"aud"_s, u"elsewhere"_s), Secret);
    const QString reason = judged(token).reason;
    for (const QByteArray &part : token.split('.'))
        QVERIFY(!reason.contains(QString::fromLatin1(part)));
    QVERIFY(!reason.contains(u"elsewhere"_s));
}

QTEST_APPLESS_MAIN(tst_Claims)
#include "tst_claims.moc"
