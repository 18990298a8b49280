// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "internednames_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using Dispatch::InternedNames;

class tst_InternedNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNameIsMadeOnce();
    void noNameIsNothing();
    void theirNumberIsBounded();
    void theirLengthIsBounded();
};

void tst_InternedNames::aNameIsMadeOnce()
{
    InternedNames names;
    const QString first = names.of("Zo\u00eb");
    QCOMPARE(first, u"Zo\u00eb"_s);
    QVERIFY(names.of(std::string("Zo\u00eb")).constData() == first.constData());
    QCOMPARE(names.of("Zo"), u"Zo"_s);
    QCOMPARE(names.size(), 2u);
}

void tst_InternedNames::noNameIsNothing()
{
    InternedNames names;
    QVERIFY(names.of({}).isEmpty());
    QCOMPARE(names.size(), 0u);
}

void tst_InternedNames::theirNumberIsBounded()
{
    InternedNames names;
    const QString first = names.of("0");
    for (std::size_t i = 1; i < 3 * InternedNames::Most; ++i) {
        QCOMPARE(names.of(std::to_string(i)), QString::number(i));
        QVERIFY(names.size() <= InternedNames::Most);
    }
    QCOMPARE(first, u"0"_s);
    QCOMPARE(names.of("0"), u"0"_s);
}

void tst_InternedNames::theirLengthIsBounded()
{
    InternedNames names;
    const std::string longest(InternedNames::Longest, 'a');
    QCOMPARE(names.of(longest + 'b'), QString::fromStdString(longest) + u'b');
    QCOMPARE(names.size(), 0u);
    QCOMPARE(names.of(longest), QString::fromStdString(longest));
    QCOMPARE(names.size(), 1u);
}

QTEST_APPLESS_MAIN(tst_InternedNames)
#include "tst_internednames.moc"
