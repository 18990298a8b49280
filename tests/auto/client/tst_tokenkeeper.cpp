// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokenkeeper_p.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

QString encoded(const QByteArray &json)
{
    return QString::fromLatin1(
        json.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

QString jwt(const QByteArray &claims)
{
    return encoded(R"({"alg":"HS256"})") + u'.' + encoded(claims) + u".c2lnbmF0dXJl"_s;
}

/// The token that a row writes as "name" or "name:end", the end in seconds.
QString toToken(const QString &text)
{
    const QStringList parts = text.split(u':');
    if (parts.size() == 1)
        return text;
    return jwt("{\"name\":\"" + parts[0].toUtf8() + "\",\"exp\":" + parts[1].toUtf8() + "}");
}

/// The name of a token that toToken() made.
QString nameOf(const QString &token)
{
    const QByteArray claims =
        QByteArray::fromBase64(token.section(u'.', 1, 1).toLatin1(), QByteArray::Base64UrlEncoding);
    static const QRegularExpression name(u"\"name\":\"(\\w+)\""_s);
    const auto match = name.match(QString::fromUtf8(claims));
    return match.hasMatch() ? match.captured(1) : token;
}

QString toText(const TokenStep &step)
{
    switch (step.type) {
    case TokenStep::Nothing:
        return {};
    case TokenStep::Ask:
        return u"ask%1 "_s.arg(step.question);
    case TokenStep::Join:
        return u"join %1 "_s.arg(nameOf(step.token));
    case TokenStep::Identify:
        return u"identify %1 "_s.arg(nameOf(step.token));
    case TokenStep::FailAttempt:
        return step.error.code() == DispatchError::TokenUnavailable ? u"fail "_s : u"?"_s;
    case TokenStep::Report:
        return step.error.code() == DispatchError::TokenUnavailable ? u"report "_s : u"?"_s;
    }
    return {};
}

TokenStep happen(TokenKeeper &keeper, const QStringList &event, Moment now)
{
    const QString &what = event[0];
    if (what == "attempt"_L1)
        return keeper.attempt();
    if (what == "answer"_L1)
        return keeper.answered(event[1].toULongLong(), toToken(event[2]), now);
    if (what == "fail"_L1)
        return keeper.failed(event[1].toULongLong(), u"because"_s);
    if (what == "check"_L1)
        return keeper.check(now);
    if (what == "joined"_L1)
        keeper.joined();
    else if (what == "left"_L1)
        keeper.left();
    else if (what == "refused"_L1)
        keeper.refused(now);
    else if (what == "renew"_L1)
        keeper.renew(now);
    else if (what == "given"_L1)
        keeper.given(toToken(event[1]), now);
    else
        qWarning() << "unknown event" << what;
    return {};
}

} // namespace

/// Each row is a dialogue: "event@ms -> steps timer@ms". "name:end" is a token that ends then, in
/// seconds. Both clocks begin at 0; "+s" lets the calendar's be so many seconds ahead, as after a
/// sleep. The delays of the back-off are 500, 1000, 2000, ... ms where the random number is 1.
class tst_TokenKeeper : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dialogues_data();
    void dialogues();
    void endIsRead_data();
    void endIsRead();
    void unusableTokensAreTold_data();
    void unusableTokensAreTold();
    void askingIsBoundedWhateverHappens();
};

