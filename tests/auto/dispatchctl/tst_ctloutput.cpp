// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace {

const QByteArray AnnJoins = "{\"dispatchRecording\":1}\n"
                            "{\"at\":0,\"person\":\"a\",\"joins\":{\"name\":\"Ann\"}}\n";

QByteArray sayingWhy(int error)
{
    return "dispatchctl: stdout can't be written: " + qt_error_string(error).toUtf8() + ".\n";
}

/// Has no file of a process that it starts get longer than \a most bytes.
void limitFiles(QProcess &process, rlim_t most)
{
    process.setChildProcessModifier([most] {
        const rlimit limit{most, most};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);
    });
}

} // namespace

/// What becomes of an answer that can't be written, or that nobody reads.
class tst_CtlOutput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void failsOnAFullDisk_data();
    void failsOnAFullDisk();
    void failsWhenAFileGetsTooLong();
    void saysWhyARecordingCanNotGoOn();
    void failsWithoutStdout();
    void ofTwoFailuresTheFirstCounts();
    void endsQuietlyWhenNobodyReads_data();
    void endsQuietlyWhenNobodyReads();
    void aFailureStaysOneWhenNobodyReads();

private:
    CtlResult runIt(const QStringList &words);
    CtlResult runUnread(const QStringList &words);
    void addCommands();

    std::unique_ptr<CtlServer> m_server;
    std::unique_ptr<DispatchClient> m_ann; ///< somebody to tell of
    std::unique_ptr<CtlProcess> m_ctl;
};

void tst_CtlOutput::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_server = std::make_unique<CtlServer>();
    QVERIFY(m_server->start());
    QVERIFY(!m_server->write(u"recording"_s, AnnJoins).isEmpty());
    m_ann = m_server->join(u"room"_s);
    QVERIFY(m_ann);
}

/// Runs m_ctl, with the path of a file in the place of FILE:name, and Ann's id in that of ANN.
CtlResult tst_CtlOutput::runIt(const QStringList &words)
{
    QStringList arguments;
    for (const QString &word : words)
        arguments += word.startsWith("FILE:"_L1) ? m_server->path(word.sliced(5)) : word;
    arguments.replaceInStrings(u"ANN"_s, m_ann->clientId());
    m_ctl->start(arguments, m_server->surroundings({u"DISPATCH_PROJECT=game"_s}));
    const bool hasEnded = m_ctl->ends();
    return {hasEnded ? m_ctl->process.exitCode() : -1, m_ctl->output(), m_ctl->errors(),
            m_ctl->records()};
}

/// Runs m_ctl with a stdout whose reader has gone.
CtlResult tst_CtlOutput::runUnread(const QStringList &words)
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return {};
    ::close(ends[0]);
    m_ctl->process.setChildProcessModifier([end = ends[1]] { ::dup2(end, STDOUT_FILENO); });
    const CtlResult result = runIt(words);
    ::close(ends[1]);
    return result;
}

/// Each with an answer on stdout.
void tst_CtlOutput::addCommands()
{
    QTest::addColumn<QStringList>("words");
    const auto add = [](const QString &line) {
        QTest::newRow(qPrintable(line)) << line.split(u' ');
    };
    add(u"listen --json --shard room"_s);
    add(u"emit tap --json --shard room"_s);
    add(u"record - --shard room"_s);
    add(u"record FILE:room.jsonl --json --shard room"_s);
    add(u"replay FILE:recording --json --shard stage"_s);
    add(u"info"_s);
    add(u"info --json"_s);
    add(u"clients room --project-token-file FILE:project.token"_s);
    add(u"kick ANN --project-token-file FILE:project.token"_s);
    add(u"token make --key-file FILE:secret --subject ann"_s);
    add(u"token make --key-file FILE:secret --subject ann --json"_s);
    add(u"bench --clients 1 --rate 1 --seconds 100ms"_s);
    add(u"doctor"_s);
    add(u"doctor --json"_s);
}

void tst_CtlOutput::failsOnAFullDisk_data()
{
    addCommands();
    QTest::newRow("--help") << QStringList{u"--help"_s};
    QTest::newRow("--version") << QStringList{u"--version"_s};
    QTest::newRow("info --help") << QStringList{u"info"_s, u"--help"_s};
}

void tst_CtlOutput::failsOnAFullDisk()
{
    QFETCH(QStringList, words);
    m_ctl->process.setStandardOutputFile(u"/dev/full"_s, QIODevice::Append);
    const CtlResult result = runIt(words);
    QVERIFY2(result.code == 1, result.errors);
    QVERIFY2(result.errors.endsWith(sayingWhy(ENOSPC)), result.errors);
}

void tst_CtlOutput::failsWhenAFileGetsTooLong()
{
    m_ctl->process.setStandardOutputFile(m_server->path(u"answer"_s));
    limitFiles(m_ctl->process, 100);
    const CtlResult result = runIt({u"--help"_s});
    QCOMPARE(result.code, 1);
    QCOMPARE(result.errors, sayingWhy(EFBIG));
}

void tst_CtlOutput::saysWhyARecordingCanNotGoOn()
{
    limitFiles(m_ctl->process, 30); // in the middle of the second line
    const CtlResult result = runIt({u"record"_s, u"FILE:room.jsonl"_s, u"--shard=room"_s});
    QCOMPARE(result.code, 1);
    const QString why = u"'%1' can't be written: %2."_s.arg(m_server->path(u"room.jsonl"_s),
                                                            qt_error_string(EFBIG));
    QVERIFY2(result.errors.contains(why.toUtf8()), result.errors);
}

void tst_CtlOutput::failsWithoutStdout()
{
    m_ctl->process.setChildProcessModifier([] { ::close(STDOUT_FILENO); });
    const CtlResult result = runIt({u"info"_s, u"--quiet"_s});
    QCOMPARE(result.code, 1);
    QCOMPARE(result.errors, sayingWhy(EBADF));
}

void tst_CtlOutput::ofTwoFailuresTheFirstCounts()
{
    m_ctl->process.setStandardOutputFile(u"/dev/full"_s, QIODevice::Append);
    const CtlResult result = runIt({u"emit"_s, u"tap"_s, u"--token"_s, HiddenToken, u"--json"_s});
    QCOMPARE(result.code, 4);
    QVERIFY2(result.errors.endsWith(sayingWhy(ENOSPC)), result.errors);
    QCOMPARE(result.errors.count("dispatchctl: "), 2);
}

void tst_CtlOutput::endsQuietlyWhenNobodyReads_data()
{
    addCommands();
}

void tst_CtlOutput::endsQuietlyWhenNobodyReads()
{
    QFETCH(QStringList, words);
    const CtlResult result = runUnread(words + QStringList{u"--quiet"_s});
    QCOMPARE(result.errors, QByteArray());
    QCOMPARE(result.code, 0);
}

void tst_CtlOutput::aFailureStaysOneWhenNobodyReads()
{
    const CtlResult result =
        runUnread({u"emit"_s, u"tap"_s, u"--token"_s, HiddenToken, u"--json"_s});
    QCOMPARE(result.code, 4);
    QCOMPARE(result.errors.count("dispatchctl: "), 1);
}

QTEST_GUILESS_MAIN(tst_CtlOutput)
#include "tst_ctloutput.moc"
