// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "keypair.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>

/// A token that must not be believed.
struct ForgedToken {
    const char *name;
    QByteArray token;
    bool isLate = false; ///< nothing is wrong with it but that
};

/// Tokens for project "p" of a server that has \a secret, for tokens without kid, and the public
/// key of \a rsa with the kid "r".
inline QList<ForgedToken> forgedTokens(const QByteArray &secret, const KeyPair &rsa)
{
    using namespace Qt::StringLiterals;
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QJsonObject claims{{u"exp"_s, now + 600}, {u"aud"_s, u"p"_s}, {u"sub"_s, u"mallory"_s}};
    const auto with = [&claims](const QString &name, const QJsonValue &value) {
        QJsonObject made = claims;
        made[name] = value;
        return made;
    };
    const auto without = [&claims](const QString &name) {
        QJsonObject made = claims;
        made.remove(name);
        return made;
    };
    const auto header = [&](const QJsonObject &more) {
        QJsonObject made{{u"alg"_s, u"HS256"_s}};
        for (auto it = more.begin(); it != more.end(); ++it)
            made[it.key()] = it.value();
        return Token::hmacSigned(Token::unsignedText(made, claims), secret);
    };
    const KeyPair own = KeyPair::rsa();
    const QByteArray good = Token::make(claims, secret);
    const QByteArray text = good.left(good.lastIndexOf('.'));

    QList<ForgedToken> tokens;
    const auto add = [&tokens](const char *name, const QByteArray &token, bool isLate = false) {
        tokens.append({name, token, isLate});
    };
    // Algorithms.
    for (const char *none : {"none", "None", "NONE", "nOnE"}) {
        const QJsonObject unsignedHeader{{u"alg"_s, QString::fromLatin1(none)}};
        add(none, Token::unsignedText(unsignedHeader, claims) + '.');
    }
    add("none with a signature", Token::make(claims, secret, u"none"_s));
    add("HS256 signed with the public key",
        Token::hmacSigned(Token::unsignedText({{u"alg"_s, u"HS256"_s}, {u"kid"_s, u"r"_s}}, claims),
                          rsa.publicPem()));
    add("HS256 signed with the public key, no kid", Token::make(claims, rsa.publicPem()));
    add("HS256 signed with the public key as DER",
        Token::hmacSigned(Token::unsignedText({{u"alg"_s, u"HS256"_s}, {u"kid"_s, u"r"_s}}, claims),
                          rsa.publicDer()));
    add("RS256 that is an HMAC",
        Token::hmacSigned(Token::unsignedText({{u"alg"_s, u"RS256"_s}, {u"kid"_s, u"r"_s}}, claims),
                          secret));
    add("HS512", Token::make(claims, secret, u"HS512"_s, QCryptographicHash::Sha512));
    add("an algorithm in lower case", Token::make(claims, secret, u"hs256"_s));
    add("no algorithm", header({{u"alg"_s, QJsonValue()}}));
    add("an algorithm that is a number", header({{u"alg"_s, 256}}));
    // Signatures.
    add("another secret", Token::make(claims, QByteArray(32, 'x')));
    add("no signature", text + '.');
    add("a signature of something else",
        text + good.mid(good.lastIndexOf('.')).replace(1, 4, "AAAA"));
    add("other claims under a good signature",
        good.split('.')[0] + '.' + Token::encoded(with(u"sub"_s, u"root"_s)) + '.'
            + good.split('.')[2]);
    // Keys.
    add("an unknown kid", header({{u"kid"_s, u"unknown"_s}}));
    add("a kid that is a path", header({{u"kid"_s, u"../../../../dev/null"_s}}));
    add("a kid that is SQL", header({{u"kid"_s, u"r' UNION SELECT 'x"_s}}));
    add("a kid that is a URL", header({{u"kid"_s, u"http://evil.example/key"_s}}));
    add("a long kid", header({{u"kid"_s, QString(65, u'r')}}));
    add("a kid that is a number", header({{u"kid"_s, 1}}));
    add("a key of its own",
        own.token(claims,
                  {{u"alg"_s, u"RS256"_s},
                   {u"kid"_s, u"r"_s},
                   {u"jwk"_s, QJsonObject{{u"kty"_s, u"RSA"_s}}},
                   {u"x5c"_s, QJsonArray{QString::fromLatin1(own.publicDer().toBase64())}}}));
    add("what has to be understood", header({{u"crit"_s, QJsonArray{u"exp"_s}}}));
    // Claims.
    add("too late", Token::make(with(u"exp"_s, now - 60), secret), true);
    add("too early", Token::make(with(u"nbf"_s, now + 600), secret));
    add("made in the future", Token::make(with(u"iat"_s, now + 600), secret));
    add("without an end", Token::make(without(u"exp"_s), secret));
    add("another audience", Token::make(with(u"aud"_s, u"q"_s), secret));
    add("no audience", Token::make(without(u"aud"_s), secret));
    add("no user", Token::make(without(u"sub"_s), secret));
    add("an empty user", Token::make(with(u"sub"_s, QString()), secret));
    add("a long user", Token::make(with(u"sub"_s, QString(256, u'u')), secret));
    add("a user that is a number", Token::make(with(u"sub"_s, 1), secret));
    add("a role of another project",
        Token::make({{u"exp"_s, now + 600}, {u"aud"_s, u"q"_s}, {u"role"_s, u"backend"_s}},
                    secret));
    // Forms.
    add("nonsense", "nonsense-that-is-no-token");
    add("two parts", text);
    add("four parts", good + ".AAAA");
    add("padding", good + '=');
    add("white space in it", QByteArray(good).insert(10, ' '));
    add("another alphabet", QByteArray(good).replace(good.lastIndexOf('.') + 1, 2, "+/"));
    add("claims twice",
        Token::hmacSigned(
            Token::encoded(QByteArray("{\"alg\":\"HS256\"}")) + '.'
                + Token::encoded("{\"sub\":\"ann\",\"sub\":\"mallory\",\"aud\":\"p\",\"exp\":"
                                 + QByteArray::number(now + 600) + "}"),
            secret));
    add("too long", Token::make(with(u"filling"_s, QString(8'192, u'x')), secret));
    return tokens;
}
