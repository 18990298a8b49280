// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "checker.h"
#include "resources.h"

#include <QtTest/qtest.h>

using namespace Dispatch::Faults;
using Entry::Emitted;
using Entry::Fate;
using Entry::Joined;
using Entry::Lost;
using Entry::LostForLong;
using Entry::Received;
using Entry::Restored;
using Entry::Saw;

namespace {

const EventId A1{"ann", 1};
const EventId A2{"ann", 2};
const EventId B1{"bob", 1};

/// Two extended clients and one of the base profile, who all see what they should.
std::vector<History> goodRun()
{
    const std::vector<std::string> all{"ann", "bob", "cleo"};
    const History ann{"ann",
                      true,
                      {Joined{"room", "e", 0, false}, Emitted{A1, {}}, Received{A1, 1},
                       Fate{A1, Fate::Acknowledged, 1}, Lost{"reset"}, Emitted{A2, {}},
                       Joined{"room", "e", 1, true}, Restored{true}, Received{B1, 2, true},
                       Received{A2, 3}, Fate{A2, Fate::Acknowledged, 3}},
                      all,
                      3,
                      true};
    const History bob{"bob",
                      true,
                      {Joined{"room", "e", 0, false}, Received{A1, 1}, Emitted{B1, {}},
                       Received{B1, 2}, Fate{B1, Fate::Acknowledged, 2}, Received{A2, 3}},
                      all,
                      3};
    const History cleo{
        "cleo", false, {Joined{"room"}, Saw{3}, Received{A1}, Received{B1}, Received{A2}}, all, 3};
    return {ann, bob, cleo};
}

constexpr int Ann = 0;
constexpr int Bob = 1;
constexpr int Cleo = 2;

} // namespace

class tst_Checker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aGoodRunIsGood();
    void twoStreamsHaveNoOrderBetweenThem();
    void aFaultIsFound_data();
    void aFaultIsFound();
    void aRestartIsToldOnce_data();
    void aRestartIsToldOnce();
    void whatIsHeldMustComeBack();
};

void tst_Checker::aGoodRunIsGood()
{
    const std::vector<std::string> violations = check(goodRun());
    QVERIFY2(violations.empty(), violations.empty() ? "" : violations.front().c_str());
}

void tst_Checker::twoStreamsHaveNoOrderBetweenThem()
{
    const EventId a3{"ann", 3};
    const std::vector<std::string> toCleo{"cleo"};
    std::vector<History> run = goodRun();
    std::vector<AnyEntry> &ann = run[Ann].entries;
    ann.insert(ann.end(), {Emitted{a3, toCleo}, Fate{a3, Fate::Acknowledged}});
    // It overtakes the second one of the room.
    run[Cleo].entries.insert(run[Cleo].entries.end() - 1, Received{a3});
    QVERIFY(check(run, Order::OfEachStream).empty());
    QCOMPARE(check(run), (std::vector<std::string>{"cleo got ann/2 after number 3"}));
    std::swap(run[Cleo].entries[2], run[Cleo].entries[5]);
    QVERIFY(!check(run, Order::OfEachStream).empty());
}

