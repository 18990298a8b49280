// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchserver.h"
#include "dispatchserversettings.h"
#include "limits_p.h"

#include <QtNetwork/qhostaddress.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

class tst_Settings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The public header can't use the constants that both sides agree on.
    void defaultsAreWhatBothSidesAgreeOn()
    {
        using namespace Dispatch;
        const DispatchServerSettings defaults;
        QCOMPARE(defaults.maxMessageBytes, int(Limits::MessageBytes));
        QCOMPARE(defaults.maxUserInfoBytes, int(Limits::UserInfoBytes));
        QCOMPARE(defaults.maxRecipients, int(Limits::Recipients));
        QCOMPARE(defaults.maxJsonTokens, Limits::JsonTokens);
        QCOMPARE(defaults.maxConnectionsPerShard, Limits::MaximumConnectionsPerShard);
        QVERIFY(defaults.problems().isEmpty());
    }

    void problemsAreNamed()
    {
        DispatchServerSettings settings;
        settings.allowedOrigins = QStringList{u"*"_s, u"null"_s, u"https://app.example"_s};
        settings.trustedProxies = QStringList{u"10.0.0.0/8"_s, u"::1"_s};
        settings.unlimitedAddresses.clear();
        QVERIFY(settings.problems().isEmpty());
        settings.allowedOrigins += u"app.example"_s;
        settings.trustedProxies += u"proxy.example"_s;
        settings.unlimitedAddresses = QStringList{u"10"_s};
        const QMap<QString, QString> problems = settings.problems();
        QCOMPARE(problems.keys(),
                 (QStringList{u"allowedOrigins"_s, u"trustedProxies"_s, u"unlimitedAddresses"_s}));
        QVERIFY(problems[u"allowedOrigins"_s].startsWith(u"has 'app.example', which is no "_s));
        QVERIFY(problems[u"trustedProxies"_s].contains(u"'proxy.example'"_s));
        QVERIFY(problems[u"unlimitedAddresses"_s].contains(u"'10'"_s));
    }

    void problemsOfTheEngineAreNamed_data()
    {
        QTest::addColumn<DispatchServerSettings>("settings");
        QTest::addColumn<QString>("property");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QString &property, const QString &said,
                            const auto &change) {
            DispatchServerSettings settings;
            change(settings);
            QTest::newRow(name) << settings << property << said;
        };
        row("another", u"engine"_s, u"must be memory, redis://"_s,
            [](auto &settings) { settings.engine = u"nats://localhost"_s; });
        row("nothing", u"engine"_s, u"must be memory, redis://"_s,
            [](auto &settings) { settings.engine.clear(); });
        row("lease", u"engineLease"_s, u"2000 ms"_s,
            [](auto &settings) { settings.engineLease = 1'999; });
        row("answer", u"engineLease"_s, u"40000 ms"_s,
            [](auto &settings) { settings.engineTimeout = 20'000; });
#ifdef DISPATCH_HAS_REDIS
        row("no host", u"engine"_s, u"names no host"_s,
            [](auto &settings) { settings.engine = u"redis://:hunter2@"_s; });
        row("two passwords", u"engine"_s, u"say it once"_s, [](auto &settings) {
            settings.engine = u"redis://:hunter2@localhost"_s;
            settings.enginePassword = u"hunter2"_s;
        });
        row("key prefix", u"engineKeyPrefix"_s, u"without spaces and braces"_s, [](auto &settings) {
            settings.engine = u"redis://localhost"_s;
            settings.engineKeyPrefix = u"{a}"_s;
        });
#else
        row("Redis", u"engine"_s, u"DISPATCH_BUILD_REDIS"_s,
            [](auto &settings) { settings.engine = u"redis://localhost"_s; });
#endif
    }

    void problemsOfTheEngineAreNamed()
    {
        QFETCH(DispatchServerSettings, settings);
        QFETCH(QString, property);
        QFETCH(QString, said);
        const QMap<QString, QString> problems = settings.problems();
        QCOMPARE(problems.keys(), QStringList{property});
        QVERIFY2(problems.first().contains(said), qPrintable(problems.first()));
        QVERIFY(problems.first().endsWith(u'.'));
        QVERIFY(!problems.first().contains(u"hunter2"_s));
        DispatchServer server;
        server.setSettings(settings);
        QVERIFY(!server.listen(QHostAddress(QHostAddress::LocalHost)));
        QCOMPARE(server.errorString(), property + u' ' + problems.first());
    }
};

QTEST_GUILESS_MAIN(tst_Settings)
#include "tst_settings.moc"
