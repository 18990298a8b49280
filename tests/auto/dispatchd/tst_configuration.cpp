// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "configfile_p.h"
#include "configuration_p.h"

#include <QtCore/qtemporarydir.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

namespace {

/// The options of \a Gadget that no row of the table describes.
template<typename Gadget>
QStringList withoutRow()
{
    QStringList names;
    const QMetaObject &meta = Gadget::staticMetaObject;
    for (int i = 0; i < meta.propertyCount(); ++i) {
        const auto rows = optionRows();
        const bool found = std::ranges::any_of(rows, [&](const OptionRow &row) {
            return qstrcmp(row.property, meta.property(i).name()) == 0;
        });
        if (!found)
            names += QString::fromLatin1(meta.property(i).name());
    }
    return names;
}

/// A value that \a option may have, other than its default.
QVariant another(const Option &option)
{
    switch (option.type) {
    case OptionType::Flag:
        return !option.defaultValue.toBool();
    case OptionType::Number:
        return option.defaultValue.toLongLong() == option.row.least ? option.row.most
                                                                    : option.row.least;
    case OptionType::List:
        return QStringList{u"https://a.example"_s, u"with \"quotes\" and \\"_s};
    case OptionType::Text:
        break;
    }
    if (option.row.kind == TextKind::Address)
        return u"::1"_s;
    if (option.row.kind == TextKind::Choice)
        return QString::fromLatin1(option.row.choices).split(u'|').last();
    return u"/somewhere/else \"quoted\""_s;
}

} // namespace

class tst_Configuration : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachSettingIsAnOptionWithARow();
    void eachOptionHasANameOfItsOwn();
    void eachOptionHasASentenceAndADefaultThatIsAllowed_data();
    void eachOptionHasASentenceAndADefaultThatIsAllowed();
    void aPrintedConfigurationSaysTheSame_data();
    void aPrintedConfigurationSaysTheSame();
    void namesTheFileTheLineAndWhatIsWrong_data();
    void namesTheFileTheLineAndWhatIsWrong();
    void saysAllThatIsWrong();
    void flagsWinOverEnvironmentOverFile();
    void takesTheDefaultFileOnlyIfItIsThere();
    void filesAreRelativeToTheConfiguration();
    void refusesAFileThatIsNoConfiguration();
    void clientsAndOperatorsMayHaveTheirOwnPorts_data();
    void clientsAndOperatorsMayHaveTheirOwnPorts();
    void checksListsOfOriginsAndAddresses();
    void tellsOfStrangeVariables();
    void knowsWhatNeedsARestart();

private:
    QString write(const QByteArray &content);

    QTemporaryDir m_folder;
};

QString tst_Configuration::write(const QByteArray &content)
{
    QFile file(m_folder.filePath(u"dispatchd.toml"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        return {};
    return file.fileName();
}

void tst_Configuration::eachSettingIsAnOptionWithARow()
{
    const char *hint = "write a row for each of these into src/dispatchd/optiontable.cpp";
    QVERIFY2(withoutRow<DispatchServerSettings>().isEmpty(),
             qPrintable(withoutRow<DispatchServerSettings>().join(u' ') + u": "_s
                        + QString::fromLatin1(hint)));
    QVERIFY2(withoutRow<DaemonSettings>().isEmpty(),
             qPrintable(withoutRow<DaemonSettings>().join(u' ')));
}

void tst_Configuration::eachOptionHasANameOfItsOwn()
{
    QStringList flags;
    for (const Option &option : allOptions()) {
        QVERIFY2(!flags.contains(option.flag), qPrintable(option.flag));
        flags += option.flag;
    }
}

void tst_Configuration::eachOptionHasASentenceAndADefaultThatIsAllowed_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < allOptions().size(); ++i)
        QTest::newRow(qPrintable(allOptions()[i].path())) << i;
}

void tst_Configuration::eachOptionHasASentenceAndADefaultThatIsAllowed()
{
    QFETCH(int, index);
    const Option &option = allOptions()[index];
    const QString comment = QString::fromUtf8(option.row.comment);
    QVERIFY2(comment.endsWith(u'.'), qPrintable(comment));
    QCOMPARE(option.problemWith(option.defaultValue), QString());
    QCOMPARE(findOption(option.section, option.key), &option);
    if (option.type == OptionType::Number) {
        QVERIFY(!option.problemWith(option.row.least - 1).isEmpty());
        QVERIFY(!option.problemWith(option.row.most + 1).isEmpty());
        QCOMPARE(option.problemWith(option.row.least), QString());
        QCOMPARE(option.problemWith(option.row.most), QString());
    }
}

