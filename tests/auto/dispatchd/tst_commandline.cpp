// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "commandline_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

std::variant<CommandLine, EarlyExit> parse(const QStringList &arguments)
{
    return parseCommandLine(QStringList{u"dispatchd"_s} + arguments, u"1.2.3"_s);
}

/// What \a arguments make of the defaults; a problem ends the test.
LoadedConfiguration load(const QStringList &arguments)
{
    const auto parsed = parse(arguments);
    if (const auto *exit = std::get_if<EarlyExit>(&parsed))
        return {.problems = {exit->text}};
    return loadConfiguration({.flags = std::get<CommandLine>(parsed).flags});
}

} // namespace

class tst_CommandLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listensOnLoopbackPort8090ByDefault();
    void readsOptions();
    void switchesFlagsOnAndOff();
    void joinsListsThatAreGivenTwice();
    void refusesWhatItCannotMean_data();
    void refusesWhatItCannotMean();
    void listensElsewhereOnlyIfAskedInSoManyWords_data();
    void listensElsewhereOnlyIfAskedInSoManyWords();
    void servesOperatorsElsewhereOnlyIfAskedInSoManyWords_data();
    void servesOperatorsElsewhereOnlyIfAskedInSoManyWords();
    void knowsItsTask();
    void helpNamesEachOption();
    void tellsItsVersion();
};

void tst_CommandLine::listensOnLoopbackPort8090ByDefault()
{
    const LoadedConfiguration loaded = load({});
    QCOMPARE(loaded.problems, QStringList());
    QCOMPARE(loaded.configuration, Configuration());
    QCOMPARE(loaded.configuration.daemon.address, u"127.0.0.1"_s);
    QCOMPARE(loaded.configuration.daemon.port, 8090);
    QCOMPARE(loaded.configuration.daemon.secretFile, QString());
    QCOMPARE(loaded.configuration.server, DispatchServerSettings());
}

void tst_CommandLine::readsOptions()
{
    const LoadedConfiguration loaded =
        load({u"--address"_s, u"::1"_s, u"--port=0"_s, u"--secret-file"_s, u"key"_s, u"--threads"_s,
              u"4"_s, u"--max-connections=7"_s, u"--log-format"_s, u"json"_s});
    QCOMPARE(loaded.problems, QStringList());
    QCOMPARE(loaded.configuration.daemon.address, u"::1"_s);
    QCOMPARE(loaded.configuration.daemon.port, 0);
    QCOMPARE(loaded.configuration.daemon.secretFile, u"key"_s);
    QCOMPARE(loaded.configuration.daemon.logFormat, u"json"_s);
    QCOMPARE(loaded.configuration.server.threads, 4);
    QCOMPARE(loaded.configuration.server.maxConnections, 7);
}

void tst_CommandLine::switchesFlagsOnAndOff()
{
    QVERIFY(load({u"--require-project-id"_s}).configuration.server.requireProjectId);
    QVERIFY(!load({u"--no-require-project-id"_s}).configuration.server.requireProjectId);
}

void tst_CommandLine::joinsListsThatAreGivenTwice()
{
    for (const Option &option : allOptions()) {
        if (option.type != OptionType::List)
            continue;
        const auto parsed =
            parse({u"--%1=a, b"_s.arg(option.flag), u"--%1"_s.arg(option.flag), u"c"_s});
        QVERIFY(std::holds_alternative<CommandLine>(parsed));
        const auto &flags = std::get<CommandLine>(parsed).flags;
        QCOMPARE(flags.assignments.size(), 1);
        QCOMPARE(flags.assignments.first().value.toStringList(),
                 QStringList({u"a"_s, u"b"_s, u"c"_s}));
    }
}

void tst_CommandLine::refusesWhatItCannotMean_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");

    QTest::newRow("unknown option") << QStringList{u"--prot=1"_s} << u"did you mean '--port'"_s;
    QTest::newRow("nothing like it") << QStringList{u"--zzzzzzzz"_s} << u"'--zzzzzzzz'."_s;
    QTest::newRow("stray argument") << QStringList{u"8090"_s} << u"8090"_s;
    QTest::newRow("missing value") << QStringList{u"--port"_s} << u"port"_s;
    QTest::newRow("port no number") << QStringList{u"--port=http"_s} << u"--port must be"_s;
    QTest::newRow("port too big") << QStringList{u"--port=65536"_s} << u"0 to 65535"_s;
    QTest::newRow("port negative") << QStringList{u"--port=-1"_s} << u"--port must be"_s;
    QTest::newRow("host name") << QStringList{u"--address=example.org"_s} << u"--address must be"_s;
    QTest::newRow("no address") << QStringList{u"--address="_s} << u"--address must be"_s;
    QTest::newRow("no threads") << QStringList{u"--threads=0"_s} << u"--threads must be"_s;
    QTest::newRow("many threads") << QStringList{u"--threads=1000"_s} << u"--threads must be"_s;
    QTest::newRow("more than an int")
        << QStringList{u"--max-connections=4294967297"_s} << u"--max-connections must be"_s;
    QTest::newRow("no secret file") << QStringList{u"--secret-file="_s} << u"--secret-file must"_s;
    QTest::newRow("no such choice") << QStringList{u"--log-format=xml"_s} << u"text, json"_s;
    QTest::newRow("no config file") << QStringList{u"--config="_s} << u"--config"_s;
}

