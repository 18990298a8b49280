// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"
#include "keypair.h"
#include "tokenreport_p.h"

using namespace Dispatch::Ctl;

class tst_CtlToken : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void serversTakeItsTokens_data();
    void serversTakeItsTokens();
    void tokensHaveWhatWasAskedFor();
    void refusesToMakeWhatNoServerTakes_data();
    void refusesToMakeWhatNoServerTakes();
    void showsWhatATokenSays();
    void saysWhetherTheSignatureIsGood_data();
    void saysWhetherTheSignatureIsGood();
    void readsTokensFromAnywhere_data();
    void readsTokensFromAnywhere();
    void refusesBadUsage_data();
    void refusesBadUsage();
    void showsNothingThatSteersATerminal();
    void objectsToWhatTheServerObjectsTo_data();
    void objectsToWhatTheServerObjectsTo();
    void saysWhatIsNoToken_data();
    void saysWhatIsNoToken();

private:
    QByteArray make(const QStringList &options);
    QString keyOf(const QString &algorithm, bool isPrivate) const;

    CtlServer m_server;
    const KeyPair m_rsa = KeyPair::rsa();
    const KeyPair m_ec = KeyPair::ec();
};

void tst_CtlToken::initTestCase()
{
    QVERIFY(m_server.start());
    QVERIFY(!m_server.write(u"rsa.private"_s, m_rsa.privatePem()).isEmpty());
    QVERIFY(!m_server.write(u"rsa.public"_s, m_rsa.publicPem()).isEmpty());
    QVERIFY(!m_server.write(u"ec.private"_s, m_ec.privatePem()).isEmpty());
    QVERIFY(!m_server.write(u"ec.public"_s, m_ec.publicPem()).isEmpty());
    QVERIFY(!m_server.write(u"short.private"_s, KeyPair::rsa(1024).privatePem()).isEmpty());
    QVERIFY(!m_server.write(u"p384.private"_s, KeyPair::ec("P-384").privatePem()).isEmpty());
    QVERIFY(!m_server.write(u"short"_s, "0123456789").isEmpty());
    QVERIFY(!m_server.write(u"other"_s, QByteArray(32, 'o')).isEmpty());
}

QString tst_CtlToken::keyOf(const QString &algorithm, bool isPrivate) const
{
    if (algorithm == "HS256"_L1)
        return m_server.path(u"secret"_s);
    return m_server.path((algorithm == "RS256"_L1 ? u"rsa"_s : u"ec"_s)
                         + (isPrivate ? u".private"_s : u".public"_s));
}

/// A token for "ann" in "game", signed with the secret; \a options come last and win.
QByteArray tst_CtlToken::make(const QStringList &options)
{
    return m_server
        .run(QStringList{u"token"_s, u"make"_s, u"--project=game"_s, u"--subject=ann"_s,
                         u"--key-file"_s, m_server.path(u"secret"_s)}
             + options)
        .output.trimmed();
}

void tst_CtlToken::serversTakeItsTokens_data()
{
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<int>("serverAlgorithm");
    QTest::newRow("HS256") << u"HS256"_s << int(DispatchTokenKey::HS256);
    QTest::newRow("RS256") << u"RS256"_s << int(DispatchTokenKey::RS256);
    QTest::newRow("ES256") << u"ES256"_s << int(DispatchTokenKey::ES256);
}

void tst_CtlToken::serversTakeItsTokens()
{
    QFETCH(QString, algorithm);
    QFETCH(int, serverAlgorithm);
    QFile publicKey(keyOf(algorithm, false));
    QVERIFY(publicKey.open(QIODevice::ReadOnly));
    const auto verifier =
        DispatchTokenVerifier::fromKeys({{.algorithm = DispatchTokenKey::Algorithm(serverAlgorithm),
                                          .key = publicKey.readAll().trimmed(),
                                          .keyId = u"k1"_s,
                                          .issuer = u"us"_s}});
    QVERIFY(verifier);
    const QStringList options{u"--algorithm"_s,       algorithm,     u"--key-file"_s,
                              keyOf(algorithm, true), u"--kid=k1"_s, u"--issuer=us"_s};
    const auto user = verifier->verify(make(options + QStringList{u"--shards=a,b"_s}), u"game"_s);
    QCOMPARE(user.userId, u"ann"_s);
    QCOMPARE(user.shards.value_or(QStringList()), (QStringList{u"a"_s, u"b"_s}));
    QVERIFY(verifier->verifyBackend(make(options + QStringList{u"--role=backend"_s}), u"game"_s));
}

