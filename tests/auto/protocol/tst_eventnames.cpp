// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventnames_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class TestEventNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reservedNamesAreSeenThrough_data();
    void reservedNamesAreSeenThrough();
};

void TestEventNames::reservedNamesAreSeenThrough_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("reserved");
    QTest::newRow("platform") << QStringLiteral("@@KOJI_DISPATCH/CONNECTED") << true;
    QTest::newRow("any") << QStringLiteral("@@x") << true;
    QTest::newRow("bare") << QStringLiteral("@@") << true;
    QTest::newRow("after spaces") << QStringLiteral(" \t\n@@x") << true;
    QTest::newRow("after no-break space") << QStringLiteral("\u00a0@@x") << true;
    QTest::newRow("after byte order mark") << QStringLiteral("\ufeff@@x") << true;
    QTest::newRow("after zero-width space") << QStringLiteral("\u200b@@x") << true;
    QTest::newRow("full-width") << QStringLiteral("\uff20\uff20x") << true;
    QTest::newRow("small") << QStringLiteral("\ufe6b@x") << true;
    QTest::newRow("zero-width joiner between") << QStringLiteral("@\u200d@x") << true;
    QTest::newRow("soft hyphen before") << QStringLiteral("\u00ad@@x") << true;
    QTest::newRow("soft hyphen between") << QStringLiteral("@\u00ad@x") << true;
    QTest::newRow("bidi mark between") << QStringLiteral("@\u202e@x") << true;
    QTest::newRow("variation selector between") << QStringLiteral("@\ufe0f@x") << true;
    QTest::newRow("tag character between") << QStringLiteral("@\U000e0041@x") << true;
    QTest::newRow("invisible ones everywhere")
        << QStringLiteral(" \u200b\u2060@\u034f\uff20") << true;
    QTest::newRow("C0 and C1 between") << QStringLiteral("@\u0001\u0080@x") << true;
    QTest::newRow("lower case") << QStringLiteral("@@koji_dispatch/connected") << true;
    QTest::newRow("an accent between") << QStringLiteral("@\u0301@x") << false;
    QTest::newRow("nothing but invisible ones") << QStringLiteral("\u200b\u200b") << false;
    QTest::newRow("one behind a joiner") << QStringLiteral("\u200d@x") << false;
    QTest::newRow("text beyond the BMP") << QStringLiteral("\U0001F600@@") << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("one") << QStringLiteral("@x") << false;
    QTest::newRow("later") << QStringLiteral("x@@") << false;
    QTest::newRow("apart") << QStringLiteral("@ @x") << false;
    QTest::newRow("word") << QStringLiteral("message") << false;
}

void TestEventNames::reservedNamesAreSeenThrough()
{
    QFETCH(QString, name);
    QFETCH(bool, reserved);
    QCOMPARE(EventName::isReserved(name.toStdString()), reserved);
}

QTEST_APPLESS_MAIN(TestEventNames)
#include "tst_eventnames.moc"
