// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "originpolicy_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;

class tst_OriginPolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void originsAreNormalized_data();
    void originsAreNormalized();
    void pagesAreLetInByTheList_data();
    void pagesAreLetInByTheList();
    void programsAreLetInUnlessAnOriginIsRequired_data();
    void programsAreLetInUnlessAnOriginIsRequired();
    void entriesAreChecked_data();
    void entriesAreChecked();
};

void tst_OriginPolicy::originsAreNormalized_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("normalized"); // empty: it is none
    const auto row = [](const char *text, const char *normalized) {
        QTest::newRow(text) << QByteArray(text) << QByteArray(normalized);
    };
    row("https://example.org", "https://example.org");
    row("HTTPS://Example.ORG", "https://example.org");
    row("https://example.org:443", "https://example.org");
    row("http://example.org:80", "http://example.org");
    row("https://example.org:80", "https://example.org:80");
    row("http://example.org:443", "http://example.org:443");
    row("http://localhost:8080", "http://localhost:8080");
    row("https://[2001:DB8::1]:443", "https://[2001:db8::1]");
    row("chrome-extension://abcdef", "chrome-extension://abcdef");
    row("capacitor://localhost", "capacitor://localhost");
    for (const char *none :
         {"", "null", "*", "example.org", "//example.org", "https:example.org", "https://",
          "https://example.org/", "https://example.org/path", "https://user@example.org",
          "https://example.org?q", "https://example.org#f", "https://example.org:x",
          "https://example.org:65536", "https://a.example https://b.example",
          "1https://example.org", "https://*.example.org/", " https://example.org", "file://"}) {
        row(none, "");
    }
}

void tst_OriginPolicy::originsAreNormalized()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, normalized);
    QCOMPARE(QByteArray::fromStdString(normalizedOrigin(text.toStdString()).value_or("")),
             normalized);
}

void tst_OriginPolicy::pagesAreLetInByTheList_data()
{
    QTest::addColumn<QStringList>("allowed");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isLetIn");
    const auto row = [](const QStringList &allowed, const char *origin, const char *host,
                        bool isLetIn) {
        QTest::addRow("%s, '%s' to %s", qPrintable(allowed.join(u' ')), origin, host)
            << allowed << QByteArray(origin) << QByteArray(host) << isLetIn;
    };
    // Nothing listed: pages of the same host.
    const QStringList none;
    row(none, "https://rooms.example", "rooms.example", true);
    row(none, "http://rooms.example", "rooms.example", true);
    row(none, "https://Rooms.Example", "rooms.EXAMPLE", true);
    row(none, "https://rooms.example", "rooms.example:443", true);
    row(none, "https://rooms.example:443", "rooms.example", true);
    row(none, "http://localhost:8090", "localhost:8090", true);
    row(none, "http://[::1]:8090", "[::1]:8090", true);
    row(none, "http://rooms.example", "rooms.example:443", false);
    row(none, "http://localhost:8080", "localhost:8090", false);
    row(none, "http://localhost", "localhost:8090", false);
    row(none, "http://127.0.0.1:8090", "localhost:8090", false);
    row(none, "https://evil.example", "rooms.example", false);
    row(none, "https://rooms.example.evil.example", "rooms.example", false);
    row(none, "https://evilrooms.example", "rooms.example", false);
    row(none, "https://sub.rooms.example", "rooms.example", false);
    row(none, "https://evil.example/rooms.example", "rooms.example", false);
    row(none, "https://rooms.example@evil.example", "rooms.example", false);
    row(none, "null", "rooms.example", false);
    row(none, "null", "null", false);
    row(none, "", "rooms.example", false);
    row(none, "rooms.example", "rooms.example", false);
    row(none, "https://rooms.example", "", false);
    // Listed: these alone, the same host not among them.
    const QStringList listed{u"https://app.example"_s, u"HTTP://LocalHost:8080"_s,
                             u"https://port.example:443"_s, u"https://other.example:8443"_s};
    row(listed, "https://app.example", "rooms.example", true);
    row(listed, "https://APP.example:443", "rooms.example", true);
    row(listed, "http://localhost:8080", "rooms.example", true);
    row(listed, "https://port.example", "rooms.example", true);
    row(listed, "https://other.example:8443", "rooms.example", true);
    row(listed, "http://app.example", "rooms.example", false);
    row(listed, "https://app.example:8443", "rooms.example", false);
    row(listed, "https://other.example", "rooms.example", false);
    row(listed, "https://app.example.evil.example", "rooms.example", false);
    row(listed, "https://sub.app.example", "rooms.example", false);
    row(listed, "https://app.exampl", "rooms.example", false);
    row(listed, "https://app.example/", "rooms.example", false);
    row(listed, "https://rooms.example", "rooms.example", false);
    row(listed, "null", "rooms.example", false);
    row(listed, "", "rooms.example", false);
    row({u"null"_s}, "null", "rooms.example", true);
    row({u"null"_s}, "NULL", "rooms.example", false);
    row({u"null"_s}, "https://rooms.example", "rooms.example", false);
    row({u"*"_s}, "https://evil.example", "rooms.example", true);
    row({u"*"_s}, "null", "rooms.example", true);
    // What can't be used lets nobody in.
    row({u"https://*.example"_s}, "https://app.example", "app.example", false);
    row({u"app.example"_s}, "https://app.example", "app.example", false);
}

void tst_OriginPolicy::pagesAreLetInByTheList()
{
    QFETCH(QStringList, allowed);
    QFETCH(QByteArray, origin);
    QFETCH(QByteArray, host);
    QFETCH(bool, isLetIn);
    for (const bool isRequired : {false, true}) {
        const OriginPolicy policy(allowed, isRequired);
        QCOMPARE(policy.allows(std::string_view(origin.constData(), std::size_t(origin.size())),
                               host.toStdString()),
                 isLetIn);
    }
}

void tst_OriginPolicy::programsAreLetInUnlessAnOriginIsRequired_data()
{
    QTest::addColumn<QStringList>("allowed");
    QTest::newRow("nothing listed") << QStringList();
    QTest::newRow("one listed") << QStringList{u"https://app.example"_s};
    QTest::newRow("all listed") << QStringList{u"*"_s};
}

void tst_OriginPolicy::programsAreLetInUnlessAnOriginIsRequired()
{
    QFETCH(QStringList, allowed);
    QVERIFY(OriginPolicy(allowed, false).allows(std::nullopt, "rooms.example"));
    QVERIFY(!OriginPolicy(allowed, true).allows(std::nullopt, "rooms.example"));
}

void tst_OriginPolicy::entriesAreChecked_data()
{
    QTest::addColumn<QString>("entry");
    QTest::addColumn<bool>("isGood");
    for (const char *good : {"*", "null", "https://app.example", "http://localhost:8080"})
        QTest::newRow(good) << QString::fromLatin1(good) << true;
    for (const char *bad :
         {"", "**", "Null", "app.example", "https://app.example/", "https://*.example/",
          "https://b\xfc"
          "cher.example"}) {
        QTest::newRow(bad) << QString::fromLatin1(bad) << false;
    }
}

void tst_OriginPolicy::entriesAreChecked()
{
    QFETCH(QString, entry);
    QFETCH(bool, isGood);
    QCOMPARE(OriginPolicy::isEntry(entry), isGood);
}

QTEST_APPLESS_MAIN(tst_OriginPolicy)
#include "tst_originpolicy.moc"