void tst_Configuration::aPrintedConfigurationSaysTheSame_data()
{
    QTest::addColumn<bool>("isDefault");
    QTest::newRow("defaults") << true;
    QTest::newRow("all different") << false;
}

void tst_Configuration::aPrintedConfigurationSaysTheSame()
{
    QFETCH(bool, isDefault);
    Configuration printed;
    if (!isDefault) {
        for (const Option &option : allOptions())
            printed.setValue(option, another(option));
        printed.keys = {{}, {}};
        printed.keys[0].algorithm = u"ES256"_s;
        printed.keys[0].file = u"/keys/a"_s;
        printed.keys[0].projects = QStringList{u"p"_s, u"q"_s};
        printed.keys[1].algorithm = u"HS256"_s;
        printed.keys[1].file = u"/keys/b"_s;
        printed.keys[1].kid = u"b"_s;
        printed.projectTokens = {{}};
        printed.projectTokens[0].project = u"p"_s;
        printed.projectTokens[0].file = u"/keys/c"_s;
    }
    const QString text = toToml(printed);
    Configuration read;
    const ConfigurationLayer layer = parseConfig(text.toUtf8(), u"/x.toml"_s);
    QCOMPARE(layer.problems, QStringList());
    QCOMPARE(layer.assignments.size(), allOptions().size());
    for (const Assignment &assignment : layer.assignments)
        read.setValue(*assignment.option, assignment.value);
    read.keys = layer.keys;
    read.projectTokens = layer.projectTokens;
    QVERIFY2(read == printed, qPrintable(text));
    QCOMPARE(toToml(read), text);
}

void tst_Configuration::namesTheFileTheLineAndWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("position");
    QTest::addColumn<QString>("said");

    QTest::newRow("unknown key") << QByteArray("port = 1\n  max_conections = 5\n") << u":2:3: "_s
                                 << u"did you mean 'max_connections'?"_s;
    QTest::newRow("unknown key in a table")
        << QByteArray("[log]\nfromat = 'json'\n") << u":2:1: "_s << u"did you mean 'format'?"_s;
    QTest::newRow("unknown table")
        << QByteArray("\n[lgo]\nformat = 'json'\n") << u":2:2: "_s << u"did you mean 'log'?"_s;
    QTest::newRow("nothing like it")
        << QByteArray("zzzzzzzzzzzz = 1\n") << u":1:1: "_s << u"--print-config"_s;
    QTest::newRow("text for a number")
        << QByteArray("port = '80'\n") << u":1:8: "_s << u"a number from 0 to 65535, not a text"_s;
    QTest::newRow("number for a text")
        << QByteArray("address = 1\n") << u":1:11: "_s << u"not a number"_s;
    QTest::newRow("fraction") << QByteArray("port = 1.5\n") << u":1:8: "_s << u"a fraction"_s;
    QTest::newRow("number for a flag")
        << QByteArray("insecure = 1\n") << u":1:12: "_s << u"true or false, not a number"_s;
    QTest::newRow("table for a number")
        << QByteArray("[port]\nx = 1\n") << u":1:"_s << u"not a table"_s;
    QTest::newRow("value for a table") << QByteArray("log = 1\n") << u":1:1: "_s << u"log"_s;
    QTest::newRow("out of range") << QByteArray("port = 65536\n") << u":1:8: "_s
                                  << u"0 to 65535, not '65536'"_s;
    QTest::newRow("no choice") << QByteArray("[log]\nlevel = 'loud'\n") << u":2:9: "_s
                               << u"one of debug, info, warning, error, not 'loud'"_s;
    QTest::newRow("unknown key of a key")
        << QByteArray("[[keys]]\nalgorithm = 'HS256'\nfile = 'x'\nproject = 'p'\n") << u":4:1: "_s
        << u"did you mean 'projects'?"_s;
    QTest::newRow("no algorithm") << QByteArray("[[keys]]\nalgorithm = 'none'\nfile = 'x'\n")
                                  << u":2:13: "_s << u"HS256, RS256, ES256, not 'none'"_s;
    QTest::newRow("key without a file")
        << QByteArray("\n[[keys]]\nalgorithm = 'HS256'\n") << u":2:"_s << u"needs 'file'"_s;
    QTest::newRow("projects no list")
        << QByteArray("[[keys]]\nalgorithm = 'HS256'\nfile = 'x'\nprojects = 'p'\n") << u":4:12: "_s
        << u"a list of texts, not a text"_s;
    QTest::newRow("keys no list") << QByteArray("[keys]\nalgorithm = 'HS256'\n") << u":1:"_s
                                  << u"[[keys]]"_s;
    QTest::newRow("project token without a project")
        << QByteArray("[[project_tokens]]\nfile = 'x'\n") << u":1:"_s << u"needs 'project'"_s;
    QTest::newRow("a certificate without its key")
        << QByteArray("\n[tls]\ncertificate_file = 'x'\n") << u":3:20: "_s << u"belong together"_s;
    QTest::newRow("a key without its certificate")
        << QByteArray("[tls]\nkey_file = 'x'\n") << u":2:12: "_s << u"belong together"_s;
    QTest::newRow("others without TLS")
        << QByteArray("address = '0.0.0.0'\n") << u":1:11: "_s << u"--insecure"_s;
    QTest::newRow("others see what operators see")
        << QByteArray("[operators]\naddress = '0.0.0.0'\n") << u":2:11: "_s
        << u"--operators-insecure"_s;
    QTest::newRow("no origin") << QByteArray("port = 1\nallowed_origins = ['x']\n") << u":2:19: "_s
                               << u"allowed_origins has 'x'"_s;
    QTest::newRow("no proxy") << QByteArray("trusted_proxies = ['x']\n") << u":1:19: "_s
                              << u"trusted_proxies has 'x'"_s;
    QTest::newRow("no engine") << QByteArray("port = 1\nengine = 'nats://x'\n") << u":2:10: "_s
                               << u"engine must be memory, redis://"_s;
    QTest::newRow("lease too short")
        << QByteArray("engine_lease = 1000\n") << u":1:16: "_s << u"engine_lease must be twice"_s;
    QTest::newRow("one port for clients and operators")
        << QByteArray("port = 9000\n[operators]\nport = 9000\n") << u":3:8: "_s
        << u"can't be served on one port, 9000"_s;
    QTest::newRow("the operators' default port for clients")
        << QByteArray("port = 8091\n") << u":1:8: "_s << u"can't be served on one port, 8091"_s;
    QTest::newRow("no TOML") << QByteArray("port = \n") << u":1:"_s << QString();
    QTest::newRow("key twice") << QByteArray("port = 1\nport = 2\n") << u":2:"_s << QString();
    QTest::newRow("no UTF-8") << QByteArray("address = '\xff'\n") << u":1:"_s << QString();
}

