// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "ctlserver.h"
#include "helptext_p.h"

#include <QtCore/qdir.h>
#include <QtCore/qregularexpression.h>

using namespace Dispatch::Ctl;

namespace {

/// The blocks of docs/dispatchctl.md in \a language.
QStringList blocks(const QString &language)
{
    QFile page(QStringLiteral(SOURCE_DIR "/docs/dispatchctl.md"));
    if (!page.open(QIODevice::ReadOnly))
        return {};
    const QRegularExpression fence(u"^```%1\\n(.*?)^```$"_s.arg(language),
                                   QRegularExpression::MultilineOption
                                       | QRegularExpression::DotMatchesEverythingOption);
    QStringList found;
    auto match = fence.globalMatch(QString::fromUtf8(page.readAll()));
    while (match.hasNext())
        found += match.next().captured(1);
    return found;
}

} // namespace

/// Holds docs/dispatchctl.md against the program.
class tst_CtlDocumentation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void helpIsDocumentedAsItIs();
    void samplesWork_data();
    void samplesWork();
    void readmeShowsTwoWhoTalk();

private:
    CtlServer m_server;
    std::unique_ptr<DispatchClient> m_ann;
};

void tst_CtlDocumentation::initTestCase()
{
    QVERIFY(m_server.start());
    QVERIFY(!m_server.write(u"game.token"_s, m_server.projectToken).isEmpty());
    m_ann = m_server.join(u"lobby"_s);
    QVERIFY(m_ann);
}

void tst_CtlDocumentation::helpIsDocumentedAsItIs()
{
    QStringList expected{mainHelp() + u'\n'};
    for (const CommandInfo &command : commandTable())
        expected += commandHelp(command) + u'\n';
    QCOMPARE(blocks(u"text"_s), expected);
}

void tst_CtlDocumentation::samplesWork_data()
{
    QTest::addColumn<QString>("sample");
    const QStringList samples = blocks(u"sh"_s);
    QVERIFY(samples.size() >= 9);
    for (const QString &sample : samples)
        QTest::newRow(qPrintable(sample.section(u'\n', 0, 0))) << sample;
}

void tst_CtlDocumentation::samplesWork()
{
    QFETCH(QString, sample);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPATCH_URL"_s, m_server.url().toString());
    environment.insert(u"DISPATCH_PROJECT"_s, u"game"_s);
    environment.insert(u"PATH"_s,
                       QFileInfo(QStringLiteral(DISPATCHCTL)).path() + u':'
                           + environment.value(u"PATH"_s));
    QProcess shell;
    shell.setProcessEnvironment(environment);
    shell.setWorkingDirectory(m_server.path(QString()));
    shell.setProcessChannelMode(QProcess::MergedChannels);
    shell.start(u"sh"_s, {u"-e"_s, u"-c"_s, sample});
    const bool ended = QTest::qWaitFor([&] { return shell.state() == QProcess::NotRunning; },
                                       CtlProcess::DeadlineMs);
    QVERIFY(ended);
    const QByteArray output = shell.readAll();
    QVERIFY2(shell.exitStatus() == QProcess::NormalExit && shell.exitCode() == 0,
             output.constData());
}

void tst_CtlDocumentation::readmeShowsTwoWhoTalk()
{
    QFile readme(QStringLiteral(SOURCE_DIR "/README.md"));
    QVERIFY(readme.open(QIODevice::ReadOnly));
    QStringList lines;
    for (const QString &line : QString::fromUtf8(readme.readAll()).split(u'\n')) {
        if (line.startsWith(u"build/bin/dispatchctl"_s))
            lines += QString(line).replace(u"build/bin/dispatchctl"_s, QStringLiteral(DISPATCHCTL));
    }
    QVERIFY(lines.size() >= 2);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPATCH_URL"_s, m_server.url().toString());
    CtlProcess listener;
    listener.process.setProcessEnvironment(environment);
    listener.process.start(u"sh"_s, {u"-c"_s, u"exec "_s + lines[0]});
    QVERIFY2(listener.notes("Listening in shard 'lobby'"), listener.errors().constData());
    QProcess speaker;
    speaker.setProcessEnvironment(environment);
    speaker.start(u"sh"_s, {u"-c"_s, lines[1]});
    QVERIFY2(listener.prints(R"({"author":"Ann","body":"Hello!"})"), listener.output().constData());
    QTRY_COMPARE(speaker.state(), QProcess::NotRunning);
    QCOMPARE(speaker.exitCode(), 0);
}

QTEST_GUILESS_MAIN(tst_CtlDocumentation)
#include "tst_ctldocumentation.moc"
