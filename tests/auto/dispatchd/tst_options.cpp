// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "options_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_Options : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listensOnLoopbackPort8090ByDefault();
    void readsEachOption();
    void refusesWhatItCannotMean_data();
    void refusesWhatItCannotMean();
    void helpNamesEachOption();
    void tellsItsVersion();
};

namespace {

std::variant<Options, EarlyExit> parse(const QStringList &arguments)
{
    return parseOptions(QStringList{u"dispatchd"_s} + arguments, u"1.2.3"_s);
}

} // namespace

void tst_Options::listensOnLoopbackPort8090ByDefault()
{
    const auto parsed = parse({});
    QVERIFY(std::holds_alternative<Options>(parsed));
    const auto &options = std::get<Options>(parsed);
    QCOMPARE(options.address, QHostAddress(u"127.0.0.1"_s));
    QCOMPARE(options.port, quint16(8090));
    QCOMPARE(options.secretFile, QString());
    QCOMPARE(options.threads, 1);
}

void tst_Options::readsEachOption()
{
    const auto parsed = parse({u"--address"_s, u"::1"_s, u"--port=0"_s, u"--secret-file"_s,
                               u"key"_s, u"--threads"_s, u"4"_s});
    QVERIFY(std::holds_alternative<Options>(parsed));
    const auto &options = std::get<Options>(parsed);
    QCOMPARE(options.address, QHostAddress(QHostAddress::LocalHostIPv6));
    QCOMPARE(options.port, quint16(0));
    QCOMPARE(options.secretFile, u"key"_s);
    QCOMPARE(options.threads, 4);
}

void tst_Options::refusesWhatItCannotMean_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");

    QTest::newRow("unknown option") << QStringList{u"--prot=1"_s} << u"prot"_s;
    QTest::newRow("stray argument") << QStringList{u"8090"_s} << u"8090"_s;
    QTest::newRow("missing value") << QStringList{u"--port"_s} << u"port"_s;
    QTest::newRow("port no number") << QStringList{u"--port=http"_s} << u"--port"_s;
    QTest::newRow("port too big") << QStringList{u"--port=65536"_s} << u"--port"_s;
    QTest::newRow("port negative") << QStringList{u"--port=-1"_s} << u"--port"_s;
    QTest::newRow("host name") << QStringList{u"--address=example.org"_s} << u"--address"_s;
    QTest::newRow("no address") << QStringList{u"--address="_s} << u"--address"_s;
    QTest::newRow("no threads") << QStringList{u"--threads=0"_s} << u"--threads"_s;
    QTest::newRow("many threads") << QStringList{u"--threads=1000"_s} << u"--threads"_s;
    QTest::newRow("no secret file") << QStringList{u"--secret-file="_s} << u"--secret-file"_s;
}

void tst_Options::refusesWhatItCannotMean()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, named);
    const auto parsed = parse(arguments);
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    const auto &exit = std::get<EarlyExit>(parsed);
    QCOMPARE(exit.code, ExitCode::BadOptions);
    QVERIFY2(exit.text.contains(named), qPrintable(exit.text));
}

void tst_Options::helpNamesEachOption()
{
    const auto parsed = parse({u"--help"_s});
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    const auto &exit = std::get<EarlyExit>(parsed);
    QCOMPARE(exit.code, ExitCode::Clean);
    for (const auto &name : {u"--address"_s, u"--port"_s, u"--secret-file"_s, u"--threads"_s})
        QVERIFY2(exit.text.contains(name), qPrintable(name));
}

void tst_Options::tellsItsVersion()
{
    const auto parsed = parse({u"--version"_s});
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    QCOMPARE(std::get<EarlyExit>(parsed).text, u"dispatchd 1.2.3"_s);
}

QTEST_GUILESS_MAIN(tst_Options)
#include "tst_options.moc"