void tst_Configuration::namesTheFileTheLineAndWhatIsWrong()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, position);
    QFETCH(QString, said);
    const QString path = write(content);
    const QStringList problems = loadConfiguration({.file = path}).problems;
    QCOMPARE(problems.size(), 1);
    QVERIFY2(problems.first().startsWith(path + position), qPrintable(problems.first()));
    QVERIFY2(problems.first().contains(said), qPrintable(problems.first()));
}

void tst_Configuration::saysAllThatIsWrong()
{
    const QString path = write("port = 65536\nnonsense = 1\ninsecure = 'x'\n");
    const auto loaded =
        loadConfiguration({.environment = {{u"DISPATCHD_THREADS"_s, u"none"_s}}, .file = path});
    QCOMPARE(loaded.problems.size(), 4);
    QVERIFY(loaded.problems.last().startsWith(u"DISPATCHD_THREADS must be a number from 1 to"_s));
}

void tst_Configuration::flagsWinOverEnvironmentOverFile()
{
    const QString path = write("max_connections = 1\nthreads = 1\nport = 1\n");
    ConfigurationSources sources{.file = path};
    sources.environment = {{u"DISPATCHD_THREADS"_s, u"2"_s}, {u"DISPATCHD_PORT"_s, u"2"_s}};
    sources.flags.assignments.append({findOption({}, u"port"_s), 3, {u"--port"_s, {}}});
    const LoadedConfiguration loaded = loadConfiguration(sources);
    QCOMPARE(loaded.problems, QStringList());
    QCOMPARE(loaded.configuration.server.maxConnections, 1);
    QCOMPARE(loaded.configuration.server.threads, 2);
    QCOMPARE(loaded.configuration.daemon.port, 3);
    QCOMPARE(loaded.configuration.server.maxRecipients, DispatchServerSettings().maxRecipients);
}

void tst_Configuration::takesTheDefaultFileOnlyIfItIsThere()
{
    const QString there = write("port = 5\n");
    const QString none = m_folder.filePath(u"none.toml"_s);
    QCOMPARE(loadConfiguration({.defaultFile = none}).problems, QStringList());
    QCOMPARE(loadConfiguration({.defaultFile = there}).configuration.daemon.port, 5);
    QCOMPARE(loadConfiguration({.file = none, .defaultFile = there}).problems.size(), 1);
}

