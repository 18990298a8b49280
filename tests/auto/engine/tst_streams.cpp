// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_Streams : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void allNodesHearAllEventsInOneOrder();
    void whoeverComesLaterHearsWhatComesThen();
    void repeatedEmitIsPublishedOnce();
    void olderEmitIsNotPublishedAnyMore();
    void emitBehindAGapIsRefused();
    void emitsOfOneClientCountInEachStream();
    void logIsReadFromAnyPlace();
    void logHasABoundOfEvents();
    void logHasABoundOfBytes();
    void latestEventsCanBeHadFromNowhere();
    void unkeptEventsAreHeardButNotRead();
    void lostSubscriptionIsMadeUpFor();
    void subscriptionsThatAreCutAgainAndAgainLoseNothing();
    void emptyStoreBeginsANewLife();
    void storeThatWasRolledBackBeginsANewLife();
    void clientCanNotForgeANewLife();
    void whoUnsubscribesHearsNothing();
    void whoSubscribesAgainAtOnceHearsAll();
    void eventsToRecipientsHaveAStreamOfTheirProject();
    void anyBytesGoThrough();
    void pausedStoreEndsCallsInTimeAndHeals();
    void eventThatEndedAsUnavailableDoesNotComeLater();
    void callsThatAreTooManyEndAtOnce();
    void closedNodeEndsItsCalls();
    void fencedNodePublishesNothing();

private:
    /// Has each node publish \a count events at once, and waits until all have ended.
    bool publishAtOnce(int count);
};

bool tst_Streams::publishAtOnce(int count)
{
    int published = 0;
    for (int i = 0; i < count; ++i) {
        for (std::size_t node = 0; node < nodes.size(); ++node) {
            const std::string client = "client" + std::to_string(node);
            const auto number = static_cast<std::uint64_t>(i + 1);
            engine(node).publish(
                {room, client + '#' + std::to_string(i), client, number, number - 1},
                {cluster->context.get_executor(),
                 [&](Outcome<Published> outcome) { published += succeeded(outcome) ? 1 : 0; }});
        }
    }
    const int all = count * static_cast<int>(nodes.size());
    return cluster->waitFor([&] { return published == all; });
}

void tst_Streams::allNodesHearAllEventsInOneOrder()
{
    QVERIFY(begin(3, limits()));
    std::vector<std::shared_ptr<StreamRecord>> records;
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        records.push_back(listen(room, node));
        QVERIFY(records.back());
    }
    QVERIFY(publishAtOnce(200));
    QVERIFY(cluster->waitFor([&] {
        return std::ranges::all_of(records,
                                   [](const auto &record) { return record->events.size() == 600; });
    }));
    QVERIFY(records[0]->isWithoutGaps());
    QCOMPARE(records[0]->events.back().first.seq, 600u);
    QCOMPARE(records[1]->events, records[0]->events);
    QCOMPARE(records[2]->events, records[0]->events);
    for (int node = 0; node < 3; ++node) {
        std::vector<std::string> own;
        for (const std::string &data : records[0]->data) {
            if (data.starts_with("client" + std::to_string(node)))
                own.push_back(data.substr(data.find('#') + 1));
        }
        for (std::size_t i = 0; i < own.size(); ++i)
            QCOMPARE(own[i], std::to_string(i));
    }
}

void tst_Streams::whoeverComesLaterHearsWhatComesThen()
{
    QVERIFY(begin(2, limits()));
    const Mark before = publish("before");
    const auto record = listen(room, 1);
    QVERIFY(record);
    QCOMPARE(*record->beginning, before);
    publish("behind");
    QVERIFY(cluster->waitFor([&] { return !record->data.empty(); }));
    QCOMPARE(record->data, std::vector<std::string>{"behind"});
    QVERIFY(record->resets.empty());
}

void tst_Streams::repeatedEmitIsPublishedOnce()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    const Emission emission{room, "once", "client", 1};
    const auto first = publish(emission);
    const auto second = publish(emission, 1);
    QVERIFY(succeeded(first) && succeeded(second));
    QVERIFY(!std::get<Published>(first).isRepeated);
    QVERIFY(std::get<Published>(second).isRepeated);
    QCOMPARE(std::get<Published>(second).mark, std::get<Published>(first).mark);
    publish("end");
    QVERIFY(cluster->waitFor([&] { return record->data.size() >= 2; }));
    QCOMPARE(record->data, (std::vector<std::string>{"once", "end"}));
}

