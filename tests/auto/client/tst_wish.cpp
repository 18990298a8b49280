// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "wish_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

class tst_Wish : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutEncryptionOnlyThisMachineIsReached_data();
    void withoutEncryptionOnlyThisMachineIsReached();
    void saysThatAnAddressLacksItsScheme_data();
    void saysThatAnAddressLacksItsScheme();
    void urlsAreShownWithoutSecrets_data();
    void urlsAreShownWithoutSecrets();
    void errorsShowNoSecrets();
    void noTokenGetsIntoTheUrl();
    void historyIsAskedForByTheUrl();
};

void tst_Wish::withoutEncryptionOnlyThisMachineIsReached_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<DispatchError::Code>("error");
    const auto row = [](const char *url, DispatchError::Code code) {
        QTest::newRow(url) << QString::fromUtf8(url) << code;
    };
    row("ws://localhost", DispatchError::NoError);
    row("ws://LOCALHOST:80/x", DispatchError::NoError);
    row("ws://127.0.0.1:8080", DispatchError::NoError);
    row("ws://127.1.2.3", DispatchError::NoError);
    row("ws://[::1]:8080", DispatchError::NoError);
    row("wss://example.org", DispatchError::NoError);
    row("wss://192.168.1.5", DispatchError::NoError);
    row("ws://192.168.1.5:8080", DispatchError::InsecureUrl);
    row("ws://10.0.0.1", DispatchError::InsecureUrl);
    row("ws://0.0.0.0", DispatchError::InsecureUrl);
    row("ws://[fe80::1]", DispatchError::InsecureUrl);
    row("ws://example.org", DispatchError::InsecureUrl);
    row("ws://127.0.0.1.example.org", DispatchError::InsecureUrl);
    row("ws://localhost.example.org", DispatchError::InsecureUrl);
    row("ws://evil.localhost", DispatchError::InsecureUrl);
    row("ws://localhost@example.org", DispatchError::InsecureUrl);
    row("", DispatchError::InvalidUrl);
    row("ws://", DispatchError::InvalidUrl);
    row("http://localhost", DispatchError::InvalidUrl);
    row("localhost:8080", DispatchError::InvalidUrl);
}

void tst_Wish::withoutEncryptionOnlyThisMachineIsReached()
{
    QFETCH(QString, url);
    QFETCH(DispatchError::Code, error);
    QCOMPARE(checkServerUrl(QUrl(url), false).code(), error);
    const DispatchError allowed = checkServerUrl(QUrl(url), true);
    QCOMPARE(allowed.code(), error == DispatchError::InsecureUrl ? DispatchError::NoError : error);
}

void tst_Wish::saysThatAnAddressLacksItsScheme_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown"); // empty: something else is wrong
    const auto row = [](const char *url, const QString &shown) {
        QTest::newRow(url) << QString::fromUtf8(url) << shown;
    };
    row("127.0.0.1:8090", u"127.0.0.1:8090"_s);
    row("127.0.0.1", u"127.0.0.1"_s);
    row("[::1]:8090", u"[::1]:8090"_s);
    row("localhost:8090", u"localhost:8090"_s);
    row("rooms.example:443/x", u"rooms.example:443/x"_s);
    row("127.0.0.1:8090?authorization=secret#secret", u"127.0.0.1:8090"_s);
    row("secret@rooms_1:80", u"rooms_1:80"_s);
    row("ann:secret@rooms.example:80", {});
    row("http://127.0.0.1:8090", {});
    row("mailto:ann", {});
    row("/127.0.0.1:8090", {});
    row("ws://", {});
}

void tst_Wish::saysThatAnAddressLacksItsScheme()
{
    QFETCH(QString, url);
    QFETCH(QString, shown);
    const DispatchError error = checkServerUrl(QUrl(url), false);
    QCOMPARE(error.code(), DispatchError::InvalidUrl);
    const QString message = error.message();
    const QString expected =
        u"'%1' does not begin with ws:// or wss://: set url, as to ws://%1."_s.arg(shown);
    if (shown.isEmpty())
        QVERIFY2(!message.contains("does not begin"_L1), qPrintable(message));
    else
        QCOMPARE(message, expected);
    QVERIFY2(!message.contains("secret"_L1), qPrintable(message));
}

void tst_Wish::urlsAreShownWithoutSecrets_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("shown");
    QTest::newRow("query") << u"wss://a.b:1/p?authorization=secret"_s << u"wss://a.b:1/p"_s;
    QTest::newRow("user") << u"wss://ann:secret@a.b/"_s << u"wss://a.b/"_s;
    QTest::newRow("fragment") << u"wss://a.b/#secret"_s << u"wss://a.b/"_s;
}

void tst_Wish::urlsAreShownWithoutSecrets()
{
    QFETCH(QString, url);
    QFETCH(QString, shown);
    QCOMPARE(displayUrl(QUrl(url)), shown);
}

void tst_Wish::errorsShowNoSecrets()
{
    for (const QString &url : {u"ws://a.b/?token=secret"_s, u"http://ann:secret@a.b/#secret"_s}) {
        const DispatchError error = checkWish({.url = QUrl(url)});
        QVERIFY(error);
        QVERIFY2(!error.message().contains(u"secret"_s), qPrintable(error.message()));
        QVERIFY2(error.message().contains(u"a.b"_s), qPrintable(error.message()));
    }
}

void tst_Wish::noTokenGetsIntoTheUrl()
{
    const Wish wish{.url = QUrl(u"wss://a.b"_s), .projectId = u"p"_s, .authorization = u"secret"_s};
    QCOMPARE(joinUrl(wish), QUrl(u"wss://a.b/?projectId=p&maxConnectionsPerShard=100"_s));
}

void tst_Wish::historyIsAskedForByTheUrl()
{
    const Wish wish{.url = QUrl(u"wss://a.b"_s), .projectId = u"p"_s};
    QCOMPARE(joinUrl(wish, 50),
             QUrl(u"wss://a.b/?projectId=p&maxConnectionsPerShard=100&history=50"_s));
}

QTEST_GUILESS_MAIN(tst_Wish)
#include "tst_wish.moc"