void tst_CtlToken::tokensHaveWhatWasAskedFor()
{
    const QByteArray token = make({u"--expires=90m"_s, u"--kid=2026"_s, u"--issuer=us"_s,
                                   u"--shards=a,b"_s, u"--shards=c"_s, u"--audience=all"_s});
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const TokenReport report = inspectToken(token, {}, now);
    QCOMPARE(report.problems, QStringList());
    QCOMPARE(report.header[u"kid"_s], u"2026"_s);
    QCOMPARE(report.header[u"alg"_s], u"HS256"_s);
    QCOMPARE(report.claims[u"sub"_s], u"ann"_s);
    QCOMPARE(report.claims[u"aud"_s], u"all"_s);
    QCOMPARE(report.claims[u"iss"_s], u"us"_s);
    QCOMPARE(report.claims[u"shards"_s], (QJsonArray{u"a"_s, u"b"_s, u"c"_s}));
    const qint64 issued = report.claims[u"iat"_s].toInteger();
    QVERIFY(issued <= now && issued > now - 60);
    QCOMPARE(report.claims[u"exp"_s].toInteger() - issued, qint64(90 * 60));
}

void tst_CtlToken::refusesToMakeWhatNoServerTakes_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("named");
    const auto key = [](const QString &name) { return u"--key-file=@"_s + name; };
    QTest::newRow("short secret") << QStringList{key(u"short"_s)} << "openssl rand"_ba;
    QTest::newRow("a key of a pair as secret")
        << QStringList{key(u"rsa.public"_s)} << "key of a pair"_ba;
    QTest::newRow("no key") << QStringList{key(u"nothing"_s)} << "can't be read"_ba;
    QTest::newRow("secret for RS256")
        << QStringList{u"--algorithm=RS256"_s, key(u"secret"_s)} << "private RSA key"_ba;
    QTest::newRow("public key") << QStringList{u"--algorithm=RS256"_s, key(u"rsa.public"_s)}
                                << "private RSA key"_ba;
    QTest::newRow("key of another kind")
        << QStringList{u"--algorithm=ES256"_s, key(u"rsa.private"_s)} << "private EC key"_ba;
    QTest::newRow("short RSA key")
        << QStringList{u"--algorithm=RS256"_s, key(u"short.private"_s)} << "2048 bits"_ba;
    QTest::newRow("another curve")
        << QStringList{u"--algorithm=ES256"_s, key(u"p384.private"_s)} << "P-256"_ba;
    QTest::newRow("algorithm") << QStringList{u"--algorithm=none"_s} << "--algorithm"_ba;
    QTest::newRow("kid") << QStringList{u"--kid=a b"_s} << "--kid"_ba;
    QTest::newRow("long user id") << QStringList{u"--subject="_s + QString(256, u'x')} << "sub"_ba;
    QTest::newRow("empty user id") << QStringList{u"--subject="_s} << "sub"_ba;
    QTest::newRow("at an end already") << QStringList{u"--expires=0"_s} << "--expires"_ba;
    QTest::newRow("long token") << QStringList{u"--shards="_s + QString(8'192, u's')} << "8192"_ba;
}

void tst_CtlToken::refusesToMakeWhatNoServerTakes()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, named);
    options.replaceInStrings(u"@"_s, m_server.path(QString()) + u'/');
    const CtlResult result =
        m_server.run(QStringList{u"token"_s, u"make"_s, u"--project=game"_s, u"--subject=ann"_s,
                                 u"--key-file"_s, m_server.path(u"secret"_s)}
                     + options);
    QCOMPARE(result.code, 2);
    QCOMPARE(result.output, QByteArray());
    QVERIFY2(result.errors.contains(named), result.errors.constData());
    QVERIFY(!result.errors.contains("0123456789"));
}

