// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "identity/sharedsecret_p.h"

#include "token.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

class tst_SharedSecret : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shortSecretMakesNoVerifier();
    void verifierKnowsTheTime();
    void tokensAreJudged_data();
    void tokensAreJudged();
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

QByteArray unsignedToken()
{
    return Token::encoded("{\"alg\":\"none\"}") + '.'
        + Token::encoded(QJsonDocument(good()).toJson(QJsonDocument::Compact)) + '.';
}

QByteArray forged()
{
    // Another user under the signature of the first.
    const QList<QByteArray> parts = Token::make(good(), Secret).split('.');
    const QByteArray other =
        QJsonDocument(with(u"sub"_s, u"boss"_s)).toJson(QJsonDocument::Compact);
    return parts[0] + '.' + Token::encoded(other) + '.' + parts[2];
}

} // namespace

void tst_SharedSecret::shortSecretMakesNoVerifier()
{
    QVERIFY(!DispatchTokenVerifier::sharedSecret(QByteArray(31, 's')));
    QVERIFY(DispatchTokenVerifier::sharedSecret(QByteArray(32, 's')));
}

void tst_SharedSecret::verifierKnowsTheTime()
{
    const auto verifier = DispatchTokenVerifier::sharedSecret(Secret);
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QCOMPARE(verifier->verify(Token::make(with(u"exp"_s, now + 60), Secret), u"p"_s).userId,
             u"ann"_s);
    QVERIFY(!verifier->verify(Token::make(with(u"exp"_s, now - 60), Secret), u"p"_s));
}

void tst_SharedSecret::tokensAreJudged_data()
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
    row("signed with another secret", Token::make(good(), QByteArray(32, 't')));
    row("forged", forged());
    row("unsigned", unsignedToken());
    row("alg none, yet signed", Token::make(good(), Secret, u"none"_s));
    row("HS512", Token::make(good(), Secret, u"HS512"_s, QCryptographicHash::Sha512));
    row("HS384", Token::make(good(), Secret, u"HS384"_s, QCryptographicHash::Sha384));
    row("says HS512, is HS256", Token::make(good(), Secret, u"HS512"_s));
    row("RS256 in name", Token::make(good(), Secret, u"RS256"_s));
    row("too long", made(with(u"x"_s, QString(8192, u'x'))));
    row("empty", {});
    row("no token", "hello");
    row("with something behind a NUL", made(good()) + QByteArray(1, '\0') + "x");
}

void tst_SharedSecret::tokensAreJudged()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, userId);
    const DispatchTokenVerdict verdict = Dispatch::judgeToken(token, u"p"_s, Secret, Now);
    QCOMPARE(verdict.userId, userId);
    QCOMPARE(verdict.reason.isEmpty(), !userId.isEmpty());
}

void tst_SharedSecret::reasonsNeverHoldTheToken()
{
    const QByteArray token = Token::make(with(u"aud"_s, u"elsewhere"_s), Secret);
    const QString reason = Dispatch::judgeToken(token, u"p"_s, Secret, Now).reason;
    for (const QByteArray &part : token.split('.'))
        QVERIFY(!reason.contains(QString::fromLatin1(part)));
    QVERIFY(!reason.contains(u"elsewhere"_s));
}

QTEST_APPLESS_MAIN(tst_SharedSecret)
#include "tst_sharedsecret.moc"