void tst_TokenKeeper::dialogues_data()
{
    QTest::addColumn<QStringList>("lines");
    QTest::addColumn<double>("random");
    const auto row = [](const char *name, const QStringList &lines, double random = 1) {
        QTest::newRow(name) << lines << random;
    };
    const QString attempt = u"attempt@0 -> ask1"_s;
    const auto inWith = [&](const QString &token) {
        return QStringList{attempt,
                           u"answer 1 %1@0 -> join %2"_s.arg(token, token.section(u':', 0, 0))};
    };

    row("each attempt asks anew",
        {attempt, u"answer 1 a@5 -> join a"_s, u"left@10 -> "_s, u"attempt@20 -> ask2"_s,
         u"answer 2 a@25 -> join a"_s});
    row("late and double answers count for nothing",
        {attempt, u"left@5 -> "_s, u"answer 1 a@6 -> "_s, u"attempt@10 -> ask2"_s,
         u"answer 1 a@11 -> "_s, u"fail 1@11 -> "_s, u"answer 2 b@12 -> join b"_s,
         u"answer 2 c@13 -> "_s, u"fail 2@14 -> "_s});
    row("an attempt without a token fails",
        {attempt, u"fail 1@5 -> fail"_s, u"left@5 -> "_s, u"attempt@600 -> ask2"_s,
         u"answer 2 @605 -> fail"_s});
    row("a refused token is tried again by the next attempt, when the session says so",
        {attempt, u"answer 1 a@5 -> join a"_s, u"refused@10 -> "_s, u"left@10 -> "_s,
         u"attempt@500 -> ask2"_s, u"answer 2 a@505 -> join a"_s});
    row("a token without an end is not renewed", inWith(u"a"_s) + QStringList{u"joined@10 -> "_s});
    row("a token is renewed a tenth of its time before its end",
        inWith(u"a:600"_s)
            + QStringList{u"joined@10 -> timer@540000"_s, u"check@539999 -> timer@540000"_s,
                          u"check@540000 -> ask2 timer@550000"_s,
                          u"answer 2 b:1200@540000 -> identify b timer@1134000"_s},
        0);
    row("a token is renewed 30 s before its end at least",
        inWith(u"a:100"_s) + QStringList{u"joined@10 -> timer@70000"_s}, 0);
    row("a short token is renewed after half of its time",
        inWith(u"a:40"_s) + QStringList{u"joined@10 -> timer@20000"_s}, 0);
    row("those whose tokens end together do not ask together",
        inWith(u"a:600"_s) + QStringList{u"joined@10 -> timer@510000"_s}, 1);
    row("a token that ends at once is not renewed at once",
        inWith(u"a:1"_s) + QStringList{u"joined@10 -> timer@1000"_s});
    row("a token that has ended is left to the server",
        {u"attempt@5000 -> ask1"_s, u"answer 1 a:4@5000 -> join a"_s, u"joined@5010 -> "_s});
    row("sleep makes the token older",
        inWith(u"a:600"_s)
            + QStringList{u"joined@10 -> timer@540000"_s, u"check@1000+500 -> timer@540000"_s,
                          u"check@2000+539 -> ask2 timer@12000"_s},
        0);
    row("a calendar that is set back does not keep a token for ever",
        inWith(u"a:600"_s)
            + QStringList{u"joined@10 -> timer@540000"_s,
                          u"check@540000+-600 -> ask2 timer@550000"_s},
        0);
    row("nothing is renewed while there is no connection",
        inWith(u"a:600"_s)
            + QStringList{u"check@599000 -> "_s, u"left@599001 -> "_s, u"check@599002 -> "_s});
    row("a renewal that fails is tried again, later and later",
        inWith(u"a:600"_s)
            + QStringList{
                u"joined@10 -> timer@510000"_s, u"check@510000 -> ask2 timer@520000"_s,
                u"fail 2@510001 -> report timer@510500"_s, u"check@510500 -> ask3 timer@520500"_s,
                u"fail 3@510501 -> report timer@511500"_s, u"check@511500 -> ask4 timer@521500"_s,
                u"answer 4 b@511600 -> identify b"_s});
    row("a renewal without an answer is tried again",
        inWith(u"a:600"_s)
            + QStringList{
                u"joined@10 -> timer@510000"_s, u"check@510000 -> ask2 timer@520000"_s,
                u"check@519999 -> timer@520000"_s, u"check@520000 -> report timer@510500"_s,
                u"answer 2 b@520001 -> timer@510500"_s, u"check@520001 -> ask3 timer@530001"_s});
    row("the same token again is asked for again, without a word",
        inWith(u"a:600"_s)
            + QStringList{u"joined@10 -> timer@510000"_s, u"check@510000 -> ask2 timer@520000"_s,
                          u"answer 2 a:600@510001 -> timer@510500"_s,
                          u"check@510500 -> ask3 timer@520500"_s,
                          u"answer 3 b@510501 -> identify b"_s});
    row("a refused token is renewed at once",
        inWith(u"a"_s)
            + QStringList{u"joined@10 -> "_s, u"refused@9000 -> timer@9000"_s,
                          u"check@9000 -> ask2 timer@19000"_s, u"answer 2 b@9100 -> identify b"_s});
    row("a refused token is not sent again",
        inWith(u"a"_s)
            + QStringList{
                u"joined@10 -> "_s, u"refused@9000 -> timer@9000"_s,
                u"check@9000 -> ask2 timer@19000"_s, u"answer 2 a@9100 -> report timer@9500"_s,
                u"check@9500 -> ask3 timer@19500"_s, u"answer 3 a@9501 -> report timer@10500"_s});
    row("what the server takes after all may be given again",
        {attempt, u"answer 1 a@5 -> join a"_s, u"refused@10 -> "_s, u"left@10 -> "_s,
         u"attempt@500 -> ask2"_s, u"answer 2 a:600@505 -> join a"_s,
         u"joined@510 -> timer@510077"_s, u"check@510077 -> ask3 timer@520077"_s,
         u"answer 3 a:600@510078 -> timer@510577"_s});
    row("a server that refuses everything is not answered without a pause",
        inWith(u"a"_s)
            + QStringList{u"joined@10 -> "_s, u"refused@20 -> timer@20"_s,
                          u"check@20 -> ask2 timer@10020"_s, u"answer 2 b@21 -> identify b"_s,
                          u"refused@22 -> timer@520"_s, u"refused@23 -> timer@520"_s,
                          u"check@23 -> timer@520"_s, u"check@520 -> ask3 timer@10520"_s,
                          u"answer 3 c@521 -> identify c"_s, u"refused@522 -> timer@1520"_s});
    row("a quiet time starts the delays anew",
        inWith(u"a"_s)
            + QStringList{u"joined@10 -> "_s, u"refused@20 -> timer@20"_s,
                          u"check@20 -> ask2 timer@10020"_s, u"answer 2 b@21 -> identify b"_s,
                          u"refused@60000 -> timer@60000"_s, u"check@60000 -> ask3 timer@70000"_s,
                          u"answer 3 c@60001 -> identify c"_s, u"refused@60002 -> timer@60500"_s});
    row("a token that is refused while a renewal is under way does not ask twice",
        inWith(u"a:600"_s)
            + QStringList{u"joined@10 -> timer@510000"_s, u"check@510000 -> ask2 timer@520000"_s,
                          u"refused@510001 -> timer@520000"_s, u"check@510002 -> timer@520000"_s,
                          u"answer 2 b@510003 -> identify b"_s});
    row("another provider is asked at once, and the one before is not heard",
        inWith(u"a"_s)
            + QStringList{u"joined@10 -> "_s, u"refused@20 -> timer@20"_s,
                          u"check@20 -> ask2 timer@10020"_s, u"renew@30 -> timer@30"_s,
                          u"check@30 -> ask3 timer@10030"_s, u"answer 2 b@31 -> timer@10030"_s,
                          u"answer 3 c@32 -> identify c"_s});
    row("a token that the user gave is renewed before its end",
        inWith(u"a"_s) + QStringList{u"joined@10 -> "_s, u"given b:600@0 -> timer@510000"_s});
}