void tst_CtlToken::showsWhatATokenSays()
{
    const QByteArray token = make({u"--expires=1h"_s});
    const CtlResult text = m_server.run({u"token"_s, u"inspect"_s, QString::fromLatin1(token)});
    QCOMPARE(text.code, 0);
    QVERIFY(text.output.contains("\"ann\""));
    QVERIFY(text.output.contains("UTC, in 59 min") || text.output.contains("UTC, in 1 h"));
    QVERIFY(text.output.contains("Signature: not checked"));
    QVERIFY(keepsSecret(text, token));
    QVERIFY(keepsSecret(text, token.split('.').last()));

    const CtlResult json =
        m_server.run({u"token"_s, u"inspect"_s, QString::fromLatin1(token), u"--json"_s});
    QCOMPARE(json.code, 0);
    QCOMPARE(json.records.size(), 1);
    QCOMPARE(json.records[0][u"claims"_s][u"sub"_s], u"ann"_s);
    QCOMPARE(json.records[0][u"header"_s][u"alg"_s], u"HS256"_s);
    QCOMPARE(json.records[0][u"signature"_s], u"unchecked"_s);
    QCOMPARE(json.records[0][u"problems"_s], QJsonArray());
}

void tst_CtlToken::saysWhetherTheSignatureIsGood_data()
{
    QTest::addColumn<QString>("algorithm");
    QTest::addColumn<QString>("keyFile");
    QTest::addColumn<QString>("signature");
    QTest::addColumn<int>("code");
    QTest::newRow("the secret") << u"HS256"_s << u"secret"_s << u"good"_s << 0;
    QTest::newRow("another secret") << u"HS256"_s << u"other"_s << u"bad"_s << 1;
    QTest::newRow("RSA") << u"RS256"_s << u"rsa.public"_s << u"good"_s << 0;
    QTest::newRow("EC") << u"ES256"_s << u"ec.public"_s << u"good"_s << 0;
}

void tst_CtlToken::saysWhetherTheSignatureIsGood()
{
    QFETCH(QString, algorithm);
    QFETCH(QString, keyFile);
    const QByteArray token =
        make({u"--algorithm"_s, algorithm, u"--key-file"_s, keyOf(algorithm, true)});
    const CtlResult result = m_server.run({u"token"_s, u"inspect"_s, QString::fromLatin1(token),
                                           u"--json"_s, u"--key-file"_s, m_server.path(keyFile)});
    QTEST(result.records.value(0)[u"signature"_s].toString(), "signature");
    QTEST(result.code, "code");
}

void tst_CtlToken::readsTokensFromAnywhere_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("isInput");
    QTest::addColumn<bool>("isVariable");
    QTest::newRow("stdin") << QStringList{u"-"_s} << true << false;
    QTest::newRow("file") << QStringList{u"--token-file=@token"_s} << false << false;
    QTest::newRow("environment") << QStringList{} << false << true;
    QTest::newRow("option") << QStringList{u"--token=@"_s} << false << false;
}

void tst_CtlToken::readsTokensFromAnywhere()
{
    QFETCH(QStringList, arguments);
    QFETCH(bool, isInput);
    QFETCH(bool, isVariable);
    const QByteArray token = make({});
    arguments.replaceInStrings(u"@token"_s, m_server.write(u"token"_s, token + '\n'));
    arguments.replaceInStrings(u"@"_s, QString::fromLatin1(token));
    CtlProcess::Surroundings surroundings = m_server.surroundings();
    if (isInput)
        surroundings.input = token + '\n';
    if (isVariable)
        surroundings.variables += u"DISPATCH_TOKEN="_s + QString::fromLatin1(token);
    const CtlResult result =
        runCtl(QStringList{u"token"_s, u"inspect"_s} + arguments, surroundings);
    QCOMPARE(result.code, 0);
    QVERIFY(result.output.contains("\"ann\""));
}