void tst_CommandLine::refusesWhatItCannotMean()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, named);
    const QStringList problems = load(arguments).problems;
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems.first().contains(named), qPrintable(problems.first()));
}

void tst_CommandLine::listensElsewhereOnlyIfAskedInSoManyWords_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("allowed");

    QTest::newRow("127.0.0.2") << QStringList{u"--address=127.0.0.2"_s} << true;
    QTest::newRow("::1") << QStringList{u"--address=::1"_s} << true;
    QTest::newRow("0.0.0.0") << QStringList{u"--address=0.0.0.0"_s} << false;
    QTest::newRow("::") << QStringList{u"--address=::"_s} << false;
    QTest::newRow("192.0.2.1") << QStringList{u"--address=192.0.2.1"_s} << false;
    QTest::newRow("insecure") << QStringList{u"--address=0.0.0.0"_s, u"--insecure"_s} << true;
    QTest::newRow("not insecure") << QStringList{u"--address=::"_s, u"--no-insecure"_s} << false;
}

void tst_CommandLine::listensElsewhereOnlyIfAskedInSoManyWords()
{
    QFETCH(QStringList, arguments);
    QFETCH(bool, allowed);
    const QStringList problems = load(arguments).problems;
    QCOMPARE(problems.isEmpty(), allowed);
    if (!allowed)
        QVERIFY2(problems.first().contains(u"--insecure"_s), qPrintable(problems.first()));
}

void tst_CommandLine::servesOperatorsElsewhereOnlyIfAskedInSoManyWords_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("problem");
    const QString exposed = u"--operators-insecure"_s;
    const QString wrong = u"--operators-address must be"_s;

    QTest::newRow("::1") << QStringList{u"--operators-address=::1"_s} << QString();
    QTest::newRow("nowhere") << QStringList{u"--operators-address="_s} << QString();
    QTest::newRow("0.0.0.0") << QStringList{u"--operators-address=0.0.0.0"_s} << exposed;
    QTest::newRow("insecure for clients")
        << QStringList{u"--operators-address=::"_s, u"--insecure"_s} << exposed;
    QTest::newRow("insecure") << QStringList{u"--operators-address=::"_s, u"--operators-insecure"_s}
                              << QString();
    QTest::newRow("a name") << QStringList{u"--operators-address=localhost"_s} << wrong;
}

void tst_CommandLine::servesOperatorsElsewhereOnlyIfAskedInSoManyWords()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, problem);
    const QStringList problems = load(arguments).problems;
    QCOMPARE(problems.isEmpty(), problem.isEmpty());
    QVERIFY2(problems.join(u' ').contains(problem), qPrintable(problems.join(u' ')));
}

void tst_CommandLine::knowsItsTask()
{
    QCOMPARE(std::get<CommandLine>(parse({})).task, Task::Serve);
    QCOMPARE(std::get<CommandLine>(parse({u"--check-config"_s})).task, Task::CheckConfig);
    QCOMPARE(std::get<CommandLine>(parse({u"--print-config"_s})).task, Task::PrintConfig);
    QCOMPARE(std::get<CommandLine>(parse({u"--config"_s, u"file"_s})).configFile, u"file"_s);
}

void tst_CommandLine::helpNamesEachOption()
{
    const auto parsed = parse({u"--help"_s});
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    const auto &exit = std::get<EarlyExit>(parsed);
    QCOMPARE(exit.code, ExitCode::Clean);
    for (const Option &option : allOptions())
        QVERIFY2(exit.text.contains(u"--"_s + option.flag), qPrintable(option.flag));
}

void tst_CommandLine::tellsItsVersion()
{
    const auto parsed = parse({u"--version"_s});
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    QCOMPARE(std::get<EarlyExit>(parsed).text, u"dispatchd 1.2.3"_s);
}

QTEST_GUILESS_MAIN(tst_CommandLine)
#include "tst_commandline.moc"