void tst_Streams::olderEmitIsNotPublishedAnyMore()
{
    QVERIFY(begin(1, limits()));
    for (std::uint64_t number = 1; number <= 3; ++number)
        QVERIFY(succeeded(publish({room, "event", "client", number})));
    const auto repeated = publish({room, "event", "client", 2});
    QVERIFY(succeeded(repeated));
    QVERIFY(std::get<Published>(repeated).isRepeated);
    QCOMPARE(std::get<Published>(repeated).mark.seq, 0u);
    QCOMPARE(read({room, {}, {}, 0, "client"}).lastEmit, 3u);
    QCOMPARE(read({room, {}, {}, 0, "another"}).lastEmit, 0u);
}

void tst_Streams::emitBehindAGapIsRefused()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(publish({room, "1", "client", 1, 0})));
    QVERIFY(failedWith(publish({room, "3", "client", 3, 2}), Failure::EmitGap));
    QVERIFY(succeeded(publish({room, "2", "client", 2, 1}, 1)));
    QVERIFY(succeeded(publish({room, "3", "client", 3, 2})));
    // Its emits in between went to recipients.
    QVERIFY(succeeded(publish({room, "7", "client", 7, 3}, 1)));
    QCOMPARE(read({room, {}, {}, 9}).entries.size(), 4u);
}

void tst_Streams::emitsOfOneClientCountInEachStream()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(publish({room, "event", "client", 5})));
    const auto direct = publish({{project}, "event", "client", 4});
    QVERIFY(succeeded(direct));
    QVERIFY(!std::get<Published>(direct).isRepeated);
}

void tst_Streams::logIsReadFromAnyPlace()
{
    QVERIFY(begin(2, limits()));
    std::vector<Mark> marks;
    for (int i = 0; i < 5; ++i)
        marks.push_back(publish("event" + std::to_string(i)));
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const Page page = read({room, marks[i]}, 1);
        QVERIFY(page.isComplete);
        QCOMPARE(page.top, marks.back());
        QCOMPARE(page.entries.size(), marks.size() - 1 - i);
        for (std::size_t k = 0; k < page.entries.size(); ++k) {
            QCOMPARE(page.entries[k].seq, marks[i].seq + k + 1);
            QCOMPARE(page.entries[k].data, "event" + std::to_string(i + k + 1));
        }
    }
    QVERIFY(!read({room, {marks[0].epoch + 1, 2}}).isComplete);
    QVERIFY(read({room, {marks[0].epoch, 0}}).isComplete);
}

void tst_Streams::logHasABoundOfEvents()
{
    Limits few = limits();
    few.logEvents = 10;
    QVERIFY(begin(1, few));
    Mark last;
    for (int i = 0; i < 25; ++i)
        last = publish(std::to_string(i));
    QCOMPARE(last.seq, 25u);
    QVERIFY(read({room, {last.epoch, 15}}).isComplete);
    QCOMPARE(read({room, {last.epoch, 15}}).entries.size(), 10u);
    QVERIFY(!read({room, {last.epoch, 14}}).isComplete);
}

void tst_Streams::logHasABoundOfBytes()
{
    Limits few = limits();
    few.logEvents = 100;
    few.logBytes = 10'000;
    QVERIFY(begin(1, few));
    Mark last;
    for (int i = 0; i < 20; ++i)
        last = publish(std::string(1'000, 'x'));
    QCOMPARE(read({room, {last.epoch, 1}}).entries.size(), 10u);
    last = publish(std::string(9'500, 'y'));
    QCOMPARE(read({room, {last.epoch, 1}}).entries.size(), 1u);
    for (int i = 0; i < 3; ++i)
        last = publish(std::string(200, 'z'));
    const Page page = read({room, {last.epoch, last.seq - 3}});
    QVERIFY(page.isComplete);
    QCOMPARE(page.entries.size(), 3u);
    last = publish(std::string(20'000, 'w'));
    QVERIFY(read({room, last}).isComplete);
    QVERIFY(!read({room, {last.epoch, last.seq - 1}}).isComplete);
    for (int i = 0; i < 150; ++i)
        last = publish("small");
    QCOMPARE(read({room, {last.epoch, 1}}).entries.size(), 100u);
}

void tst_Streams::latestEventsCanBeHadFromNowhere()
{
    QVERIFY(begin(1, limits()));
    for (int i = 0; i < 5; ++i)
        publish("event" + std::to_string(i));
    const Page page = read({room, {}, {}, 2});
    QVERIFY(page.isComplete);
    QCOMPARE(page.entries, (std::vector<Entry>{{4, "event3"}, {5, "event4"}}));
    QVERIFY(read({room}).entries.empty());
    QCOMPARE(read({room, {}, {}, 100}).entries.size(), 5u);
}

void tst_Streams::unkeptEventsAreHeardButNotRead()
{
    QVERIFY(begin(1, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    const Mark first = publish("kept");
    Emission emission{room, "not kept"};
    emission.isKept = false;
    QVERIFY(succeeded(publish(emission)));
    const Mark last = publish("kept");
    QCOMPARE(last.seq, first.seq + 2);
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 3; }));
    QVERIFY(!read({room, first}).isComplete);
    QVERIFY(read({room, {first.epoch, first.seq + 1}}).isComplete);
}

void tst_Streams::lostSubscriptionIsMadeUpFor()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    publish("1");
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 1; }));
    cluster->cutSubscriptions();
    publish("2");
    publish("3");
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 3; }));
    publish("4");
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 4; }));
    QCOMPARE(record->data, (std::vector<std::string>{"1", "2", "3", "4"}));
    QVERIFY(record->isWithoutGaps());
    QVERIFY(record->resets.empty());
}