void tst_CtlToken::refusesBadUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("make without a key")
        << QStringList{u"make"_s, u"--project=p"_s, u"--subject=s"_s} << "--key-file"_ba;
    QTest::newRow("make without a project")
        << QStringList{u"make"_s, u"--key-file=x"_s, u"--subject=s"_s} << "--project"_ba;
    QTest::newRow("make without a user")
        << QStringList{u"make"_s, u"--key-file=x"_s, u"--project=p"_s} << "--subject"_ba;
    QTest::newRow("inspect nothing") << QStringList{u"inspect"_s} << "--token-file"_ba;
    QTest::newRow("inspect empty stdin") << QStringList{u"inspect"_s, u"-"_s} << "empty"_ba;
    QTest::newRow("inspect with a key that can't be")
        << QStringList{u"inspect"_s, u"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.eHh4"_s,
                       u"--key-file=/dev/null"_s}
        << "--key-file"_ba;
}

void tst_CtlToken::refusesBadUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, named);
    const CtlResult result = m_server.run(QStringList{u"token"_s} + arguments);
    QCOMPARE(result.code, 2);
    QCOMPARE(result.output, QByteArray());
    QVERIFY2(result.errors.contains(named), result.errors.constData());
}

void tst_CtlToken::showsNothingThatSteersATerminal()
{
    const QByteArray token =
        Token::make({{u"\x1b[31mkey"_s, u"\x1b[2J\u009b"_s}}, m_server.secret, u"\x1b]0;x\x07"_s);
    for (const QString &mode : {u"--quiet"_s, u"--json"_s}) {
        const CtlResult result =
            m_server.run({u"token"_s, u"inspect"_s, QString::fromLatin1(token), mode});
        QCOMPARE(result.code, 1);
        QVERIFY(result.output.contains("\\u001b[2J\\u009b"));
        QVERIFY(!result.output.contains('\x1b') && !result.output.contains("\u009b"));
    }
}

void tst_CtlToken::objectsToWhatTheServerObjectsTo_data()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QJsonObject good{{u"sub"_s, u"ann"_s}, {u"aud"_s, u"game"_s}, {u"exp"_s, now + 600}};
    const auto with = [&](const QString &name, const QJsonValue &value) {
        QJsonObject claims = good;
        claims[name] = value;
        return claims;
    };
    const auto without = [&](const QString &name) {
        QJsonObject claims = good;
        claims.remove(name);
        return claims;
    };
    QTest::addColumn<QJsonObject>("claims");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("good") << good << true;
    QTest::newRow("no end") << without(u"exp"_s) << false;
    QTest::newRow("end as text") << with(u"exp"_s, u"tomorrow"_s) << false;
    QTest::newRow("end in milliseconds") << with(u"exp"_s, (now + 600) * 1000) << false;
    QTest::newRow("expired") << with(u"exp"_s, now - 60) << false;
    QTest::newRow("expired within the leeway") << with(u"exp"_s, now - 10) << true;
    QTest::newRow("not yet") << with(u"nbf"_s, now + 120) << false;
    QTest::newRow("not yet, within the leeway") << with(u"nbf"_s, now + 20) << true;
    QTest::newRow("made in the future") << with(u"iat"_s, now + 120) << false;
    QTest::newRow("no time at all") << with(u"iat"_s, -1) << false;
    QTest::newRow("null for a time") << with(u"nbf"_s, QJsonValue::Null) << false;
    QTest::newRow("no audience") << without(u"aud"_s) << false;
    QTest::newRow("another audience") << with(u"aud"_s, u"other"_s) << false;
    QTest::newRow("one of several") << with(u"aud"_s, QJsonArray{u"x"_s, u"game"_s}) << true;
    QTest::newRow("no list of texts") << with(u"aud"_s, QJsonArray{u"game"_s, 1}) << false;
    QTest::newRow("no user") << without(u"sub"_s) << false;
    QTest::newRow("user of no text") << with(u"sub"_s, 17) << false;
    QTest::newRow("user with a line feed") << with(u"sub"_s, u"a\nb"_s) << false;
    QTest::newRow("long user") << with(u"sub"_s, QString(256, u'x')) << false;
    QTest::newRow("shards") << with(u"shards"_s, QJsonArray{u"a"_s}) << true;
    QTest::newRow("no list of shards") << with(u"shards"_s, u"a"_s) << false;
    QTest::newRow("null for shards") << with(u"shards"_s, QJsonValue::Null) << false;
    QTest::newRow("some role") << with(u"role"_s, u"admin"_s) << true;
}

