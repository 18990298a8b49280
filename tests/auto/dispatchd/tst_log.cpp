// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "logline_p.h"
#include "logwriter_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>
#include <QtTest/qtest.h>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

LogRecord saying(const QString &message)
{
    return {QDateTime::fromMSecsSinceEpoch(1'767'225'600'123, Qt::UTC), QtWarningMsg,
            u"dispatch.server"_s, message};
}

/// Two ends of a pipe or of a pair of sockets.
struct Ends {
    std::array<int, 2> ends{-1, -1};

    void close(int which)
    {
        ::close(ends[std::size_t(which)]);
        ends[std::size_t(which)] = -1;
    }
    ~Ends()
    {
        for (const int end : ends) {
            if (end >= 0)
                ::close(end);
        }
    }
};

} // namespace

class tst_Log : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesTimeLevelCategoryAndMessage();
    void escapesWhatStrangersWrite_data();
    void escapesWhatStrangersWrite();
    void aLineHasABound_data();
    void aLineHasABound();
    void knowsTheLevels();
    void aFullPipeCostsTheLineAndNoTime_data();
    void aFullPipeCostsTheLineAndNoTime();
    void aBrokenDescriptorCostsTheLine_data();
    void aBrokenDescriptorCostsTheLine();
};

void tst_Log::writesTimeLevelCategoryAndMessage()
{
    const LogRecord record = saying(u"The \"path\" C:\\x"_s);
    QCOMPARE(formatLogLine(LogFormat::Text, record),
             QByteArray("2026-01-01T00:00:00.123Z warning dispatch.server: The \"path\" C:\\x\n"));
    QCOMPARE(formatLogLine(LogFormat::Json, record),
             QByteArray(R"({"time":"2026-01-01T00:00:00.123Z","level":"warning",)"
                        R"("category":"dispatch.server","message":"The \"path\" C:\\x"})"
                        "\n"));
}

void tst_Log::escapesWhatStrangersWrite_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QByteArray>("written");

    QTest::newRow("line feed") << u"a\nb"_s << QByteArray("a\\u000ab");
    QTest::newRow("carriage return") << u"a\rb"_s << QByteArray("a\\u000db");
    QTest::newRow("escape") << u"\x1b[31m"_s << QByteArray("\\u001b[31m");
    QTest::newRow("nul") << QString(QChar(0)) << QByteArray("\\u0000");
    QTest::newRow("delete") << u"\x7f"_s << QByteArray("\\u007f");
    QTest::newRow("C1") << u"\u0085\u009b"_s << QByteArray("\\u0085\\u009b");
    QTest::newRow("separators") << u"\u2028\u2029"_s << QByteArray("\\u2028\\u2029");
    QTest::newRow("override") << u"\u202e\u2066\u200f"_s << QByteArray("\\u202e\\u2066\\u200f");
    QTest::newRow("byte order mark") << u"\ufeff"_s << QByteArray("\\ufeff");
    QTest::newRow("lone surrogate") << QString(QChar(0xd83d)) << QByteArray("\\ud83d");
    QTest::newRow("emoji") << QString::fromUtf8("\xf0\x9f\x98\x80")
                           << QByteArray("\xf0\x9f\x98\x80");
    QTest::newRow("letters") << u"åß中"_s << QByteArray("åß中");
}

void tst_Log::escapesWhatStrangersWrite()
{
    QFETCH(QString, message);
    QFETCH(QByteArray, written);
    const QByteArray text = formatLogLine(LogFormat::Text, saying(message));
    QCOMPARE(text.mid(text.indexOf(": ") + 2), written + '\n');
    const QByteArray json = formatLogLine(LogFormat::Json, saying(message));
    QVERIFY2(json.endsWith(":\"" + written + "\"}\n"), json.constData());
    QCOMPARE(QJsonDocument::fromJson(json).object().value(u"message"_s).toString().size(),
             message.size());
}

