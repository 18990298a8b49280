// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "helptext_p.h"
#include "invocation_p.h"

#include <QtCore/qtemporaryfile.h>
#include <QtTest/qtest.h>

using namespace Dispatch::Ctl;
using namespace Qt::StringLiterals;

namespace {

const SharedOptions Everything = SharedOption::Server | SharedOption::Project | SharedOption::Shard
    | SharedOption::Token | SharedOption::ProjectToken | SharedOption::Output;

std::variant<Invocation, EarlyExit> parse(const QStringList &words)
{
    return parseInvocation(QStringList{u"/somewhere/dispatchctl"_s} + words, u"1.2.3"_s);
}

QProcessEnvironment environmentOf(const QStringList &variables)
{
    QProcessEnvironment environment;
    for (const QString &variable : variables)
        environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    return environment;
}

struct Read {
    Settings settings;
    QString problem;
};

Read readAll(const QHash<QString, QStringList> &options, const QStringList &variables = {})
{
    OptionReader reader({{}, options});
    const Settings settings = readSettings(Everything, reader, environmentOf(variables));
    return {settings, reader.problem()};
}

} // namespace

class tst_CtlCommandLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheCommand_data();
    void findsTheCommand();
    void takesOptionsBesideArguments();
    void refusesWhatItDoesNotKnow_data();
    void refusesWhatItDoesNotKnow();
    void showsHelpAndVersion_data();
    void showsHelpAndVersion();
    void helpFitsATerminal();
    void optionsWinOverTheEnvironment();
    void environmentWinsOverDefaults();
    void readsSecretsFromFiles();
    void refusesBadSettings_data();
    void refusesBadSettings();
    void namesAnAddressThatLacksItsScheme();
    void otherMachinesAreReachedWithoutTlsIfThatIsSaid();
    void problemsDoNotRepeatSecrets();
    void readsNumbersWithinTheirBounds();
};

void tst_CtlCommandLine::findsTheCommand_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("name");
    QTest::newRow("one word") << QStringList{u"listen"_s} << u"listen"_s;
    QTest::newRow("with arguments") << QStringList{u"emit"_s, u"a"_s, u"{}"_s} << u"emit"_s;
#ifdef DISPATCHCTL_HAS_TOKENS
    QTest::newRow("two words") << QStringList{u"token"_s, u"make"_s} << u"token make"_s;
    QTest::newRow("two words and options")
        << QStringList{u"token"_s, u"inspect"_s, u"--json"_s} << u"token inspect"_s;
#endif
}

void tst_CtlCommandLine::findsTheCommand()
{
    QFETCH(QStringList, words);
    const auto parsed = parse(words);
    QVERIFY(std::holds_alternative<Invocation>(parsed));
    QTEST(std::get<Invocation>(parsed).command->name, "name");
}

void tst_CtlCommandLine::takesOptionsBesideArguments()
{
    const auto parsed = parse(
        {u"emit"_s, u"--to"_s, u"a"_s, u"event"_s, u"--json"_s, u"--to=b"_s, u"--"_s, u"-1"_s});
    QVERIFY(std::holds_alternative<Invocation>(parsed));
    const Arguments &arguments = std::get<Invocation>(parsed).arguments;
    QCOMPARE(arguments.positional, (QStringList{u"event"_s, u"-1"_s}));
    QCOMPARE(arguments.options.value(u"to"_s), (QStringList{u"a"_s, u"b"_s}));
    QVERIFY(arguments.options.contains(u"json"_s));
    QVERIFY(!arguments.options.contains(u"quiet"_s));
}

void tst_CtlCommandLine::refusesWhatItDoesNotKnow_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("named");
    QTest::newRow("nothing") << QStringList{} << u"Name a command"_s;
    QTest::newRow("no such command") << QStringList{u"shout"_s} << u"'shout'"_s;
#ifdef DISPATCHCTL_HAS_TOKENS
    QTest::newRow("half a command") << QStringList{u"token"_s} << u"'token inspect'"_s;
#endif
    QTest::newRow("no such option") << QStringList{u"info"_s, u"--loud"_s} << u"--loud"_s;
    QTest::newRow("an option of another command")
        << QStringList{u"info"_s, u"--shard"_s, u"x"_s} << u"--shard"_s;
    QTest::newRow("an option without its value")
        << QStringList{u"listen"_s, u"--count"_s} << u"count"_s;
    QTest::newRow("too few arguments") << QStringList{u"emit"_s} << u"EVENT"_s;
    QTest::newRow("too many") << QStringList{u"emit"_s, u"a"_s, u"1"_s, u"b"_s} << u"'b'"_s;
}

