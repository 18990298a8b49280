// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "exampleoptions.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const Example Chat{u"Chat"_s, u"A chat."_s, u"chat"_s, u"Lobby"_s};

} // namespace

class tst_ExampleOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHostIsAnAddressAPortOrBoth_data();
    void aHostIsAnAddressAPortOrBoth();
    void whatMakesNoSenseIsSaid_data();
    void whatMakesNoSenseIsSaid();
    void theServerIsOursUnlessAnotherIsNamed();
    void aNameIsNotLeftToThePlatform();
};

void tst_ExampleOptions::aHostIsAnAddressAPortOrBoth_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isGood");
    QTest::addColumn<QString>("listen");
    QTest::addColumn<int>("port");
    QTest::newRow("nothing") << u""_s << true << u"0.0.0.0"_s << 0;
    QTest::newRow("a port") << u"8080"_s << true << u"0.0.0.0"_s << 8080;
    QTest::newRow("a port after a colon") << u":8080"_s << true << u"0.0.0.0"_s << 8080;
    QTest::newRow("an address") << u"192.0.2.7"_s << true << u"192.0.2.7"_s << 0;
    QTest::newRow("both") << u"192.0.2.7:81"_s << true << u"192.0.2.7"_s << 81;
    QTest::newRow("a name") << u"somewhere"_s << false << QString() << 0;
    QTest::newRow("a port that is none") << u"192.0.2.7:http"_s << false << QString() << 0;
    QTest::newRow("a port that is too large") << u"70000"_s << false << QString() << 0;
}

void tst_ExampleOptions::aHostIsAnAddressAPortOrBoth()
{
    QFETCH(QString, text);
    QFETCH(bool, isGood);
    const auto host = parseHost(text);
    QCOMPARE(host.has_value(), isGood);
    if (!host)
        return;
    QTEST(host->listen, "listen");
    QTEST(int(host->port), "port");
    QVERIFY(!host->invite.isEmpty());
    QVERIFY(host->invite != "0.0.0.0"_L1);
}

void tst_ExampleOptions::whatMakesNoSenseIsSaid_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("an option that is none") << QStringList{u"--colour"_s};
    QTest::newRow("a page") << QStringList{u"--url"_s, u"http://example.org"_s};
    QTest::newRow("no server") << QStringList{u"--url"_s, u"ws://"_s};
    QTest::newRow("guest and host")
        << QStringList{u"--url"_s, u"ws://example.org"_s, u"--host"_s, u"8080"_s};
    QTest::newRow("a host without a place") << QStringList{u"--host"_s, u"there"_s};
}

void tst_ExampleOptions::whatMakesNoSenseIsSaid()
{
    QFETCH(QStringList, arguments);
    const auto parsed = ExampleOptions::parse(QStringList{u"chat"_s} + arguments, Chat);
    const auto *message = std::get_if<ExampleOptions::Message>(&parsed);
    QVERIFY(message);
    QVERIFY(message->isError);
    QVERIFY(!message->text.isEmpty());
}

void tst_ExampleOptions::theServerIsOursUnlessAnotherIsNamed()
{
    const auto own = std::get<ExampleOptions>(ExampleOptions::parse({u"chat"_s}, Chat));
    QVERIFY(own.url.isEmpty());
    QCOMPARE(own.host.listen, u"127.0.0.1"_s);
    QVERIFY(own.host.invite.isEmpty());

    const auto open =
        std::get<ExampleOptions>(ExampleOptions::parse({u"chat"_s, u"--host"_s}, Chat));
    QCOMPARE(open.host.listen, u"0.0.0.0"_s);
    QVERIFY(!open.host.invite.isEmpty());

    const auto guest = std::get<ExampleOptions>(
        ExampleOptions::parse({u"chat"_s, u"--url=wss://example.org"_s}, Chat));
    QCOMPARE(guest.url, QUrl(u"wss://example.org"_s));
}

void tst_ExampleOptions::aNameIsNotLeftToThePlatform()
{
    char program[] = "chat", option[] = "--name", name[] = "Ann", other[] = "--room=Lobby";
    char *argv[] = {program, option, name, other, nullptr};
    int argc = 4;
    ExampleOptions::keepName(argc, argv);

    QCOMPARE(argc, 3);
    QCOMPARE(argv[1], "--name=Ann");
    QCOMPARE(argv[2], "--room=Lobby");
    QCOMPARE(argv[3], nullptr);
}

QTEST_GUILESS_MAIN(tst_ExampleOptions)
#include "tst_exampleoptions.moc"
