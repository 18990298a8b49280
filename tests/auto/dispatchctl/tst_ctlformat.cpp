// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "duration_p.h"
#include "failure_p.h"
#include "histogram_p.h"
#include "printable_p.h"
#include "texttable_p.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtTest/qtest.h>

using namespace Dispatch::Ctl;
using namespace Qt::StringLiterals;

/// The parts of dispatchctl that only turn values into text, and text into values.
class tst_CtlFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingSteersATerminal_data();
    void nothingSteersATerminal();
    void jsonStaysTheSameJson();
    void longTextIsCutBetweenCharacters();
    void tablesAreAligned();
    void durationsAreRead_data();
    void durationsAreRead();
    void durationsAreWritten_data();
    void durationsAreWritten();
    void timesAreSeenFromNow();
    void quantilesAreThoseOfTheValues();
    void quantilesOfNothingAreZero();
    void histogramsAddUp();
    void errorsHaveExitCodes_data();
    void errorsHaveExitCodes();
    void messagesNameOptions_data();
    void messagesNameOptions();
    void urlsAreShownWithoutSecrets();
};

void tst_CtlFormat::nothingSteersATerminal_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"Hello, Ann!"_s << u"Hello, Ann!"_s;
    QTest::newRow("letters and emoji") << u"Äé日本 😀"_s << u"Äé日本 😀"_s;
    QTest::newRow("a family") << u"👩‍👧"_s << u"👩‍👧"_s;
    QTest::newRow("escape sequence") << u"\x1b[31mred"_s << u"\\u001b[31mred"_s;
    QTest::newRow("C1: CSI in one byte") << u"\u009b31m"_s << u"\\u009b31m"_s;
    QTest::newRow("line feed, return, tab") << u"a\nb\rc\td"_s << u"a\\u000ab\\u000dc\\u0009d"_s;
    QTest::newRow("zero and delete") << QString(u'\0') + u'\x7f' << u"\\u0000\\u007f"_s;
    QTest::newRow("line separators") << u"\u2028\u2029\u0085"_s << u"\\u2028\\u2029\\u0085"_s;
    QTest::newRow("direction of text") << u"\u202eabc\u2066"_s << u"\\u202eabc\\u2066"_s;
    QTest::newRow("half a pair") << QString(QChar(0xd83d)) << u"\\ud83d"_s;
    QTest::newRow("invisible tag") << u"\U000E0041"_s << u"\\udb40\\udc41"_s;
    QTest::newRow("what was escaped stays so") << u"\\u001b"_s << u"\\u001b"_s;
}

void tst_CtlFormat::nothingSteersATerminal()
{
    QFETCH(QString, text);
    QTEST(printable(text), "shown");
}

void tst_CtlFormat::jsonStaysTheSameJson()
{
    const QJsonObject object{{u"n"_s, 1}, {u"t"_s, u"\u009b\x7f\n\u202e😀\U000E0041"_s}};
    const QString text = compactJson(object);
    QVERIFY(!text.contains(u'\x7f') && !text.contains(u'\u009b') && !text.contains(u'\u202e'));
    QCOMPARE(QJsonDocument::fromJson(text.toUtf8()).object(), object);
    QCOMPARE(compactJson(u"x"_s), u"\"x\""_s);
    QCOMPARE(compactJson(QJsonArray{1, QJsonValue::Null}), u"[1,null]"_s);
}

void tst_CtlFormat::longTextIsCutBetweenCharacters()
{
    QCOMPARE(shortened(u"12345"_s, 5), u"12345"_s);
    QCOMPARE(shortened(u"123456"_s, 5), u"12..."_s);
    QCOMPARE(shortened(u"1😀4567"_s, 5), u"1..."_s);
}

void tst_CtlFormat::tablesAreAligned()
{
    const QStringList lines =
        formatTable({{u"NAME"_s}, {u"COUNT"_s, Qt::AlignRight}, {u"INFO"_s}},
                    {{u"😀"_s, u"7"_s, u"x"_s}, {u"lobby\x1b"_s, u"1000000"_s}});
    QCOMPARE(lines,
             (QStringList{
                 u"NAME           COUNT  INFO"_s,
                 u"😀                  7  x"_s,
                 u"lobby\\u001b  1000000"_s,
             }));
}

