// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "memberlist_p.h"
#include "streamcursor_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

/// What makes one sequence of what comes live and what is read.
class tst_Cursors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void firstReadOnlySaysWhereItBegins();
    void nextEventIsDelivered();
    void repeatedEventIsDropped();
    void eventBehindAGapWaitsForTheLog();
    void eventsThatComeWhileTheLogIsReadComeBehindIt();
    void partOfALogIsAReset();
    void resetBeginsBehindTheLastGap();
    void anotherLifeIsReadFromItsBeginning();
    void whatIsLeftOfAnOlderLifeIsDropped();
    void lifeThatBeginsWhileTheLogIsReadIsReadOnce();
    void tooManyHeldBackAreReadInstead();
    void readThatFailedIsRepeated();
    void changesBehindAGapWaitForTheList();
    void changesThatTheListKnowsAreDropped();
    void listMayGoBack();

private:
    /// A cursor behind event 10 of life 1.
    static StreamCursor cursor(std::size_t mostHeldBack = 100)
    {
        StreamCursor cursor(mostHeldBack);
        cursor.begin();
        cursor.read({{1, 10}, true, {}, 0});
        return cursor;
    }
    static std::string seqs(const StreamCursor::Step &step)
    {
        std::string text;
        for (const Entry &entry : step.entries)
            text += std::to_string(entry.seq) + ' ';
        return text;
    }
    static std::vector<Entry> entries(std::uint64_t first, std::uint64_t last)
    {
        std::vector<Entry> result;
        for (std::uint64_t seq = first; seq <= last; ++seq)
            result.push_back({seq, {}});
        return result;
    }
};

void tst_Cursors::firstReadOnlySaysWhereItBegins()
{
    StreamCursor cursor(100);
    QVERIFY(cursor.begin().isReadWanted);
    QCOMPARE(seqs(cursor.arrive({1, 11}, {})), "");
    const StreamCursor::Step step = cursor.read({{1, 10}, true, entries(5, 10), 0});
    QCOMPARE(seqs(step), "11 ");
    QVERIFY(!step.reset);
    QCOMPARE(cursor.mark(), (Mark{1, 11}));
}

void tst_Cursors::nextEventIsDelivered()
{
    StreamCursor cursor = this->cursor();
    const StreamCursor::Step step = cursor.arrive({1, 11}, "data");
    QCOMPARE(step.entries, (std::vector<Entry>{{11, "data"}}));
    QVERIFY(!step.isReadWanted);
}

void tst_Cursors::repeatedEventIsDropped()
{
    StreamCursor cursor = this->cursor();
    const StreamCursor::Step step = cursor.arrive({1, 10}, {});
    QVERIFY(step.entries.empty() && !step.isReadWanted && !step.reset);
}

void tst_Cursors::eventBehindAGapWaitsForTheLog()
{
    StreamCursor cursor = this->cursor();
    const StreamCursor::Step step = cursor.arrive({1, 13}, {});
    QVERIFY(step.isReadWanted && step.entries.empty());
    QCOMPARE(cursor.mark(), (Mark{1, 10}));
    QCOMPARE(seqs(cursor.read({{1, 13}, true, entries(11, 13), 0})), "11 12 13 ");
}

void tst_Cursors::eventsThatComeWhileTheLogIsReadComeBehindIt()
{
    StreamCursor cursor = this->cursor();
    cursor.arrive({1, 12}, {});
    cursor.arrive({1, 13}, {});
    cursor.arrive({1, 14}, {});
    const StreamCursor::Step step = cursor.read({{1, 12}, true, entries(11, 12), 0});
    QCOMPARE(seqs(step), "11 12 13 14 ");
    QVERIFY(!step.isReadWanted && !step.reset);
}

void tst_Cursors::partOfALogIsAReset()
{
    StreamCursor cursor = this->cursor();
    cursor.arrive({1, 20}, {});
    const StreamCursor::Step step = cursor.read({{1, 20}, false, entries(15, 20), 0});
    QCOMPARE(step.reset, std::optional(Mark{1, 14}));
    QCOMPARE(seqs(step), "15 16 17 18 19 20 ");
}

void tst_Cursors::resetBeginsBehindTheLastGap()
{
    StreamCursor cursor = this->cursor();
    cursor.begin();
    std::vector<Entry> log = entries(11, 13);
    for (const Entry &entry : entries(16, 18))
        log.push_back(entry);
    StreamCursor::Step step = cursor.read({{1, 18}, false, log, 0});
    QCOMPARE(step.reset, std::optional(Mark{1, 15}));
    QCOMPARE(seqs(step), "16 17 18 ");

    cursor.begin();
    step = cursor.read({{1, 30}, false, entries(25, 29), 0});
    QCOMPARE(step.reset, std::optional(Mark{1, 30}));
    QVERIFY(step.entries.empty());
}