void tst_CtlToken::objectsToWhatTheServerObjectsTo()
{
    QFETCH(QJsonObject, claims);
    QFETCH(bool, isTaken);
    const QByteArray token = Token::make(claims, m_server.secret);
    const auto verifier = DispatchTokenVerifier::sharedSecret(m_server.secret);
    QCOMPARE(bool(verifier->verify(token, u"game"_s)), isTaken);
    const TokenReport report = inspectToken(token, u"game"_s, QDateTime::currentSecsSinceEpoch());
    QCOMPARE(report.claims, claims);
    QVERIFY2(report.problems.isEmpty() == isTaken, qPrintable(report.problems.join(u' ')));
}

void tst_CtlToken::saysWhatIsNoToken_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<QString>("named");
    const QByteArray header = Token::encoded(QJsonObject{{u"alg"_s, u"HS256"_s}});
    const QByteArray claims = Token::encoded(QJsonObject{
        {u"sub"_s, u"ann"_s}, {u"aud"_s, u"game"_s}, {u"exp"_s, qint64(4'000'000'000)}});
    const QByteArray signature = Token::encoded(QByteArray(32, 'x'));
    QTest::newRow("text") << "hello"_ba << u"three parts"_s;
    QTest::newRow("two parts") << header + '.' + claims << u"three parts"_s;
    QTest::newRow("no signature") << header + '.' + claims + '.' << u"signature"_s;
    QTest::newRow("padding") << header + "=." + claims + '.' + signature << u"header"_s;
    QTest::newRow("no JSON") << header + '.' + Token::encoded("x"_ba) + '.' + signature
                             << u"claims"_s;
    QTest::newRow("a member twice") << header + '.' + Token::encoded(R"({"sub":"a","sub":"b"})"_ba)
            + '.' + signature << u"repeated"_s;
    QTest::newRow("too long") << header + '.' + claims + '.' + QByteArray(8192, 'A') << u"8192"_s;
    QTest::newRow("algorithm none")
        << Token::encoded(QJsonObject{{u"alg"_s, u"none"_s}}) + '.' + claims + '.' + signature
        << u"alg"_s;
    QTest::newRow("crit") << Token::encoded(
                                 QJsonObject{{u"alg"_s, u"HS256"_s}, {u"crit"_s, QJsonArray()}})
            + '.' + claims + '.'
            + signature << u"crit"_s;
    QTest::newRow("kid") << Token::encoded(
                                QJsonObject{{u"alg"_s, u"HS256"_s}, {u"kid"_s, u"../key"_s}})
            + '.' + claims + '.'
            + signature << u"kid"_s;
}

void tst_CtlToken::saysWhatIsNoToken()
{
    QFETCH(QByteArray, token);
    QFETCH(QString, named);
    const TokenReport report = inspectToken(token, u"game"_s, 1'767'225'600);
    QVERIFY2(report.problems.join(u' ').contains(named), qPrintable(report.problems.join(u' ')));
    QVERIFY(!DispatchTokenVerifier::sharedSecret(m_server.secret)->verify(token, u"game"_s));
    QCOMPARE(m_server.run({u"token"_s, u"inspect"_s, QString::fromLatin1(token)}).code, 1);
}

QTEST_GUILESS_MAIN(tst_CtlToken)
#include "tst_ctltoken.moc"
