// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "addressranges_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_AddressRanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rangesContainTheirAddresses_data();
    void rangesContainTheirAddresses();
    void whatIsNoRangeIsKnown_data();
    void whatIsNoRangeIsKnown();
    void theLastWhoIsNoProxyIsTheClient_data();
    void theLastWhoIsNoProxyIsTheClient();
};

void tst_AddressRanges::rangesContainTheirAddresses_data()
{
    QTest::addColumn<QString>("range");
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isInside");
    const auto row = [](const char *range, const char *address, bool isInside) {
        QTest::addRow("%s in %s", address, range)
            << QString::fromLatin1(range) << QString::fromLatin1(address) << isInside;
    };
    row("192.0.2.1", "192.0.2.1", true);
    row("192.0.2.1", "192.0.2.2", false);
    row("192.0.2.1", "::ffff:192.0.2.1", true);
    row("10.0.0.0/8", "10.255.255.255", true);
    row("10.0.0.0/8", "11.0.0.0", false);
    row("10.0.0.0/8", "::ffff:10.1.2.3", true);
    row("192.0.2.0/255.255.255.0", "192.0.2.77", true);
    row("127.0.0.0/8", "127.0.0.2", true);
    row("127.0.0.0/8", "::1", false);
    row("::1", "::1", true);
    row("::1", "127.0.0.1", false);
    row("2001:db8::/32", "2001:db8:ffff::1", true);
    row("2001:db8::/32", "2001:db9::1", false);
    row("0.0.0.0/0", "192.0.2.1", true);
    row("0.0.0.0/0", "2001:db8::1", false);
}

void tst_AddressRanges::rangesContainTheirAddresses()
{
    QFETCH(QString, range);
    QFETCH(QString, address);
    QFETCH(bool, isInside);
    QVERIFY(AddressRanges::isRange(range));
    QCOMPARE(AddressRanges({range}).contains(QHostAddress(address)), isInside);
    QCOMPARE(AddressRanges({u"198.51.100.1"_s, range}).contains(QHostAddress(address)), isInside);
    QVERIFY(!AddressRanges().contains(QHostAddress(address)));
}

void tst_AddressRanges::whatIsNoRangeIsKnown_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", "*", "10", "10/8", "10.0/16", "localhost", "192.0.2.256",
                             "192.0.2.1/33", "192.0.2.1/-1", "192.0.2.1/x", "2001:db8::/129",
                             "192.0.2.1:80", "[::1]", "192.0.2.1/24/24"}) {
        QTest::newRow(text) << QString::fromLatin1(text);
    }
}

void tst_AddressRanges::whatIsNoRangeIsKnown()
{
    QFETCH(QString, text);
    QVERIFY(!AddressRanges::isRange(text));
    QVERIFY(!AddressRanges({text}).contains(QHostAddress(u"192.0.2.1"_s)));
}

void tst_AddressRanges::theLastWhoIsNoProxyIsTheClient_data()
{
    QTest::addColumn<QString>("peer");
    QTest::addColumn<QByteArray>("forwardedFor");
    QTest::addColumn<QString>("client");
    const auto row = [](const char *name, const char *peer, const char *forwardedFor,
                        const char *client) {
        QTest::newRow(name) << QString::fromLatin1(peer) << QByteArray(forwardedFor)
                            << QString::fromLatin1(client);
    };
    row("nobody says anything", "10.0.0.1", "", "10.0.0.1");
    row("one who is not trusted", "192.0.2.1", "198.51.100.7", "192.0.2.1");
    row("one proxy", "10.0.0.1", "198.51.100.7", "198.51.100.7");
    row("two proxies", "10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7");
    row("a client who lies", "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7");
    row("a client who says he is a proxy", "10.0.0.1", "10.0.0.9,198.51.100.7,10.0.0.2",
        "198.51.100.7");
    row("proxies alone", "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3");
    row("white space", "10.0.0.1", " \t198.51.100.7 \t", "198.51.100.7");
    row("a port", "10.0.0.1", "198.51.100.7:4711", "198.51.100.7");
    row("IPv6", "10.0.0.1", "2001:db8::7", "2001:db8::7");
    row("IPv6 in brackets", "10.0.0.1", "[2001:db8::7]", "2001:db8::7");
    row("IPv6 with a port", "10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7");
    row("IPv4 as IPv6", "::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7");
    row("IPv6 proxies", "2001:db8:1::1", "198.51.100.7, 2001:db8:1::2", "198.51.100.7");
    row("what is no address", "10.0.0.1", "198.51.100.7, unknown", "10.0.0.1");
    row("what is no address behind a proxy", "10.0.0.1", "198.51.100.7, _x, 10.0.0.2", "10.0.0.2");
    row("nothing between commas", "10.0.0.1", "198.51.100.7,,", "10.0.0.1");
    row("a broken bracket", "10.0.0.1", "[2001:db8::7", "2001:db8::7");
}

void tst_AddressRanges::theLastWhoIsNoProxyIsTheClient()
{
    QFETCH(QString, peer);
    QFETCH(QByteArray, forwardedFor);
    QFETCH(QString, client);
    const AddressRanges proxies({u"10.0.0.0/8"_s, u"2001:db8:1::/48"_s});
    QCOMPARE(clientAddress(QHostAddress(peer), forwardedFor.toStdString(), proxies),
             QHostAddress(client));
}

QTEST_APPLESS_MAIN(tst_AddressRanges)
#include "tst_addressranges.moc"
