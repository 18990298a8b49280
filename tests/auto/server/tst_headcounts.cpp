// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "headcounts_p.h"

#include <QtTest/qtest.h>

#include <vector>

using namespace Dispatch;

/// What several servers answer, added up.
class tst_Headcounts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lastAnswerEndsAQuestion();
    void serverCountsOnce();
    void unexpectedServersCountWhileOthersAreWaitedFor();
    void whoWaitsNoLongerHearsWhatHasCome();
    void questionsAreKeptApart();
    void nobodyHearsOfWhatWasDropped();

private:
    Headcounts::Done note()
    {
        return [this](int sum) { m_sums.push_back(sum); };
    }

    using Sums = std::vector<int>;
    Headcounts m_counts;
    Sums m_sums;

private Q_SLOTS:
    void cleanup()
    {
        QCOMPARE(m_counts.size(), 0u); // nothing is left over
        m_sums.clear();
    }
};

void tst_Headcounts::lastAnswerEndsAQuestion()
{
    const auto question = m_counts.ask({"a", "b"}, note());
    QVERIFY(question != 0);
    m_counts.answer(question, "b", 2);
    QCOMPARE(m_sums, Sums());
    m_counts.answer(question, "a", 0);
    QCOMPARE(m_sums, Sums{2});
    m_counts.answer(question, "a", 5);
    m_counts.finish(question);
    QCOMPARE(m_sums, Sums{2});
}

void tst_Headcounts::serverCountsOnce()
{
    const auto question = m_counts.ask({"a", "b"}, note());
    m_counts.answer(question, "a", 1);
    m_counts.answer(question, "a", 1);
    m_counts.answer(question, "b", 1);
    QCOMPARE(m_sums, Sums{2});
}

void tst_Headcounts::unexpectedServersCountWhileOthersAreWaitedFor()
{
    const auto question = m_counts.ask({"a"}, note());
    m_counts.answer(question, "new", 3);
    m_counts.answer(question, "a", 1);
    m_counts.answer(question, "late", 7);
    QCOMPARE(m_sums, Sums{4});
}

void tst_Headcounts::whoWaitsNoLongerHearsWhatHasCome()
{
    const auto question = m_counts.ask({"a", "dead"}, note());
    m_counts.answer(question, "a", 1);
    m_counts.finish(question);
    QCOMPARE(m_sums, Sums{1});
    m_counts.finish(m_counts.ask({}, note()));
    QCOMPARE(m_sums, (Sums{1, 0}));
}

void tst_Headcounts::questionsAreKeptApart()
{
    const auto first = m_counts.ask({"a"}, note());
    const auto second = m_counts.ask({"a"}, note());
    QVERIFY(first != second);
    m_counts.answer(second, "a", 2);
    m_counts.answer(0, "a", 9);
    QCOMPARE(m_sums, Sums{2});
    m_counts.answer(first, "a", 1);
    QCOMPARE(m_sums, (Sums{2, 1}));
}

void tst_Headcounts::nobodyHearsOfWhatWasDropped()
{
    const auto question = m_counts.ask({"a"}, note());
    QVERIFY(m_counts.drop(question));
    QVERIFY(!m_counts.drop(question));
    m_counts.answer(question, "a", 1);
    QCOMPARE(m_sums, Sums());
}

QTEST_GUILESS_MAIN(tst_Headcounts)
#include "tst_headcounts.moc"