void tst_CtlCommandLine::refusesWhatItDoesNotKnow()
{
    QFETCH(QStringList, words);
    QFETCH(QString, named);
    const auto parsed = parse(words);
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    const auto &[code, text] = std::get<EarlyExit>(parsed);
    QCOMPARE(code, ExitCode::BadUsage);
    QVERIFY2(text.contains(named), qPrintable(text));
    QVERIFY(text.startsWith("dispatchctl: "_L1));
    QVERIFY(text.contains("--help"_L1));
    QVERIFY2(!text.contains(".."_L1), qPrintable(text));
}

void tst_CtlCommandLine::showsHelpAndVersion_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("beginning");
    QTest::newRow("help") << QStringList{u"--help"_s} << u"Usage: dispatchctl COMMAND"_s;
    QTest::newRow("help as a word") << QStringList{u"help"_s} << u"Usage: dispatchctl COMMAND"_s;
    QTest::newRow("of a command") << QStringList{u"token"_s, u"make"_s, u"-h"_s}
                                  << u"Usage: dispatchctl token make"_s;
    QTest::newRow("in spite of what is missing")
        << QStringList{u"emit"_s, u"--help"_s} << u"Usage: dispatchctl emit"_s;
    QTest::newRow("version") << QStringList{u"--version"_s} << u"dispatchctl 1.2.3"_s;
}

void tst_CtlCommandLine::showsHelpAndVersion()
{
    QFETCH(QStringList, words);
    QFETCH(QString, beginning);
    const auto parsed = parse(words);
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    QCOMPARE(std::get<EarlyExit>(parsed).code, ExitCode::Fine);
    QVERIFY(std::get<EarlyExit>(parsed).text.startsWith(beginning));
}

void tst_CtlCommandLine::helpFitsATerminal()
{
    QStringList lines = mainHelp().split(u'\n');
    for (const CommandInfo &command : commandTable())
        lines += commandHelp(command).split(u'\n');
    for (const QString &line : std::as_const(lines)) {
        QVERIFY2(line.size() <= 80, qPrintable(line));
        QVERIFY2(!line.endsWith(u' '), qPrintable(line));
    }
}

void tst_CtlCommandLine::optionsWinOverTheEnvironment()
{
    const Read read =
        readAll({{u"url"_s, {u"wss://a.example"_s}},
                 {u"project"_s, {u"a"_s}},
                 {u"token"_s, {u"a"_s}},
                 {u"timeout"_s, {u"5"_s, u"250ms"_s}}},
                {u"DISPATCH_URL=ws://b.example"_s, u"DISPATCH_PROJECT=b"_s, u"DISPATCH_TOKEN=b"_s});
    QCOMPARE(read.problem, QString());
    QCOMPARE(read.settings.url, QUrl(u"wss://a.example"_s));
    QCOMPARE(read.settings.projectId, u"a"_s);
    QCOMPARE(read.settings.token, u"a"_s);
    QCOMPARE(read.settings.timeout, Milliseconds(250));
}