void tst_Log::aLineHasABound_data()
{
    QTest::addColumn<QString>("letter");
    QTest::newRow("ascii") << u"a"_s;
    QTest::newRow("control") << u"\x01"_s;
    QTest::newRow("quote") << u"\""_s;
    QTest::newRow("emoji") << QString::fromUtf8("\xf0\x9f\x98\x80");
}

void tst_Log::aLineHasABound()
{
    QFETCH(QString, letter);
    for (const LogFormat format : {LogFormat::Text, LogFormat::Json}) {
        LogRecord record = saying(letter.repeated(100'000));
        record.category = letter.repeated(10'000);
        const QByteArray line = formatLogLine(format, record);
        QVERIFY2(line.size() <= MaximumLogLine, qPrintable(QString::number(line.size())));
        QVERIFY(line.size() > MaximumLogLine / 2);
        QVERIFY(line.contains("..."));
        QVERIFY(QString::fromUtf8(line).toUtf8() == line); // cut between characters
        if (format == LogFormat::Json)
            QVERIFY(QJsonDocument::fromJson(line).isObject());
    }
}

void tst_Log::knowsTheLevels()
{
    const std::array types{QtDebugMsg, QtInfoMsg, QtWarningMsg, QtCriticalMsg, QtFatalMsg};
    QStringList names;
    for (std::size_t i = 0; i < types.size(); ++i) {
        QCOMPARE(severityOf(types[i]), int(i));
        names += QString::fromLatin1(levelName(types[i]));
    }
    QCOMPARE(names.join(u' '), u"debug info warning error fatal"_s);
}

void tst_Log::aFullPipeCostsTheLineAndNoTime_data()
{
    QTest::addColumn<bool>("isSocket");
    QTest::newRow("pipe") << false;
    QTest::newRow("socket") << true;
}

void tst_Log::aFullPipeCostsTheLineAndNoTime()
{
    QFETCH(bool, isSocket);
    Ends ends;
    QCOMPARE(isSocket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.ends.data())
                      : ::pipe(ends.ends.data()),
             0);
    LogWriter writer(ends.ends[1]);
    const QByteArray line(MaximumLogLine, 'x');
    int written = 0;
    while (writer.write(line) && written < 10'000) // a writer that waits never gets out of here
        ++written;
    QVERIFY(written > 0);
    QVERIFY(!writer.write(line));
    QCOMPARE(writer.takeLost(), 2);
    QCOMPARE(writer.takeLost(), 0);

    QByteArray read(MaximumLogLine * 16, Qt::Uninitialized);
    qint64 total = 0;
    while (total < qint64(written) * MaximumLogLine) {
        const ssize_t count = ::read(ends.ends[0], read.data(), std::size_t(read.size()));
        QVERIFY(count > 0);
        total += count;
    }
    QVERIFY(writer.write("there again\n"));
}

void tst_Log::aBrokenDescriptorCostsTheLine_data()
{
    QTest::addColumn<QString>("what");
    QTest::newRow("closed") << u"closed"_s;
    QTest::newRow("nobody reads the pipe") << u"pipe"_s;
    QTest::newRow("nobody reads the socket") << u"socket"_s;
    QTest::newRow("full disk") << u"/dev/full"_s;
}

void tst_Log::aBrokenDescriptorCostsTheLine()
{
    QFETCH(QString, what);
    const auto before = ::signal(SIGPIPE, SIG_IGN);
    Ends ends;
    if (what == "pipe"_L1) {
        QCOMPARE(::pipe(ends.ends.data()), 0);
        ends.close(0);
    } else if (what == "socket"_L1) {
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.ends.data()), 0);
        ends.close(0);
    } else if (what.startsWith(u'/')) {
        ends.ends[1] = ::open(qPrintable(what), O_WRONLY);
        if (ends.ends[1] < 0)
            QSKIP("there is no /dev/full here");
    }
    LogWriter writer(ends.ends[1]);
    QVERIFY(!writer.write("a line\n"));
    QCOMPARE(writer.takeLost(), 1);
    ::signal(SIGPIPE, before);
}

QTEST_GUILESS_MAIN(tst_Log)
#include "tst_log.moc"