void tst_Configuration::filesAreRelativeToTheConfiguration()
{
    const QString path = write("secret_file = 'keys/secret'\n");
    QCOMPARE(loadConfiguration({.file = path}).configuration.daemon.secretFile,
             m_folder.filePath(u"keys/secret"_s));
}

void tst_Configuration::refusesAFileThatIsNoConfiguration()
{
    QVERIFY(!loadConfiguration({.file = m_folder.path()}).problems.isEmpty());
    const QString path = write(QByteArray(2 * 1024 * 1024, '#'));
    const QStringList problems = loadConfiguration({.file = path}).problems;
    QCOMPARE(problems.size(), 1);
    QVERIFY(problems.first().contains(u"right file"_s));
}

void tst_Configuration::clientsAndOperatorsMayHaveTheirOwnPorts_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isGood");
    const QByteArray clients = "port = 9000\n";
    const QByteArray operators = "[operators]\nport = 9000\n";
    QTest::newRow("two ports") << clients << true;
    QTest::newRow("one port") << clients + operators << false;
    QTest::newRow("one port of two addresses") << clients + operators + "address = '::1'\n" << true;
    QTest::newRow("one port of all addresses and one")
        << "address = '0.0.0.0'\ninsecure = true\n" + clients + operators << false;
    QTest::newRow("operators are not served") << clients + operators + "address = ''\n" << true;
    QTest::newRow("free ports") << QByteArray("port = 0\n[operators]\nport = 0\n") << true;
}

void tst_Configuration::clientsAndOperatorsMayHaveTheirOwnPorts()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, isGood);
    const QStringList problems = loadConfiguration({.file = write(content)}).problems;
    QVERIFY2(problems.isEmpty() == isGood, qPrintable(problems.join(u' ')));
}

void tst_Configuration::checksListsOfOriginsAndAddresses()
{
    ConfigurationSources sources;
    sources.file = write("allowed_origins = ['https://app.example', 'null']\n"
                         "unlimited_addresses = []\n");
    sources.environment = {{u"DISPATCHD_TRUSTED_PROXIES"_s, u"10.0.0.0/8, ::1"_s}};
    const LoadedConfiguration good = loadConfiguration(sources);
    QCOMPARE(good.problems, QStringList());
    const DispatchServerSettings &server = good.configuration.server;
    QCOMPARE(server.allowedOrigins, (QStringList{u"https://app.example"_s, u"null"_s}));
    QCOMPARE(server.trustedProxies, (QStringList{u"10.0.0.0/8"_s, u"::1"_s}));
    QCOMPARE(server.unlimitedAddresses, QStringList());

    sources.file = write("allowed_origins = ['app.example']\n");
    sources.environment = {{u"DISPATCHD_TRUSTED_PROXIES"_s, u"proxy.example"_s}};
    const QStringList problems = loadConfiguration(sources).problems;
    QCOMPARE(problems.size(), 2);
    const QString origin =
        sources.file + u":1:19: allowed_origins has 'app.example', which is no origin: "_s;
    QVERIFY2(problems[0].startsWith(origin), qPrintable(problems[0]));
    const QString proxy = u"DISPATCHD_TRUSTED_PROXIES has 'proxy.example', which is no IP "_s;
    QVERIFY2(problems[1].startsWith(proxy), qPrintable(problems[1]));
}

void tst_Configuration::tellsOfStrangeVariables()
{
    const auto loaded = loadConfiguration(
        {.environment = {{u"DISPATCHD_SERVICE_HOST"_s, u"10.0.0.1"_s}, {u"HOME"_s, u"/"_s}}});
    QCOMPARE(loaded.problems, QStringList());
    QCOMPARE(loaded.warnings.size(), 1);
    QVERIFY(loaded.warnings.first().contains(u"DISPATCHD_SERVICE_HOST"_s));
    QVERIFY2(loaded.warnings.first().endsWith(u"ignored."_s), qPrintable(loaded.warnings.first()));
    const auto mistyped = loadConfiguration({.environment = {{u"DISPATCHD_PRT"_s, u"1"_s}}});
    QCOMPARE(mistyped.warnings.size(), 1);
    QVERIFY2(mistyped.warnings.first().endsWith(u"Did you mean DISPATCHD_PORT?"_s),
             qPrintable(mistyped.warnings.first()));
}

void tst_Configuration::knowsWhatNeedsARestart()
{
    Configuration after;
    after.server.maxConnections = 1;
    QCOMPARE(needRestart({}, after), QStringList());
    after.daemon.port = 1;
    after.server.threads = 2;
    QCOMPARE(needRestart({}, after), QStringList({u"port"_s, u"threads"_s}));
}

QTEST_GUILESS_MAIN(tst_Configuration)
#include "tst_configuration.moc"