void tst_Streams::subscriptionsThatAreCutAgainAndAgainLoseNothing()
{
    QVERIFY(begin(3, limits()));
    const auto one = listen(room, 1);
    const auto two = listen(room, 2);
    QVERIFY(one && two);
    for (int round = 1; round <= 10; ++round) {
        for (int i = 0; i < 20; ++i) {
            engine().publish({room, std::to_string(i)},
                             {cluster->context.get_executor(), [](const auto &) {}});
        }
        cluster->cutSubscriptions();
        const std::size_t count = static_cast<std::size_t>(round) * 20;
        QVERIFY(cluster->waitFor(
            [&] { return one->data.size() == count && two->data.size() == count; }));
    }
    QVERIFY(one->isWithoutGaps());
    QVERIFY(one->resets.empty());
    QCOMPARE(one->events, two->events);
}

void tst_Streams::emptyStoreBeginsANewLife()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    Mark before;
    for (int i = 0; i < 3; ++i)
        before = publish("old" + std::to_string(i));
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 3; }));
    cluster->restartEmpty();
    Mark after;
    QVERIFY(cluster->waitFor([&] { return (after = publish("new")).epoch != 0; }));
    QVERIFY(after.epoch != before.epoch);
    QVERIFY(cluster->waitFor([&] { return !record->resets.empty(); }));
    QCOMPARE(record->resets.front().epoch, after.epoch);
    QVERIFY(!read({room, before}).isComplete);
    publish("newer");
    QVERIFY(cluster->waitFor([&] { return record->data.back() == "newer"; }));
    QVERIFY(record->isWithoutGaps());
}

void tst_Streams::storeThatWasRolledBackBeginsANewLife()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    publish("1");
    cluster->remember();
    publish("2");
    const Mark before = publish("3");
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 3; }));
    cluster->rollBack();
    const Mark after = publish("another 2");
    QVERIFY(after.epoch != 0 && after.epoch != before.epoch);
    QVERIFY(cluster->waitFor([&] { return record->data.back() == "another 2"; }));
    QCOMPARE(record->resets.size(), 1u);
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> seen;
    for (const auto &[mark, data] : record->events)
        QVERIFY(seen.emplace(std::pair(mark.epoch, mark.seq), data).second);
    QVERIFY(!read({room, before}, 1).isComplete);
}