void tst_CtlFormat::durationsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms"); // -1: none
    QTest::newRow("seconds are meant") << u"10"_s << qint64(10'000);
    QTest::newRow("milliseconds") << u"500ms"_s << qint64(500);
    QTest::newRow("fraction") << u"1.5s"_s << qint64(1'500);
    QTest::newRow("minutes") << u"5m"_s << qint64(300'000);
    QTest::newRow("hours") << u"1h"_s << qint64(3'600'000);
    QTest::newRow("days") << u"366d"_s << qint64(366) * 86'400'000;
    QTest::newRow("zero") << u"0"_s << qint64(0);
    QTest::newRow("a hundred years") << u"36600d"_s << qint64(36'600) * 86'400'000;
    QTest::newRow("more") << u"36601d"_s << qint64(-1);
    QTest::newRow("so many digits that it is infinite") << QString(400, u'9') << qint64(-1);
    QTest::newRow("nothing") << u""_s << qint64(-1);
    QTest::newRow("negative") << u"-1"_s << qint64(-1);
    QTest::newRow("unknown unit") << u"1w"_s << qint64(-1);
    QTest::newRow("unit alone") << u"s"_s << qint64(-1);
    QTest::newRow("white space") << u"1 s"_s << qint64(-1);
    QTest::newRow("line feed behind it") << u"1s\n"_s << qint64(-1);
    QTest::newRow("exponent") << u"1e3"_s << qint64(-1);
}

void tst_CtlFormat::durationsAreRead()
{
    QFETCH(QString, text);
    const auto duration = parseDuration(text);
    QTEST(qint64(duration ? duration->count() : -1), "ms");
}

void tst_CtlFormat::durationsAreWritten_data()
{
    QTest::addColumn<qint64>("ms");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64(0) << u"0 s"_s;
    QTest::newRow("milliseconds") << qint64(350) << u"350 ms"_s;
    QTest::newRow("seconds need no milliseconds") << qint64(12'345) << u"12 s"_s;
    QTest::newRow("minutes and seconds") << qint64(61'000) << u"1 min 1 s"_s;
    QTest::newRow("whole minutes") << qint64(120'000) << u"2 min"_s;
    QTest::newRow("two units are enough") << qint64(93'784'000) << u"1 d 2 h"_s;
    QTest::newRow("no unit is left out in between") << qint64(86'401'000) << u"1 d"_s;
    QTest::newRow("backwards") << qint64(-5'000) << u"5 s"_s;
}

void tst_CtlFormat::durationsAreWritten()
{
    QFETCH(qint64, ms);
    QTEST(formatDuration(Milliseconds(ms)), "text");
}

void tst_CtlFormat::timesAreSeenFromNow()
{
    const qint64 now = 1'767'225'600'000;
    QCOMPARE(formatRelative(now + 3'599'000, now), u"in 59 min 59 s"_s);
    QCOMPARE(formatRelative(now - 3'000, now), u"3 s ago"_s);
    QCOMPARE(formatRelative(now, now), u"now"_s);
    QCOMPARE(formatDelay(Milliseconds(3'000)), u"in 3 s"_s);
    QCOMPARE(formatDelay(Milliseconds(0)), u"at once"_s);
    QCOMPARE(formatTime(now), u"2026-01-01 00:00:00 UTC"_s);
}

void tst_CtlFormat::quantilesAreThoseOfTheValues()
{
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 10'000; ++value)
        histogram.add(value);
    const auto isNear = [&](double share, double value) {
        const double found = double(histogram.quantile(share));
        return found >= value && found <= value * (1 + 1.0 / 64);
    };
    QVERIFY(isNear(0.5, 5'000));
    QVERIFY(isNear(0.99, 9'900));
    QCOMPARE(histogram.quantile(1), std::uint64_t(10'000));
    QCOMPARE(histogram.quantile(0), std::uint64_t(1));
    QCOMPARE(histogram.count(), std::uint64_t(10'000));
}

void tst_CtlFormat::quantilesOfNothingAreZero()
{
    QCOMPARE(Histogram().quantile(0.5), std::uint64_t(0));
    QCOMPARE(Histogram().maximum(), std::uint64_t(0));
}

void tst_CtlFormat::histogramsAddUp()
{
    Histogram one;
    Histogram other;
    one.add(5);
    other.add(0);
    other.add(std::numeric_limits<std::uint64_t>::max());
    one.add(other);
    QCOMPARE(one.count(), std::uint64_t(3));
    QCOMPARE(one.quantile(0.5), std::uint64_t(5));
    QCOMPARE(one.maximum(), std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(one.quantile(1), std::numeric_limits<std::uint64_t>::max());
}

void tst_CtlFormat::errorsHaveExitCodes_data()
{
    QTest::addColumn<DispatchError>("error");
    QTest::addColumn<int>("code");
    QTest::newRow("nobody there") << DispatchError(DispatchError::NetworkError, u"x"_s) << 3;
    QTest::newRow("no certificate that is trusted")
        << DispatchError(DispatchError::TlsError, u"x"_s) << 3;
    QTest::newRow("another kind of server")
        << DispatchError(DispatchError::ProtocolError, u"x"_s) << 3;
    QTest::newRow("a proxy without a server behind it")
        << DispatchError(DispatchError::ServerUnavailable, u"x"_s) << 3;
    QTest::newRow("a server without room")
        << DispatchError(DispatchError::ServerUnavailable, u"x"_s, true, u"server_full"_s) << 4;
    QTest::newRow("a bad token") << DispatchError(DispatchError::Unauthorized, u"x"_s) << 4;
    QTest::newRow("a refused event")
        << DispatchError(DispatchError::RefusedByServer, u"x"_s, true, u"rate_limited"_s) << 4;
    QTest::newRow("silence") << DispatchError(DispatchError::Timeout, u"x"_s) << 5;
    QTest::newRow("a reserved name") << DispatchError(DispatchError::InvalidEventName, u"x"_s) << 2;
    QTest::newRow("parameters that can't be")
        << DispatchError(DispatchError::InvalidParameters, u"x"_s) << 2;
    QTest::newRow("parameters that the server refuses")
        << DispatchError(DispatchError::InvalidParameters, u"x"_s, false, u"bad_parameters"_s) << 4;
    QTest::newRow("ws:// to another machine")
        << DispatchError(DispatchError::InsecureUrl, u"x"_s) << 2;
    QTest::newRow("ws:// to a port that speaks TLS")
        << DispatchError(DispatchError::InvalidUrl, u"x"_s, false, u"tls_required"_s) << 4;
    QTest::newRow("a full queue") << DispatchError(DispatchError::QueueFull, u"x"_s) << 1;
}

void tst_CtlFormat::errorsHaveExitCodes()
{
    QFETCH(DispatchError, error);
    const Failure failure = failureOf(error, QUrl(u"ws://127.0.0.1:1"_s));
    QTEST(int(failure.exitCode), "code");
    QVERIFY(failure.message.contains(u'x'));
    QVERIFY(failure.message.endsWith(u'.'));
    QCOMPARE(failure.code, error.reason());
}

void tst_CtlFormat::messagesNameOptions_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("said");
    QTest::newRow("a CA") << u"Name its CA by caFile."_s << u"Name its CA by --ca-file."_s;
    QTest::newRow("no TLS") << u"Use wss://, or set allowInsecure."_s
                            << u"Use wss://, or set --insecure."_s;
    QTest::newRow("a project") << u"Name one, as projectId."_s << u"Name one, as --project."_s;
    QTest::newRow("a shard") << u"shardName has at most 128 bytes."_s
                             << u"--shard has at most 128 bytes."_s;
    QTest::newRow("none") << u"Connection refused."_s << u"Connection refused."_s;
}

void tst_CtlFormat::messagesNameOptions()
{
    QFETCH(QString, message);
    QTEST(inOptions(message), "said");
    const Failure failure =
        failureOf({DispatchError::InvalidParameters, message}, QUrl(u"ws://127.0.0.1:1"_s));
    QTEST(failure.message, "said");
}

void tst_CtlFormat::urlsAreShownWithoutSecrets()
{
    QCOMPARE(displayed(QUrl(u"wss://ann:secret@host:1/path?authorization=secret#secret"_s)),
             u"wss://host:1/path"_s);
}

QTEST_GUILESS_MAIN(tst_CtlFormat)
#include "tst_ctlformat.moc"
