// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "changenumbers_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

/// As which events of the shard one's own changes of the state were made.
class tst_ChangeNumbers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachChangeHasItsOwn();
    void whatIsNotTakenHasNone();
    void whatWasNotHeardOfIsNotKnown();
    void whatWasHeardBeforeIsForgotten();
    void noMoreIsKeptThanIsOnItsWay();
};

void tst_ChangeNumbers::eachChangeHasItsOwn()
{
    ChangeNumbers numbers;
    for (const QString &key : {u"a"_s, u"b"_s, u"a"_s})
        numbers.begin(key);
    numbers.heard(u"a"_s, 5);
    numbers.heard(u"b"_s, 6);
    numbers.heard(u"a"_s, 8);
    QCOMPARE(numbers.take(u"a"_s), 5);
    QCOMPARE(numbers.take(u"b"_s), 6);
    QCOMPARE(numbers.take(u"a"_s), 8);
}

void tst_ChangeNumbers::whatIsNotTakenHasNone()
{
    ChangeNumbers numbers;
    numbers.begin(u"a"_s);
    numbers.begin(u"a"_s);
    // Told before the refusal of the first one was.
    numbers.heard(u"a"_s, 5);
    numbers.drop(u"a"_s);
    QCOMPARE(numbers.take(u"a"_s), 5);
    numbers.drop(u"a"_s);
    QCOMPARE(numbers.take(u"a"_s), 0);
}

void tst_ChangeNumbers::whatWasNotHeardOfIsNotKnown()
{
    ChangeNumbers numbers;
    numbers.begin(u"a"_s);
    numbers.heard(u"b"_s, 5);
    QCOMPARE(numbers.take(u"a"_s), 0);
    QCOMPARE(numbers.take(u"b"_s), 0);
}

void tst_ChangeNumbers::whatWasHeardBeforeIsForgotten()
{
    ChangeNumbers numbers;
    numbers.begin(u"a"_s);
    numbers.heard(u"a"_s, 5);
    numbers.begin(u"a"_s);
    numbers.drop(u"a"_s);
    numbers.forgetHeard();
    numbers.heard(u"a"_s, 2);
    QCOMPARE(numbers.take(u"a"_s), 2);
}

void tst_ChangeNumbers::noMoreIsKeptThanIsOnItsWay()
{
    ChangeNumbers numbers;
    numbers.begin(u"a"_s);
    numbers.heard(u"a"_s, 5);
    numbers.heard(u"a"_s, 6);
    numbers.begin(u"a"_s);
    QCOMPARE(numbers.take(u"a"_s), 5);
    QCOMPARE(numbers.take(u"a"_s), 0);
}

QTEST_APPLESS_MAIN(tst_ChangeNumbers)
#include "tst_changenumbers.moc"
