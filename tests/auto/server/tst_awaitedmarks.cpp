// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "awaitedmarks_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using Engine::Mark;

/// What becomes of those who wait for a place in a stream.
class tst_AwaitedMarks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsPastIsDoneAtOnce();
    void othersAreDoneInTheOrderOfTheStream();
    void aGapLosesNothing();
    void whatALifeTookWithItIsLost();
    void answersOfALifeThatIsOverAreLost();
    void answersOfALifeThatIsNotToldAreTaken();
    void aStepMayAddAnother();

private:
    void add(const Mark &mark, const Mark &here, const QString &name)
    {
        m_marks.add(mark, here,
                    [this, name](bool isLost) { m_done += isLost ? name + u" lost"_s : name; });
    }
    QStringList done() { return std::exchange(m_done, {}); }

    AwaitedMarks m_marks;
    QStringList m_done;

private Q_SLOTS:
    void init() { m_marks = {}; }
    void cleanup() { m_done.clear(); }
};

void tst_AwaitedMarks::whatIsPastIsDoneAtOnce()
{
    add({1, 4}, {1, 5}, u"a"_s);
    add({1, 5}, {1, 5}, u"b"_s);
    QCOMPARE(done(), QStringList({u"a"_s, u"b"_s}));
}

void tst_AwaitedMarks::othersAreDoneInTheOrderOfTheStream()
{
    add({1, 8}, {1, 5}, u"c"_s);
    add({1, 6}, {1, 5}, u"a"_s);
    add({1, 7}, {1, 5}, u"b"_s);
    QCOMPARE(done(), QStringList());
    m_marks.reach({1, 7});
    QCOMPARE(done(), QStringList({u"a"_s, u"b"_s}));
    m_marks.reach({1, 9});
    QCOMPARE(done(), QStringList{u"c"_s});
}

void tst_AwaitedMarks::aGapLosesNothing()
{
    add({1, 6}, {1, 5}, u"a"_s);
    add({1, 9}, {1, 5}, u"b"_s);
    m_marks.reset({1, 5}, {1, 8});
    QCOMPARE(done(), QStringList{u"a"_s});
    m_marks.reach({1, 9});
    QCOMPARE(done(), QStringList{u"b"_s});
}

void tst_AwaitedMarks::whatALifeTookWithItIsLost()
{
    add({1, 6}, {1, 5}, u"a"_s);
    m_marks.reset({1, 5}, {2, 7});
    QCOMPARE(done(), QStringList{u"a lost"_s});
    m_marks.reach({2, 9});
    QCOMPARE(done(), QStringList());
}

void tst_AwaitedMarks::answersOfALifeThatIsOverAreLost()
{
    m_marks.reset({1, 5}, {2, 0});
    m_marks.reset({2, 0}, {3, 0});
    add({1, 5}, {3, 0}, u"a"_s);
    add({2, 1}, {3, 0}, u"b"_s);
    QCOMPARE(done(), QStringList({u"a lost"_s, u"b lost"_s}));
}

void tst_AwaitedMarks::answersOfALifeThatIsNotToldAreTaken()
{
    add({2, 1}, {1, 5}, u"a"_s);
    add({1, 6}, {1, 5}, u"b"_s);
    QCOMPARE(done(), QStringList{u"a"_s});
    m_marks.reset({1, 5}, {2, 0});
    QCOMPARE(done(), QStringList{u"b lost"_s});
}

void tst_AwaitedMarks::aStepMayAddAnother()
{
    m_marks.add({1, 6}, {1, 5}, [this](bool) { add({1, 7}, {1, 6}, u"b"_s); });
    m_marks.reach({1, 6});
    QCOMPARE(done(), QStringList());
    m_marks.reach({1, 7});
    QCOMPARE(done(), QStringList{u"b"_s});
}

QTEST_GUILESS_MAIN(tst_AwaitedMarks)
#include "tst_awaitedmarks.moc"