void tst_Checker::aFaultIsFound_data()
{
    QTest::addColumn<std::vector<History>>("run");
    QTest::addColumn<QByteArray>("violation");
    const auto row = [](const char *name, const char *violation, auto change) {
        std::vector<History> run = goodRun();
        change(run);
        QTest::newRow(name) << run << QByteArray(violation);
    };
    row("twice to a base client", "cleo got ann/1 twice",
        [](auto &run) { run[Cleo].entries.push_back(Received{A1}); });
    row("twice to an extended client", "bob got ann/2 twice", [](auto &run) {
        run[Bob].entries.push_back(Received{A2, 4});
    });
    row("an emitter's order", "cleo got ann/1 after number 2",
        [](auto &run) { std::swap(run[Cleo].entries[2], run[Cleo].entries[4]); });
    row("a gap", "bob got number 3 after 1",
        [](auto &run) { run[Bob].entries.erase(run[Bob].entries.begin() + 3); });
    row("a gap over a resume", "ann got number 3 after 1",
        [](auto &run) { run[Ann].entries.erase(run[Ann].entries.begin() + 8); });
    row("another position after a resume", "ann was recovered at 2 although it was at 1",
        [](auto &run) {
            run[Ann].entries[6] = Joined{"room", "e", 2, true};
        });
    row("another epoch after a resume", "ann was recovered at 1 although it was at 1",
        [](auto &run) {
            run[Ann].entries[6] = Joined{"room", "f", 1, true};
        });
    row("two events of one number", "number 2 is bob/1 and ann/2", [](auto &run) {
        run[Bob].entries[3] = Received{A2, 2};
        run[Bob].entries[5] = Received{B1, 3};
    });
    row("another order for a base client", "cleo got bob/1 in another order than others",
        [](auto &run) { std::swap(run[Cleo].entries[3], run[Cleo].entries[4]); });
    row("for another shard", "dora got ann/1, which was for others", [](auto &run) {
        run.push_back({"dora", false, {Joined{"attic"}, Received{A1}}, {"dora"}});
    });
    row("for other recipients", "cleo got ann/1, which was for others", [](auto &run) {
        run[Ann].entries[1] = Emitted{A1, {"ann", "bob"}};
    });
    row("nobody emitted it", "cleo got ann/7, which nobody emitted", [](auto &run) {
        run[Cleo].entries.push_back(Received{{"ann", 7}});
    });
    row("acknowledged and not delivered", "bob missed ann/1, which was acknowledged",
        [](auto &run) {
            run[Bob].entries[1] = Received{{"ann", 9}, 1};
        });
    row("acknowledged and not handed to a recipient", "bob missed ann/3, which was acknowledged",
        [](auto &run) {
            run[Ann].entries.push_back(Emitted{{"ann", 3}, {"bob"}});
            run[Ann].entries.push_back(Fate{{"ann", 3}, Fate::Acknowledged});
        });
    row("acknowledged and nowhere", "ann/3 was acknowledged, and reached nobody", [](auto &run) {
        run[Ann].entries.push_back(Emitted{{"ann", 3}, {}});
        run[Ann].entries.push_back(Fate{{"ann", 3}, Fate::Acknowledged, 4});
    });
    const auto insert = [](auto &run, int at, const AnyEntry &entry) {
        run[Ann].entries.insert(run[Ann].entries.begin() + at, entry);
    };
    row("a return that nobody is told of", "ann did not tell of its return",
        [](auto &run) { run[Ann].entries.erase(run[Ann].entries.begin() + 7); });
    row("a return that was another", "ann told of a return that there was not",
        [](auto &run) { run[Ann].entries[7] = Restored{false}; });
    row("a return without a loss", "ann told of a return that there was not",
        [insert](auto &run) { insert(run, 2, Restored{true}); });
    row("a loss that was none", "ann told of a loss that there was not",
        [insert](auto &run) { insert(run, 2, LostForLong{}); });
    row("one loss twice", "ann told of a loss that there was not", [insert](auto &run) {
        insert(run, 5, LostForLong{});
        insert(run, 5, LostForLong{});
    });
    row("lost in silence", "ann/3 reached nobody, and nobody was told", [](auto &run) {
        run[Ann].entries.push_back(Emitted{{"ann", 3}, {}, true});
    });
    row("no fate", "ann/2 has 0 fates", [](auto &run) { run[Ann].entries.pop_back(); });
    row("two fates", "ann/2 has 2 fates", [](auto &run) {
        run[Ann].entries.push_back(Fate{A2, Fate::Unknown});
    });
    row("dropped and delivered", "ann/2 was refused or dropped, and reached somebody",
        [](auto &run) {
            run[Ann].entries.back() = Fate{A2, Fate::Dropped};
        });
    row("a ghost", "bob sees other people than those who are there",
        [](auto &run) { run[Bob].present.push_back("dora"); });
    row("somebody is not seen", "cleo sees other people than those who are there",
        [](auto &run) { run[Cleo].present.pop_back(); });
    row("a gap for a base client", "cleo missed bob/1 while it was connected",
        [](auto &run) { run[Cleo].entries.erase(run[Cleo].entries.begin() + 3); });
    row("in two shards", "ann/2 came in 2 shards", [](auto &run) {
        run[Ann].entries.back() = Joined{"attic", "f"};
        run[Ann].entries.push_back(Received{A2, 1});
    });
    row("a loss that nobody told", "ann joined again, and had not said that it was lost",
        [](auto &run) { run[Ann].entries.erase(run[Ann].entries.begin() + 4); });
    row("a loss without a reason", "ann was lost, and does not know why",
        [](auto &run) { run[Ann].entries[4] = Lost{}; });
    row("heard while it was lost", "ann got bob/1 while it was not connected", [](auto &run) {
        const auto joins = run[Ann].entries.begin() + 6;
        std::rotate(joins, joins + 2, joins + 3);
    });
    row("more in the list than seats", "cleo saw 4 clients on 3 seats",
        [](auto &run) { run[Cleo].entries[1] = Saw{4}; });
    row("more receivers than seats", "ann/1 reached 3 clients on 2 seats", [](auto &run) {
        for (History &history : run)
            history.seats = 2;
    });
    row("behind at the end", "bob is behind, at 2", [](auto &run) { run[Bob].entries.pop_back(); });
}

