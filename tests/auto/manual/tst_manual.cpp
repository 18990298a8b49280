// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <QtCore/qdir.h>
#include <QtCore/qprocess.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int DeadlineMs = 30'000;

/// What \a program prints, on stdout or, if it fails, in all.
QString outputOf(const QString &program, const QStringList &arguments, int expectedExit = 0)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(DeadlineMs) || process.exitCode() != expectedExit)
        qWarning() << program << arguments << process.errorString()
                   << process.readAllStandardError();
    return QString::fromUtf8(process.readAllStandardOutput());
}

QString help(const QString &program, const QStringList &command = {})
{
    return outputOf(QStringLiteral(PROGRAMS) + program, command + QStringList{u"--help"_s});
}

QString contentOf(const QString &name)
{
    QFile file(QStringLiteral(MANUAL) + name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// A page as it is read, more or less.
QString page(const QString &name)
{
    return contentOf(name).replace(u"\\-"_s, u"-"_s);
}

QStringList found(const QString &text, const QString &pattern)
{
    QStringList names;
    auto match = QRegularExpression(pattern, QRegularExpression::MultilineOption).globalMatch(text);
    while (match.hasNext())
        names += match.next().captured(1);
    names.removeDuplicates();
    return names;
}

QStringList optionsIn(const QString &helpText)
{
    return found(helpText, u"^ +(?:-[a-z], )?(--[a-z-]+)"_s);
}

QStringList commandsIn(const QString &helpText)
{
    const QString list = helpText.section(u"Commands:\n"_s, 1).section(u"\n\n"_s, 0, 0);
    return found(list, u"^  ([a-z]+(?: [a-z]+)?)  "_s);
}

/// What bash offers for \a words, of which the last is not finished.
QStringList completed(const QString &program, const QStringList &words, const QString &folder = {})
{
    QProcess bash;
    if (!folder.isEmpty())
        bash.setWorkingDirectory(folder);
    bash.start(u"bash"_s,
               QStringList{u"-c"_s,
                           u"set -u; source \"$1\"; shift; COMP_WORDS=(\"$@\"); "
                           "COMP_CWORD=$(($# - 1)); _%1; printf '%s\\n' \"${COMPREPLY[@]-}\""_s.arg(
                               program),
                           u"bash"_s, QStringLiteral(MANUAL) + program + u".bash"_s, program}
                   + words);
    if (!bash.waitForFinished(DeadlineMs) || bash.exitCode() != 0)
        return {u"bash failed: "_s + QString::fromUtf8(bash.readAllStandardError())};
    return QString::fromUtf8(bash.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace

/// Holds the pages for man, and what bash completes, against the programs.
class tst_Manual : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachOptionOfTheDaemonHasItsEntryAndIsCompleted();
    void eachCommandHasItsEntryAndIsCompleted();
    void eachKeyOfTheConfigurationHasItsEntry();
    void sampleConfigurationSaysNothingAndIsGood();
    void manFindsNothingWrong_data();
    void manFindsNothingWrong();
    void bashCompletes_data();
    void bashCompletes();
    void bashCompletesFiles();
};

void tst_Manual::eachOptionOfTheDaemonHasItsEntryAndIsCompleted()
{
    const QString text = page(u"dispatchd.8"_s);
    const QStringList options = optionsIn(help(u"dispatchd"_s));
    QVERIFY(options.size() > 40);
    const QStringList offered = completed(u"dispatchd"_s, {u"--"_s});
    for (const QString &option : options) {
        QVERIFY2(text.contains(QRegularExpression(u"^\\.B \"(-[a-z], )?%1[ \"]"_s.arg(option),
                                                  QRegularExpression::MultilineOption)),
                 qPrintable(option));
        QVERIFY2(offered.contains(option), qPrintable(option));
    }
}

void tst_Manual::eachCommandHasItsEntryAndIsCompleted()
{
    const QString text = page(u"dispatchctl.1"_s);
    const QString mainHelp = help(u"dispatchctl"_s);
    const QStringList commands = commandsIn(mainHelp);
    QVERIFY2(commands.size() >= 8, qPrintable(commands.join(u',')));
    for (const QString &option : optionsIn(mainHelp))
        QVERIFY2(completed(u"dispatchctl"_s, {u"--"_s}).contains(option), qPrintable(option));
    for (const QString &command : commands) {
        const QString entry = text.section(u".SS \"%1\""_s.arg(command), 1).section(u".SS"_s, 0, 0);
        QVERIFY2(!entry.isEmpty(), qPrintable(command));
        const QStringList words = command.split(u' ');
        const QStringList offered = completed(u"dispatchctl"_s, words + QStringList{u"--"_s});
        for (const QString &option : optionsIn(help(u"dispatchctl"_s, words))) {
            QVERIFY2(option == "--help"_L1 || entry.contains(option), qPrintable(command + option));
            QVERIFY2(text.contains(u".B \"%1"_s.arg(option)), qPrintable(option));
            QVERIFY2(offered.contains(option), qPrintable(command + option));
        }
    }
}

void tst_Manual::eachKeyOfTheConfigurationHasItsEntry()
{
    const QString config = outputOf(QStringLiteral(PROGRAMS "dispatchd"),
                                    {u"--config"_s, u"/dev/null"_s, u"--print-config"_s});
    const QStringList keys = found(config, u"^([a-z_]+) = "_s);
    QVERIFY(keys.size() > 40);
    const QString text = page(u"dispatchd.toml.5"_s);
    for (const QString &key : keys)
        QVERIFY2(text.contains(u".B \"%1\""_s.arg(key)), qPrintable(key));
    for (const QString &section : found(config, u"^(?:# )?\\[+([a-z_]+)\\]+$"_s))
        QVERIFY2(text.contains(u'[' + section + u']'), qPrintable(section));
}

void tst_Manual::sampleConfigurationSaysNothingAndIsGood()
{
    const QString sample = contentOf(u"dispatchd.toml"_s);
    QVERIFY(found(sample, u"^#([a-z_]+) = "_s).size() > 40);
    QCOMPARE(found(sample, u"^([a-z_]+) = "_s), QStringList());
    const QString answer =
        outputOf(QStringLiteral(PROGRAMS "dispatchd"),
                 {u"--check-config"_s, u"--config"_s, QStringLiteral(MANUAL "dispatchd.toml")});
    QVERIFY2(answer.contains(u"is good"_s), qPrintable(answer));
}

void tst_Manual::manFindsNothingWrong_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"dispatchctl.1", "dispatchd.8", "dispatchd.toml.5"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void tst_Manual::manFindsNothingWrong()
{
    QFETCH(QString, name);
    QProcess man;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"MANROFFSEQ"_s, QString());
    environment.insert(u"MANWIDTH"_s, u"80"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    man.setProcessEnvironment(environment);
    man.start(u"man"_s,
              {u"--warnings"_s, u"-E"_s, u"UTF-8"_s, u"-l"_s, u"-Tutf8"_s, u"-Z"_s,
               QStringLiteral(MANUAL) + name});
    QVERIFY(man.waitForFinished(DeadlineMs));
    QCOMPARE(man.readAllStandardError(), QByteArray());
    QVERIFY(!man.readAllStandardOutput().isEmpty());
}

void tst_Manual::bashCompletes_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("offered");

    QTest::newRow("an option") << u"dispatchd --port"_s << u"--port"_s;
    QTest::newRow("a flag, to switch it off")
        << u"dispatchd --no-require-p"_s << u"--no-require-project-id"_s;
    QTest::newRow("one of some words") << u"dispatchd --log-format "_s << u"text json"_s;
    QTest::newRow("one of some words, begun") << u"dispatchd --log-format j"_s << u"json"_s;
    QTest::newRow("one of some words, behind =") << u"dispatchd --log-format = j"_s << u"json"_s;
    QTest::newRow("one of some words, at =") << u"dispatchd --log-format ="_s << u"text json"_s;
    QTest::newRow("a number is not known") << u"dispatchd --port "_s << QString();
    QTest::newRow("a command") << u"dispatchctl li"_s << u"listen"_s;
    QTest::newRow("the first word of two") << u"dispatchctl tok"_s << u"token"_s;
    QTest::newRow("the second word of two") << u"dispatchctl token "_s << u"make inspect"_s;
    QTest::newRow("an option of a command")
        << u"dispatchctl emit message --proj"_s << u"--project --project-token-file"_s;
    QTest::newRow("an option of two words")
        << u"dispatchctl token make --project x --sub"_s << u"--subject"_s;
    QTest::newRow("no option of another") << u"dispatchctl info --shard"_s << QString();
    QTest::newRow("no such command") << u"dispatchctl nonsense --"_s << QString();
}

void tst_Manual::bashCompletes()
{
    QFETCH(QString, line);
    QFETCH(QString, offered);
    const QStringList words = line.split(u' ');
    QCOMPARE(completed(words.first(), words.mid(1)), offered.split(u' ', Qt::SkipEmptyParts));
}

void tst_Manual::bashCompletesFiles()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"my keys.pem"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QStringList offered{u"my keys.pem"_s};
    QCOMPARE(completed(u"dispatchd"_s, {u"--secret-file"_s, u"my"_s}, folder.path()), offered);
    QCOMPARE(
        completed(u"dispatchctl"_s, {u"info"_s, u"--ca-file"_s, u"="_s, u"m"_s}, folder.path()),
        offered);
}

QTEST_GUILESS_MAIN(tst_Manual)
#include "tst_manual.moc"
