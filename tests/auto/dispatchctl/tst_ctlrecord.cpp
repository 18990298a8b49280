// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlrecordtest.h"

#include "recording_p.h"

#include <DispatchTestServer>

#include <algorithm>

using namespace Dispatch;
using namespace std::chrono_literals;

/// What record writes, and the test kit plays.
class tst_CtlRecord : public CtlRecordTest {
    Q_OBJECT

private Q_SLOTS:
    void writesALineForEachStep();
    void writesToStdout();
    void leavesOutWhatItCanNotRead();
    void letsNothingSteerTheTerminal();
    void aKillLosesNothingThatWasWritten();
    void endsCleanlyOnASignal();
    void saysWhatIsMissingAfterALoss();
    void endsWhenItIsFull();
    void leavesAFileAloneUntilItIsThere();
    void saysWhenItCanNotWrite();
    void recordRefusesBadUsage_data();
    void recordRefusesBadUsage();
    void theTestKitPlaysWhatWasRecorded();

private:
    static std::vector<RecordedStep> stepsOf(const QByteArray &recording);
};

std::vector<RecordedStep> tst_CtlRecord::stepsOf(const QByteArray &recording)
{
    const auto read = readRecording(recording);
    if (const auto *fault = std::get_if<QString>(&read))
        qWarning().noquote() << *fault << recording;
    return std::holds_alternative<Recording>(read) ? std::get<Recording>(read).steps
                                                   : std::vector<RecordedStep>();
}

void tst_CtlRecord::writesALineForEachStep()
{
    QVERIFY(startRecording({m_path, u"--count=1"_s}));
    QVERIFY(m_ctl->notes("Recording in shard 'room' of project 'game'."));
    {
        const auto bob = join(u"Bob"_s);
        QVERIFY(bob);
        QTRY_VERIFY(written().contains("Bob"));
    }
    QTRY_VERIFY(written().contains("leaves"));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QTRY_VERIFY(written().contains("Ann"));
    ann->emitEvent(u"message"_s, u"Hello!"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QCOMPARE(m_ctl->output(), QByteArray());
    QVERIFY2(m_ctl->errors().contains("Events: 1, people: 2, bytes: "
                                      + QByteArray::number(written().size())),
             m_ctl->errors());

    const auto steps = stepsOf(written());
    const RecordedStep &last = steps.back();
    QCOMPARE(last.what, RecordedStep::Emits);
    QCOMPARE(last.person, u"2"_s);
    QCOMPARE(last.eventName, u"message"_s);
    QCOMPARE(last.value, QJsonValue(u"Hello!"_s));
    QVERIFY(!last.isPrivate);
}

void tst_CtlRecord::writesToStdout()
{
    QVERIFY(startRecording({u"--count=1"_s, u"--quiet"_s}));
    QVERIFY(m_ctl->prints(Head));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QVERIFY(m_ctl->prints("Ann"));
    ann->emitEvent(u"tap"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    QCOMPARE(m_ctl->errors(), QByteArray());
    QCOMPARE(stepsOf(m_ctl->output()).back().eventName, u"tap"_s);
}

void tst_CtlRecord::leavesOutWhatItCanNotRead()
{
    QVERIFY(startRecording({m_path, u"--json"_s, u"--count=1"_s}));
    QVERIFY(m_ctl->prints("connected"));
    QVERIFY(m_server->publish(R"({"eventName":"far","payload":1e400})"));
    QVERIFY(m_server->publish(R"({"eventName":"near","payload":1})"));
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->records().last()[u"unreadable"_s], 1);
    QCOMPARE(stepsOf(written()).size(), 1);
    QCOMPARE(stepsOf(written()).back().eventName, u"near"_s);
}

void tst_CtlRecord::letsNothingSteerTheTerminal()
{
    const QString evil = u"\x1b[2J\u009b31m\u202e"_s;
    QVERIFY(startRecording({u"--count=1"_s}));
    QVERIFY(m_ctl->prints(Head));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    ann->emitEvent(u"x"_s, evil);
    QVERIFY(m_ctl->ends());
    const QByteArray output = m_ctl->output();
    QVERIFY(output.contains("\\u001b[2J\\u009b31m\\u202e"));
    QVERIFY(!output.contains('\x1b') && !output.contains("\u009b") && !output.contains("\u202e"));
    QCOMPARE(stepsOf(output).back().value, QJsonValue(evil));
}

void tst_CtlRecord::aKillLosesNothingThatWasWritten()
{
    QVERIFY(startRecording({m_path}));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    ann->emitEvent(u"last"_s);
    QTRY_VERIFY(written().contains("last"));
    m_ctl->send(SIGKILL);
    QTRY_COMPARE(m_ctl->process.state(), QProcess::NotRunning);
    const auto steps = stepsOf(written());
    const auto isLast = [](const RecordedStep &step) { return step.eventName == u"last"_s; };
    QVERIFY(std::ranges::any_of(steps, isLast));
}

void tst_CtlRecord::endsCleanlyOnASignal()
{
    QVERIFY(startRecording({m_path, u"--json"_s}));
    QTRY_COMPARE(written(), Head);
    m_ctl->send(SIGINT);
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 0);
    const QJsonObject end = m_ctl->records().last();
    QCOMPARE(end[u"type"_s], u"recorded"_s);
    QCOMPARE(end[u"bytes"_s], int(Head.size()));
    QCOMPARE(written(), Head);
}

