// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "authority_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_Authority : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hostsAndPortsAreTakenApart_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<int>("port");
        const auto row = [](const char *text, const char *host, int port = -1) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(host) << port;
        };
        row("example.org", "example.org");
        row("Example.ORG:8443", "example.org", 8443);
        row("localhost:0", "localhost", 0);
        row("localhost:65535", "localhost", 65535);
        row("localhost:", "localhost");
        row("xn--bcher-kva.example", "xn--bcher-kva.example");
        row("a_b", "a_b");
        row("192.0.2.1:80", "192.0.2.1", 80);
        row("[2001:DB8::1]", "[2001:db8::1]");
        row("[::1]:8090", "[::1]", 8090);
        row("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]");
    }

    void hostsAndPortsAreTakenApart()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, host);
        QFETCH(int, port);
        const auto authority = parseAuthority(text.toStdString());
        QVERIFY(authority.has_value());
        QCOMPARE(authority->host, host.toStdString());
        QCOMPARE(authority->port.has_value(), port >= 0);
        QCOMPARE(int(authority->port.value_or(0)), std::max(port, 0));
    }

    void whatIsNoneIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"",        ":80",
                                 "a:65536", "a:-1",
                                 "a:+1",    "a:0x50",
                                 "a:8o",    "a:000080",
                                 "a:80:80", "a b",
                                 "a/",      "a/b",
                                 "a?b",     "a#b",
                                 "user@a",  "a,b",
                                 "a%41",    "http://a",
                                 "::1",     "[::1",
                                 "[]",      "[::1]x",
                                 "[::1]:x", "[g::1]",
                                 "[a]b]",   "\xc3\xa4.example",
                                 "a\tb"}) {
            QTest::newRow(text) << QByteArray(text);
        }
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
    }

    void whatIsNoneIsRefused()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!parseAuthority(text.toStdString()));
    }
};

QTEST_APPLESS_MAIN(tst_Authority)
#include "tst_authority.moc"
