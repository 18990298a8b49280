// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "connectparameters_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

Q_DECLARE_METATYPE(Dispatch::ConnectParameters)

class TestConnectParameters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void queryIsRead_data();
    void queryIsRead();
    void badQueryNamesItsField_data();
    void badQueryNamesItsField();
    void queryIsWritten();
    void whatIsWrittenIsRead_data();
    void whatIsWrittenIsRead();
};

void TestConnectParameters::queryIsRead_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<ConnectParameters>("expected");
    const ConnectParameters none;
    QTest::newRow("no query") << QByteArray("/") << none;
    QTest::newRow("empty query") << QByteArray("/any/path?") << none;
    QTest::newRow("empty values") << QByteArray(
        "/?projectId=&shardName=&maxConnectionsPerShard=&&=&x")
                                  << none;
    QTest::newRow("unknown key") << QByteArray("/?foo=bar&foo") << none;
    QTest::newRow("all") << QByteArray(
        "/?projectId=p.1_~-&shardName=s&maxConnectionsPerShard=25&projectToken=t&authorization=a.b")
                         << ConnectParameters{"p.1_~-", "s", 25, "t", "a.b"};
    QTest::newRow("history") << QByteArray("/?history=20")
                             << ConnectParameters{"default", {}, 100, {}, {}, 20};
    QTest::newRow("no history") << QByteArray("/?history=0") << none;
    QTest::newRow("escaped") << QByteArray("/?shardName=caf%C3%A9+%26%2B%3D%25&projectId=a%2Db")
                             << ConnectParameters{"a-b", "caf\xC3\xA9 &+=%", 100, {}, {}};
    QTest::newRow("last wins") << QByteArray("/?projectId=a&projectId=b")
                               << ConnectParameters{"b", {}, 100, {}, {}};
    QTest::newRow("fragment is none of it")
        << QByteArray("/?projectId=a#&projectId=b") << ConnectParameters{"a", {}, 100, {}, {}};
    QTest::newRow("longest shard name")
        << "/?shardName=" + QByteArray(128, 's')
        << ConnectParameters{"default", std::string(128, 's'), 100, {}, {}};
}

void TestConnectParameters::queryIsRead()
{
    QFETCH(QByteArray, target);
    QFETCH(ConnectParameters, expected);
    const auto result = parseConnectParameters(target.toStdString());
    QVERIFY(std::holds_alternative<ConnectParameters>(result));
    QVERIFY(std::get<ConnectParameters>(result) == expected);
}

void TestConnectParameters::badQueryNamesItsField_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("field");
    const auto add = [](const QByteArray &query, const char *field) {
        QTest::newRow(query.left(50).constData()) << query << QString::fromLatin1(field);
    };
    for (const char *value : {"a%20b", "a/b", "%7Ba%7D", "%C3%A9", "a:b", "%FF"})
        add(QByteArray("projectId=") + value, "projectId");
    add("projectId=" + QByteArray(129, 'p'), "projectId");
    for (const char *value : {"a%00b", "%0A", "%1F", "%7F", "%C2%85", "%FF", "%ED%A0%80"})
        add(QByteArray("shardName=") + value, "shardName");
    add("shardName=" + QByteArray(129, 's'), "shardName");
    for (const char *broken : {"shardName=%zz", "shardName=100%", "shardName=a%2", "shardName=%2g",
                               "shardName=%+1", "%zz=x", "unknown=%"})
        add(QByteArray("projectId=p&") + broken, "the query");
    add("authorization=%FF", "authorization");
    // May be a token in the wrong place.
    add("eyJhbGciOiJIUzI1NiJ9.e30.AAAA=%FF", "a parameter");
    for (const char *value :
         {"0", "-1", "x", "25x", "2.5", "1e2", "undefined", "99999999999", "%2025", "0x10"})
        add(QByteArray("maxConnectionsPerShard=") + value, "maxConnectionsPerShard");
    for (const char *value : {"-1", "x", "2.5", "99999999999"})
        add(QByteArray("history=") + value, "history");
}

void TestConnectParameters::badQueryNamesItsField()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, field);
    const auto result = parseConnectParameters("/?" + query.toStdString());
    QVERIFY(std::holds_alternative<ParameterError>(result));
    QCOMPARE(QString::fromStdString(std::get<ParameterError>(result).field), field);
}

void TestConnectParameters::queryIsWritten()
{
    QCOMPARE(toQuery({}), std::string("projectId=default&maxConnectionsPerShard=100"));
    QCOMPARE(toQuery({"", "a b+&", 2, {}, {}}),
             std::string("shardName=a%20b%2B%26&maxConnectionsPerShard=2"));
}

void TestConnectParameters::whatIsWrittenIsRead_data()
{
    QTest::addColumn<ConnectParameters>("parameters");
    QTest::newRow("plain") << ConnectParameters{"p", "s", 1, {}, {}};
    QTest::newRow("with history") << ConnectParameters{"p", "s", 1, {}, {}, 7};
    QTest::newRow("odd") << ConnectParameters{"p", "\xF0\x9F\x98\x80 +&=%#?/", 1000,
                                              "t+/=", "a.b-_="};
}

void TestConnectParameters::whatIsWrittenIsRead()
{
    QFETCH(ConnectParameters, parameters);
    const auto result = parseConnectParameters("/?" + toQuery(parameters));
    QVERIFY(std::get<ConnectParameters>(result) == parameters);
}

QTEST_APPLESS_MAIN(TestConnectParameters)
#include "tst_connectparameters.moc"