void tst_Checker::aFaultIsFound()
{
    QFETCH(const std::vector<History>, run);
    QFETCH(const QByteArray, violation);
    QByteArrayList found;
    for (const std::string &one : check(run))
        found.append(QByteArray::fromStdString(one));
    QVERIFY2(found.contains(violation), found.join('\n').constData());
}

void tst_Checker::aRestartIsToldOnce_data()
{
    QTest::addColumn<std::vector<AnyEntry>>("entries");
    QTest::addColumn<int>("restarts");
    QTest::addColumn<bool>("isGood");
    const Joined first{"room", "e", 0, false};
    const Joined again{"room", "f", 0, false};
    const Joined recovered{"room", "e", 0, true};
    const auto row = [](const char *name, const std::vector<AnyEntry> &entries, int restarts,
                        bool isGood) { QTest::newRow(name) << entries << restarts << isGood; };
    row("none", {first}, 0, true);
    row("one", {first, Lost{"reset"}, again}, 1, true);
    row("not told", {first, Lost{"reset"}, recovered}, 1, false);
    row("told twice", {first, Lost{"reset"}, again, Lost{"reset"}, again}, 1, false);
    row("another connection between", {first, Lost{"reset"}, recovered, Lost{"reset"}, again}, 1,
        true);
    row("did not come back", {first, Lost{"reset"}}, 1, false);
}

void tst_Checker::aRestartIsToldOnce()
{
    QFETCH(const std::vector<AnyEntry>, entries);
    QFETCH(const int, restarts);
    QFETCH(const bool, isGood);
    QCOMPARE(checkRestarts({{"ann", true, entries, {}}}, restarts).empty(), isGood);
}

void tst_Checker::whatIsHeldMustComeBack()
{
    QVERIFY(checkReturned({10, 1'000}, {10, 1'100}, 100).empty());
    QVERIFY(checkReturned({10, 1'000}, {9, 900}, 0).empty());
    QCOMPARE(checkReturned({10, 1'000}, {11, 1'000}, 0),
             (std::vector<std::string>{"11 files are open, and were 10"}));
    QCOMPARE(checkReturned({10, 1'000}, {10, 1'101}, 100),
             (std::vector<std::string>{"1101 bytes are held, and were 1000"}));
}

QTEST_APPLESS_MAIN(tst_Checker)
#include "tst_checker.moc"