void tst_CtlRecord::saysWhatIsMissingAfterALoss()
{
    QVERIFY(startRecording({m_path, u"--count=1"_s}));
    QVERIFY(m_ctl->notes("Recording in"));
    const quint16 port = m_server->server().port();
    m_server->server().close();
    QVERIFY(m_ctl->notes("Trying again"));
    QVERIFY(m_server->server().listen(QHostAddress::LocalHost, port));
    QVERIFY(m_ctl->notes("Back in shard 'room'"));
    QVERIFY(m_ctl->notes("What was emitted meanwhile is missing."));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    ann->emitEvent(u"again"_s);
    QVERIFY(m_ctl->ends());
    QCOMPARE(stepsOf(written()).back().eventName, u"again"_s);
}

void tst_CtlRecord::endsWhenItIsFull()
{
    QVERIFY(startRecording({m_path, u"--max-bytes=1000"_s}));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    for (int i = 0; i < 30; ++i)
        ann->emitEvent(u"message"_s, QString(20, u'x'));
    QVERIFY(m_ctl->ends());
    QCOMPARE(m_ctl->process.exitCode(), 1);
    QVERIFY(m_ctl->errors().contains("--max-bytes"));
    QVERIFY(written().size() <= 1000);
    QVERIFY(stepsOf(written()).size() > 5);
}

void tst_CtlRecord::leavesAFileAloneUntilItIsThere()
{
    QVERIFY(!m_server->write(u"room.jsonl"_s, "of yesterday").isEmpty());
    const QUrl url = m_server->url();
    m_server->server().close();
    const CtlResult result = runCtl({u"record"_s, m_path}, {.url = url});
    QCOMPARE(result.code, 3);
    QVERIFY(result.errors.contains(url.toString().toUtf8()));
    QCOMPARE(written(), "of yesterday"_ba);
}

void tst_CtlRecord::saysWhenItCanNotWrite()
{
    const CtlResult folder = m_server->run({u"record"_s, m_server->path(QString())});
    QCOMPARE(folder.code, 2);
    QVERIFY2(folder.errors.contains("can't be written"), folder.errors);
    const CtlResult full = m_server->run({u"record"_s, u"/dev/full"_s});
    QCOMPARE(full.code, 1);
    QVERIFY2(full.errors.contains("'/dev/full' can't be written"), full.errors);
}

void tst_CtlRecord::recordRefusesBadUsage_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::newRow("no room") << QStringList{u"--max-bytes=0"_s};
    QTest::newRow("more than can be played") << QStringList{u"--max-bytes=67108865"_s};
    QTest::newRow("count") << QStringList{u"--count=0"_s};
    QTest::newRow("JSON twice on stdout") << QStringList{u"--json"_s};
    QTest::newRow("two files") << QStringList{u"a"_s, u"b"_s};
}

void tst_CtlRecord::recordRefusesBadUsage()
{
    QFETCH(QStringList, options);
    const CtlResult result = m_server->run(QStringList{u"record"_s} + options);
    QCOMPARE(result.code, 2);
    QVERIFY(result.errors.endsWith("Try 'dispatchctl record --help'.\n"));
}

void tst_CtlRecord::theTestKitPlaysWhatWasRecorded()
{
    QVERIFY(startRecording({m_path, u"--count=2"_s}));
    QVERIFY(m_ctl->notes("Recording in"));
    const auto ann = join(u"Ann"_s);
    QVERIFY(ann);
    QTRY_VERIFY(written().contains("Ann"));
    ann->emitEvent(u"message"_s, u"Hello!"_s);
    ann->emitEvent(u"message"_s, u"Anybody there?"_s);
    QVERIFY(m_ctl->ends());

    DispatchTestServer room;
    DispatchClient app;
    app.setUrl(room.url());
    app.setActive(true);
    room.settle();
    View seen(app);
    QVERIFY(room.replay(QUrl::fromLocalFile(m_path)));
    room.advance(1min);
    QCOMPARE(seen.said()[u"Ann"_s],
             QStringList({u"message \"Hello!\""_s, u"message \"Anybody there?\""_s}));
}

QTEST_GUILESS_MAIN(tst_CtlRecord)
#include "tst_ctlrecord.moc"