void tst_Streams::clientCanNotForgeANewLife()
{
    QVERIFY(begin(1, limits()));
    const Mark before = publish("event");
    const Page page = read({room, {before.epoch, 1'000}});
    QVERIFY(!page.isComplete);
    QCOMPARE(page.top, before);
    QCOMPARE(publish("next").epoch, before.epoch);
}

void tst_Streams::whoUnsubscribesHearsNothing()
{
    QVERIFY(begin(1, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    engine().unsubscribe(room);
    publish("unheard");
    const auto again = listen(room);
    QVERIFY(again);
    publish("heard");
    QVERIFY(cluster->waitFor([&] { return !again->data.empty(); }));
    QVERIFY(record->data.empty());
    QCOMPARE(again->data, std::vector<std::string>{"heard"});
}

void tst_Streams::whoSubscribesAgainAtOnceHearsAll()
{
    QVERIFY(begin(1, limits()));
    const auto other = listen({project, "other"});
    QVERIFY(other && listen(room));
    for (int i = 0; i < 5; ++i)
        engine().unsubscribe(room);
    const auto record = listen(room);
    QVERIFY(record);
    publish("heard");
    QVERIFY(cluster->waitFor([&] { return !record->data.empty(); }));
    QCOMPARE(record->data, std::vector<std::string>{"heard"});
    QCOMPARE(other->lists, 1); // nothing was cut for that
}

void tst_Streams::eventsToRecipientsHaveAStreamOfTheirProject()
{
    QVERIFY(begin(3, limits()));
    const StreamId direct{project};
    const auto one = listen(direct, 1);
    const auto two = listen(direct, 2);
    const auto other = listen(StreamId{"other"}, 2);
    const auto shard = listen(room, 2);
    QVERIFY(one && two && other && shard);
    QVERIFY(succeeded(publish({direct, "to somebody", "client", 1})));
    QVERIFY(cluster->waitFor([&] { return one->data.size() == 1 && two->data.size() == 1; }));
    publish("end");
    QVERIFY(cluster->waitFor([&] { return shard->data.size() == 1; }));
    QVERIFY(other->data.empty());
    QCOMPARE(shard->data, std::vector<std::string>{"end"});
}

void tst_Streams::anyBytesGoThrough()
{
    QVERIFY(begin(1, limits()));
    const auto record = listen(room);
    QVERIFY(record);
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    const std::string large(384'000, '\xff');
    for (const std::string &data : {bytes, std::string("\r\n$-1\r\n"), large, std::string()})
        QVERIFY(publish(data).seq > 0);
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 4; }));
    QCOMPARE(record->data[0], bytes);
    QCOMPARE(record->data[2], large);
    QCOMPARE(read({room, {}, {}, 4}).entries[0].data, bytes);
}

void tst_Streams::pausedStoreEndsCallsInTimeAndHeals()
{
    const Limits limits = shortLeases();
    QVERIFY(begin(2, limits));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(publish("before").seq > 0);
    cluster->pause();
    const TimePoint since = cluster->now();
    TimePoint ended;
    engine().publish({room, "held", "client", 1},
                     {cluster->context.get_executor(), [&](const Outcome<Published> &outcome) {
                          if (failedWith(outcome, Failure::Unavailable))
                              ended = cluster->now();
                      }});
    QVERIFY(cluster->waitFor([&] { return ended != TimePoint(); }));
    QVERIFY(ended - since >= limits.callTime - milliseconds(20));
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > milliseconds(3'000); }));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return succeeded(publish({room, "held", "client", 1})); }));
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 2; }));
    QCOMPARE(record->data, (std::vector<std::string>{"before", "held"}));
    QVERIFY(record->resets.empty());
}

void tst_Streams::eventThatEndedAsUnavailableDoesNotComeLater()
{
    QVERIFY(begin(1, shortLeases()));
    const auto record = listen(room);
    QVERIFY(record);
    cluster->pause();
    for (int i = 0; i < 3; ++i)
        QVERIFY(failedWith(publish({room, "late"}), Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return publish("in time").seq > 0; }));
    QVERIFY(cluster->waitFor([&] { return !record->data.empty(); }));
    QCOMPARE(record->data, std::vector<std::string>{"in time"});
}

void tst_Streams::callsThatAreTooManyEndAtOnce()
{
    Limits few = shortLeases();
    few.outstanding = 50;
    QVERIFY(begin(1, few));
    cluster->pause();
    int busy = 0;
    int unavailable = 0;
    for (int i = 0; i < 200; ++i) {
        engine().publish({room, "event"},
                         {cluster->context.get_executor(), [&](const Outcome<Published> &outcome) {
                              busy += failedWith(outcome, Failure::Busy) ? 1 : 0;
                              unavailable += failedWith(outcome, Failure::Unavailable) ? 1 : 0;
                          }});
    }
    QVERIFY(cluster->waitFor([&] { return busy >= 150; }));
    QVERIFY(cluster->waitFor([&] { return busy + unavailable == 200; }));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return publish("event").seq > 0; }));
}

void tst_Streams::closedNodeEndsItsCalls()
{
    QVERIFY(begin(1, limits()));
    cluster->pause();
    int ended = 0;
    for (int i = 0; i < 10; ++i) {
        engine().publish({room, "event"},
                         {cluster->context.get_executor(), [&](const Outcome<Published> &outcome) {
                              ended += failedWith(outcome, Failure::Unavailable) ? 1 : 0;
                          }});
    }
    kill(0);
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return ended == 10; }));
}

void tst_Streams::fencedNodePublishesNothing()
{
    QVERIFY(begin(2, shortLeases()));
    const auto record = listen(room, 1);
    QVERIFY(record);
    QVERIFY(!shardOf("a", "room").empty());
    cluster->pause();
    QVERIFY(cluster->waitFor([&] { return nodes[0]->heard->isFenced; }));
    QVERIFY(!engine().holdsLease());
    QVERIFY(failedWith(publish({room, "fenced"}), Failure::Fenced));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->isFenced; }));
    QVERIFY(engine().holdsLease());
    QVERIFY(publish("free").seq > 0);
    QVERIFY(cluster->waitFor([&] { return !record->data.empty(); }));
    QCOMPARE(record->data, std::vector<std::string>{"free"});
}

QTEST_GUILESS_MAIN(tst_Streams)
#include "tst_streams.moc"