void tst_CtlCommandLine::environmentWinsOverDefaults()
{
    const Read read = readAll({},
                              {u"DISPATCH_URL=wss://b.example/x"_s, u"DISPATCH_PROJECT=b"_s,
                               u"DISPATCH_TOKEN= b\n"_s, u"DISPATCH_PROJECT_TOKEN=c"_s});
    QCOMPARE(read.problem, QString());
    QCOMPARE(read.settings.url, QUrl(u"wss://b.example/x"_s));
    QCOMPARE(read.settings.projectId, u"b"_s);
    QCOMPARE(read.settings.token, u"b"_s);
    QCOMPARE(read.settings.projectToken, "c"_ba);
    QCOMPARE(readAll({}).settings.url, QUrl(u"ws://127.0.0.1:8090"_s));
    QCOMPARE(readAll({}).settings.timeout, Milliseconds(10'000));
}

void tst_CtlCommandLine::readsSecretsFromFiles()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("  secret\n");
    file.close();
    const Read read = readAll(
        {{u"token-file"_s, {file.fileName()}}, {u"project-token-file"_s, {file.fileName()}}},
        {u"DISPATCH_TOKEN=other"_s});
    QCOMPARE(read.problem, QString());
    QCOMPARE(read.settings.token, u"secret"_s);
    QCOMPARE(read.settings.projectToken, "secret"_ba);
}

void tst_CtlCommandLine::refusesBadSettings_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value");
    QTest::newRow("no URL") << u"url"_s << u""_s;
    QTest::newRow("not of a WebSocket") << u"url"_s << u"http://127.0.0.1"_s;
    QTest::newRow("no host") << u"url"_s << u"ws://"_s;
    QTest::newRow("no port") << u"url"_s << u"ws://host:99999"_s;
    QTest::newRow("no TLS") << u"url"_s << u"ws://rooms.example"_s;
    QTest::newRow("project") << u"project"_s << u"a b"_s;
    QTest::newRow("shard") << u"shard"_s << QString(129, u'x');
    QTest::newRow("no token file") << u"token-file"_s << u"/nonexistent"_s;
    QTest::newRow("a folder") << u"token-file"_s << u"/"_s;
    QTest::newRow("an empty file") << u"project-token-file"_s << u"/dev/null"_s;
    QTest::newRow("an endless file") << u"token-file"_s << u"/dev/zero"_s;
    QTest::newRow("no CA file") << u"ca-file"_s << u"/nonexistent"_s;
    QTest::newRow("a CA file without certificates") << u"ca-file"_s << u"/dev/null"_s;
    QTest::newRow("no time") << u"timeout"_s << u"soon"_s;
    QTest::newRow("time that nobody has") << u"timeout"_s << u"61m"_s;
    QTest::newRow("time that is over at once") << u"timeout"_s << u"0"_s;
}

void tst_CtlCommandLine::refusesBadSettings()
{
    QFETCH(QString, option);
    QFETCH(QString, value);
    const Read read = readAll({{option, {value}}});
    QVERIFY(!read.problem.isEmpty());
    QVERIFY2(read.problem.endsWith(u'.'), qPrintable(read.problem));
}

void tst_CtlCommandLine::namesAnAddressThatLacksItsScheme()
{
    for (const QString &address : {u"127.0.0.1:8090"_s, u"localhost:8090"_s, u"[::1]:8090"_s}) {
        const QString said =
            u" is '%1', which does not begin with ws:// or wss://: say ws://%1, or wss://%1 if it "
            "speaks TLS."_s.arg(address);
        QCOMPARE(readAll({{u"url"_s, {address}}}).problem, u"--url"_s + said);
        QCOMPARE(readAll({}, {u"DISPATCH_URL="_s + address}).problem, u"DISPATCH_URL"_s + said);
    }
}

void tst_CtlCommandLine::otherMachinesAreReachedWithoutTlsIfThatIsSaid()
{
    const Read read =
        readAll({{u"url"_s, {u"ws://rooms.example"_s}}, {u"insecure"_s, {QString()}}});
    QCOMPARE(read.problem, QString());
    QVERIFY(read.settings.isInsecure);
    QVERIFY(!readAll({}).settings.isInsecure);
}

void tst_CtlCommandLine::problemsDoNotRepeatSecrets()
{
    for (const QString &given : {u"http://h?authorization=hidden"_s, u"127.0.0.1:80?hidden"_s,
                                 u"hidden@127.0.0.1:80"_s, u"ann:hidden@127.0.0.1:80"_s}) {
        const QString url = readAll({{u"url"_s, {given}}}).problem;
        QVERIFY2(!url.isEmpty() && !url.contains("hidden"_L1), qPrintable(url));
    }
    const QString token =
        readAll({{u"token"_s, {u"hidden"_s}}, {u"token-file"_s, {u"x"_s}}}).problem;
    QVERIFY(!token.isEmpty() && !token.contains("hidden"_L1));
}

void tst_CtlCommandLine::readsNumbersWithinTheirBounds()
{
    OptionReader read({{}, {{u"n"_s, {u"7"_s}}, {u"m"_s, {u"8"_s}}, {u"w"_s, {u"x"_s}}}});
    QCOMPARE(read.number(u"n"_s, 1, 7), std::optional<qint64>(7));
    QCOMPARE(read.number(u"absent"_s, 1, 7), std::nullopt);
    QCOMPARE(read.problem(), QString());
    QCOMPARE(read.number(u"m"_s, 1, 7), std::nullopt);
    QCOMPARE(read.problem(), u"--m is a whole number from 1 to 7, not '8'."_s);
    QCOMPARE(read.number(u"w"_s, 1, 7), std::nullopt);
    QVERIFY2(read.problem().startsWith("--m"_L1), "the first problem counts");
}

QTEST_GUILESS_MAIN(tst_CtlCommandLine)
#include "tst_ctlcommandline.moc"
