// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "loglimiter_p.h"
#include "logtext_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_LogText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void untrustedTextStaysInItsLine_data();
    void untrustedTextStaysInItsLine();
    void longTextIsCut_data();
    void longTextIsCut();
    void tenLinesASecondAreWritten();
    void nextLineSaysHowManyWereLeftOut();
};

void tst_LogText::untrustedTextStaysInItsLine_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("logged");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("plain") << QByteArray("room 1 \xc3\xa4\xe6\xbc\xa2\xf0\x9f\x98\x80")
                           << QByteArray("room 1 \xc3\xa4\xe6\xbc\xa2\xf0\x9f\x98\x80");
    QTest::newRow("a line feed") << QByteArray("a\nERROR") << QByteArray("a\\u000aERROR");
    QTest::newRow("a carriage return") << QByteArray("a\rb") << QByteArray("a\\u000db");
    QTest::newRow("nothing") << QByteArray("a\0b", 3) << QByteArray("a\\u0000b");
    QTest::newRow("a terminal's escape") << QByteArray("\x1b[2J") << QByteArray("\\u001b[2J");
    QTest::newRow("delete") << QByteArray("\x7f") << QByteArray("\\u007f");
    QTest::newRow("first of C1") << QByteArray("\xc2\x80") << QByteArray("\\u0080");
    QTest::newRow("last of C1") << QByteArray("\xc2\x9f") << QByteArray("\\u009f");
    QTest::newRow("behind C1") << QByteArray("\xc2\xa0") << QByteArray("\xc2\xa0");
    QTest::newRow("line separator") << QByteArray("\xe2\x80\xa8") << QByteArray("\\u2028");
    QTest::newRow("paragraph separator") << QByteArray("\xe2\x80\xa9") << QByteArray("\\u2029");
    QTest::newRow("right to left") << QByteArray("\xe2\x80\xae"
                                                 "abc")
                                   << QByteArray("\\u202eabc");
    QTest::newRow("isolate") << QByteArray("\xe2\x81\xa6") << QByteArray("\\u2066");
    QTest::newRow("Arabic letter mark") << QByteArray("\xd8\x9c") << QByteArray("\\u061c");
    QTest::newRow("quote and backslash") << QByteArray("\"\\") << QByteArray("\\\"\\\\");
    QTest::newRow("no UTF-8") << QByteArray("a\xff\xc3") << QByteArray("a\\xff\\xc3");
}

void tst_LogText::untrustedTextStaysInItsLine()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, logged);
    QCOMPARE(QByteArray::fromStdString(escapedForLog(text.toStdString())), logged);
}

void tst_LogText::longTextIsCut_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("logged");
    const QByteArray longest(qsizetype(LoggedBytes), 'x');
    QTest::newRow("one less") << longest.chopped(1) << longest.chopped(1);
    QTest::newRow("as long as it may be") << longest << longest;
    QTest::newRow("one more") << longest + 'x' << longest.chopped(3) + "...";
    QTest::newRow("never inside a code point") << QByteArray("\xe6\xbc\xa2").repeated(100)
                                               << QByteArray("\xe6\xbc\xa2").repeated(84) + "...";
    QTest::newRow("never inside an escape")
        << QByteArray("\n").repeated(100) << QByteArray("\\u000a").repeated(42) + "...";
}

void tst_LogText::longTextIsCut()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, logged);
    QCOMPARE(QByteArray::fromStdString(escapedForLog(text.toStdString())), logged);
    QVERIFY(escapedForLog(text.toStdString()).size() <= LoggedBytes);
}

void tst_LogText::tenLinesASecondAreWritten()
{
    LogLimiter limiter;
    const TimePoint start{std::chrono::seconds(1'000)};
    for (int second = 0; second < 3; ++second) {
        int written = 0;
        for (int i = 0; i < 100; ++i)
            written +=
                limiter.admit(start + std::chrono::seconds(second) + milliseconds(i)) ? 1 : 0;
        QCOMPARE(written, LogLimiter::LinesPerSecond);
    }
}

void tst_LogText::nextLineSaysHowManyWereLeftOut()
{
    LogLimiter limiter;
    const TimePoint start{std::chrono::seconds(1'000)};
    for (int i = 0; i < LogLimiter::LinesPerSecond; ++i)
        QCOMPARE(limiter.admit(start), std::optional(0));
    for (int i = 0; i < 7; ++i)
        QCOMPARE(limiter.admit(start + milliseconds(999)), std::nullopt);
    QCOMPARE(limiter.admit(start + milliseconds(1'000)), std::optional(7));
    QCOMPARE(limiter.admit(start + milliseconds(1'000)), std::optional(0));
}

QTEST_APPLESS_MAIN(tst_LogText)
#include "tst_logtext.moc"