void tst_TokenKeeper::dialogues()
{
    QFETCH(QStringList, lines);
    QFETCH(double, random);
    TokenKeeper keeper([random] { return random; });
    for (const QString &line : lines) {
        const QStringList sides = line.split(u"->"_s);
        static const QRegularExpression event(u"^(.*)@(\\d+)(?:\\+(-?\\d+))? $"_s);
        const auto match = event.match(sides[0]);
        QVERIFY2(match.hasMatch(), qPrintable(line));
        const Milliseconds steady(match.captured(2).toLongLong());
        const Moment now{steady, steady + std::chrono::seconds(match.captured(3).toLongLong())};
        QString did = toText(happen(keeper, match.captured(1).split(u' '), now));
        if (const auto next = keeper.nextCheck())
            did += u"timer@%1"_s.arg(std::chrono::duration_cast<Milliseconds>(*next).count());
        QCOMPARE(QString(sides[0] + u"-> "_s + did.trimmed()), line);
    }
}

void tst_TokenKeeper::endIsRead_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<qint64>("end");
    const qint64 none = -1;
    QTest::newRow("a number") << jwt(R"({"exp":1767225600,"sub":"ann"})") << qint64(1767225600000);
    QTest::newRow("with a fraction") << jwt(R"({"exp":12.5})") << qint64(12500);
    QTest::newRow("no end") << jwt(R"({"sub":"ann"})") << none;
    QTest::newRow("text") << jwt(R"({"exp":"1767225600"})") << none;
    QTest::newRow("null") << jwt(R"({"exp":null})") << none;
    QTest::newRow("before the epoch") << jwt(R"({"exp":-5})") << none;
    QTest::newRow("milliseconds") << jwt(R"({"exp":1767225600000})") << none;
    QTest::newRow("no number at all") << jwt(R"({"exp":1e999})") << none;
    QTest::newRow("no object") << jwt("[1]") << none;
    QTest::newRow("no JSON") << jwt("exp") << none;
    QTest::newRow("no base64") << u"a.!!!.c"_s << none;
    QTest::newRow("two parts") << u"a.b"_s << none;
    QTest::newRow("four parts") << jwt(R"({"exp":12})") + u".x"_s << none;
    QTest::newRow("opaque") << u"0123456789abcdef"_s << none;
    QTest::newRow("empty") << QString() << none;
    QTest::newRow("deep") << jwt(QByteArray(4'000, '[')) << none;
}

void tst_TokenKeeper::endIsRead()
{
    QFETCH(QString, token);
    QFETCH(qint64, end);
    QCOMPARE(expiryOf(token).value_or(Milliseconds(-1)).count(), end);
}

void tst_TokenKeeper::unusableTokensAreTold_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<bool>("usable");
    QTest::newRow("JWT") << jwt(R"({"exp":12})") << true;
    QTest::newRow("opaque") << u"user:ann"_s << true;
    QTest::newRow("8 KiB") << QString(8192, u'x') << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("more than 8 KiB") << QString(8193, u'x') << false;
    QTest::newRow("line end of a file") << u"secret\n"_s << false;
    QTest::newRow("another header") << u"secret\r\nX: y"_s << false;
    QTest::newRow("space") << u"Bearer secret"_s << false;
    QTest::newRow("not ASCII") << u"sécret"_s << false;
}

void tst_TokenKeeper::unusableTokensAreTold()
{
    QFETCH(QString, token);
    QFETCH(bool, usable);
    const QString fault = faultOf(token);
    QCOMPARE(fault.isEmpty(), usable);
    QVERIFY2(!fault.contains(u"secret"_s), qPrintable(fault));
}

/// A provider that answers at once, and a server that refuses at once.
void tst_TokenKeeper::askingIsBoundedWhateverHappens()
{
    for (const bool same : {true, false}) {
        TokenKeeper keeper([] { return 1.0; });
        keeper.joined();
        keeper.given(u"t0"_s, {});
        int asked = 0;
        for (int ms = 0; ms < 60'000; ++ms) {
            const Moment now{Milliseconds(ms), Milliseconds(ms)};
            keeper.refused(now);
            const TokenStep step = keeper.check(now);
            if (step.type == TokenStep::Ask) {
                ++asked;
                keeper.answered(step.question, same ? u"t0"_s : u"t%1"_s.arg(ms + 1), now);
            }
        }
        QVERIFY2(asked >= 2 && asked < 10, qPrintable(QString::number(asked)));
    }
}

QTEST_GUILESS_MAIN(tst_TokenKeeper)
#include "tst_tokenkeeper.moc"
