// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchserversettings.h"
#include "limits_p.h"

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
};

QTEST_APPLESS_MAIN(tst_Settings)
#include "tst_settings.moc"