void tst_Cursors::anotherLifeIsReadFromItsBeginning()
{
    StreamCursor cursor = this->cursor();
    QVERIFY(cursor.rebirth(2).isReadWanted);
    QVERIFY(!cursor.arrive({2, 1}, {}).isReadWanted);
    const StreamCursor::Step step = cursor.read({{2, 1}, false, entries(1, 1), 0});
    QCOMPARE(step.reset, std::optional(Mark{2, 0}));
    QCOMPARE(seqs(step), "1 ");
    QCOMPARE(seqs(cursor.arrive({2, 2}, {})), "2 ");
}

void tst_Cursors::whatIsLeftOfAnOlderLifeIsDropped()
{
    StreamCursor cursor = this->cursor();
    cursor.arrive({1, 12}, {});
    const StreamCursor::Step step = cursor.read({{2, 0}, false, {}, 0});
    QCOMPARE(step.reset, std::optional(Mark{2, 0}));
    QVERIFY(!step.isReadWanted);
    QVERIFY(!cursor.isReading());
}

void tst_Cursors::lifeThatBeginsWhileTheLogIsReadIsReadOnce()
{
    StreamCursor cursor = this->cursor();
    cursor.arrive({1, 12}, {});
    QVERIFY(!cursor.rebirth(2).isReadWanted);
    QVERIFY(!cursor.arrive({2, 1}, {}).isReadWanted);
    QVERIFY(cursor.read({{1, 12}, true, entries(11, 12), 0}).isReadWanted);
    const StreamCursor::Step step = cursor.read({{2, 1}, false, entries(1, 1), 0});
    QCOMPARE(step.reset, std::optional(Mark{2, 0}));
    QCOMPARE(seqs(step), "1 ");
    QVERIFY(!step.isReadWanted);
}

void tst_Cursors::tooManyHeldBackAreReadInstead()
{
    StreamCursor cursor = this->cursor(3);
    for (std::uint64_t seq = 12; seq < 40; ++seq)
        cursor.arrive({1, seq}, {});
    QVERIFY(cursor.read({{1, 12}, true, entries(11, 12), 0}).isReadWanted);
    const StreamCursor::Step step = cursor.read({{1, 39}, true, entries(11, 39), 0});
    QCOMPARE(step.entries.size(), 29u);
    QVERIFY(!step.isReadWanted);
}

void tst_Cursors::readThatFailedIsRepeated()
{
    StreamCursor cursor = this->cursor();
    cursor.arrive({1, 12}, {});
    QVERIFY(cursor.readFailed().isReadWanted);
    QCOMPARE(seqs(cursor.read({{1, 12}, true, entries(11, 12), 0})), "11 12 ");
}

void tst_Cursors::changesBehindAGapWaitForTheList()
{
    MemberList list(100);
    QVERIFY(list.begin().isListWanted);
    list.list({5, {}});
    QCOMPARE(list.change({6, true, {"a", {}}}).changes.size(), 1u);
    QVERIFY(list.change({8, true, {"c", {}}}).isListWanted);
    QVERIFY(list.change({9, true, {"d", {}}}).changes.empty());
    const MemberList::Step step = list.list({8, {{"a", {}}, {"b", {}}, {"c", {}}}});
    QCOMPARE(step.list->members.size(), 3u);
    QCOMPARE(step.changes.size(), 1u);
    QCOMPARE(step.changes[0].member.clientId, "d");
}

void tst_Cursors::changesThatTheListKnowsAreDropped()
{
    MemberList list(100);
    list.begin();
    list.change({4, true, {"a", {}}});
    list.change({6, false, {"a", {}}});
    const MemberList::Step step = list.list({5, {}});
    QCOMPARE(step.changes.size(), 1u);
    QVERIFY(!step.isListWanted);
    QVERIFY(list.change({6, false, {"a", {}}}).changes.empty());
}

void tst_Cursors::listMayGoBack()
{
    MemberList list(100);
    list.begin();
    list.list({50, {}});
    list.begin();
    list.list({1, {}});
    QCOMPARE(list.change({2, true, {"a", {}}}).changes.size(), 1u);
}

QTEST_APPLESS_MAIN(tst_Cursors)
#include "tst_cursors.moc"
