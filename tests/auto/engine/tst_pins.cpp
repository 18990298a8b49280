// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_Pins : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void pinsAreFoundByAllNodesAndSaidInTheStream();
    void pinTakesThePlaceOfOneOfTheSameName();
    void pinThatIsTakenDownIsGone();
    void pinsEndWithTheirTime();
    void projectHasNoMorePinsThanItMayHave();
    void projectsShareNoPins();
    void listSaysUpToWhereItGoes();
    void manyPinsAtOnceAreAllThere();
    void nothingIsPinnedWhileTheStoreIsAway();

private:
    using Names = std::map<std::string, std::string>;

    Outcome<Pinned> pin(const Pin &pin, std::size_t most = 10, std::size_t node = 0,
                        const std::string &ofProject = "project")
    {
        return cluster->await<Pinned>([&](Reply<Pinned> reply) {
            engine(node).pin({{ofProject}, "pinned " + pin.name}, pin, most, std::move(reply));
        });
    }
    PinList list(std::size_t node = 0, const std::string &ofProject = "project")
    {
        const auto outcome = cluster->await<PinList>(
            [&](Reply<PinList> reply) { engine(node).pins(ofProject, std::move(reply)); });
        const auto *list = std::get_if<PinList>(&outcome);
        return list ? *list : PinList{{}, {{"unknown", {}, {}}}};
    }
    Names names(std::size_t node = 0, const std::string &ofProject = "project")
    {
        Names names;
        for (const Pin &pin : list(node, ofProject).pins)
            names[pin.name] = pin.data;
        return names;
    }

    static constexpr milliseconds Long = std::chrono::minutes(5);
};

void tst_Pins::pinsAreFoundByAllNodesAndSaidInTheStream()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen({project}, 1);
    QVERIFY(record);
    const auto ann = pin({"users/ann", "why: \xff\n", Long});
    QVERIFY(succeeded(ann));
    QVERIFY(!std::get<Pinned>(ann).wasThere);
    QCOMPARE(names(1), (Names{{"users/ann", "why: \xff\n"}}));
    const milliseconds left = list(1).pins.front().life;
    QVERIFY(left > Long / 2 && left <= Long);
    QVERIFY(cluster->waitFor([&] { return !record->events.empty(); }));
    QCOMPARE(record->data, std::vector<std::string>{"pinned users/ann"});
    QCOMPARE(record->events.front().first, std::get<Pinned>(ann).mark);
}

void tst_Pins::pinTakesThePlaceOfOneOfTheSameName()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(pin({"a", "1", Long})));
    const auto again = pin({"a", "2", Long * 2}, 10, 1);
    QVERIFY(succeeded(again));
    QVERIFY(std::get<Pinned>(again).wasThere);
    QCOMPARE(names(), (Names{{"a", "2"}}));
    QVERIFY(list().pins.front().life > Long);
}

void tst_Pins::pinThatIsTakenDownIsGone()
{
    QVERIFY(begin(2, limits()));
    QVERIFY(succeeded(pin({"a", "1", Long})));
    QVERIFY(succeeded(pin({"b", "2", Long})));
    const auto gone = pin({"a", {}, {}}, 10, 1);
    QVERIFY(succeeded(gone));
    QVERIFY(std::get<Pinned>(gone).wasThere);
    QCOMPARE(names(), (Names{{"b", "2"}}));
    const auto again = pin({"a", {}, {}});
    QVERIFY(succeeded(again));
    QVERIFY(!std::get<Pinned>(again).wasThere);
}

void tst_Pins::pinsEndWithTheirTime()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(pin({"long", "1", Long})));
    QVERIFY(succeeded(pin({"short", "2", milliseconds(300)})));
    QVERIFY(cluster->waitFor([&] { return names() == Names{{"long", "1"}}; }));
    const auto next = pin({"short", "3", Long});
    QVERIFY(succeeded(next));
    QVERIFY(!std::get<Pinned>(next).wasThere);
    QCOMPARE(names(), (Names{{"long", "1"}, {"short", "3"}}));
}

void tst_Pins::projectHasNoMorePinsThanItMayHave()
{
    QVERIFY(begin(2, limits()));
    const auto record = listen({project}, 1);
    QVERIFY(record);
    QVERIFY(succeeded(pin({"a", {}, Long}, 2)));
    QVERIFY(succeeded(pin({"b", {}, Long}, 2)));
    QVERIFY(failedWith(pin({"c", {}, Long}, 2, 1), Failure::TooManyPins));
    QVERIFY(succeeded(pin({"a", "changed", Long}, 2)));
    // What is over takes no place.
    QVERIFY(succeeded(pin({"b", {}, milliseconds(300)}, 2)));
    QVERIFY(cluster->waitFor([&] { return succeeded(pin({"c", {}, Long}, 2)); }));
    QVERIFY(failedWith(pin({"d", {}, Long}, 2), Failure::TooManyPins));
    QVERIFY(succeeded(pin({"c", {}, {}}, 2)));
    QVERIFY(succeeded(pin({"d", {}, Long}, 2)));
    QCOMPARE(names(), (Names{{"a", "changed"}, {"d", {}}}));
    // What was refused was not said.
    QVERIFY(cluster->waitFor(
        [&] { return !record->data.empty() && record->data.back() == "pinned d"; }));
    QCOMPARE(std::ranges::count(record->data, "pinned d"), 1);
}

void tst_Pins::projectsShareNoPins()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(succeeded(pin({"a", "1", Long})));
    QVERIFY(succeeded(pin({"a", "2", Long}, 10, 0, "another")));
    QCOMPARE(names(), (Names{{"a", "1"}}));
    QCOMPARE(names(0, "another"), (Names{{"a", "2"}}));
    QCOMPARE(names(0, "third"), Names());
}

void tst_Pins::listSaysUpToWhereItGoes()
{
    QVERIFY(begin(2, limits()));
    const auto first = pin({"a", "1", Long});
    QVERIFY(succeeded(first));
    QCOMPARE(list(1).top, std::get<Pinned>(first).mark);
    QVERIFY(succeeded(publish({{project}, "event"}, 1)));
    const auto second = pin({"b", "2", Long});
    QVERIFY(succeeded(second));
    QCOMPARE(std::get<Pinned>(second).mark.seq, std::get<Pinned>(first).mark.seq + 2);
    QCOMPARE(list(1).top, std::get<Pinned>(second).mark);
}

void tst_Pins::manyPinsAtOnceAreAllThere()
{
    QVERIFY(begin(2, limits()));
    constexpr std::size_t Many = 300;
    std::vector<std::optional<Outcome<Pinned>>> outcomes(Many + 10);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        engine(i % 2).pin({{project}, "event"}, {std::to_string(i), "data", Long}, Many,
                          cluster->into(outcomes[i]));
    const auto has = [](const auto &outcome) { return outcome.has_value(); };
    QVERIFY(cluster->waitFor([&] { return std::ranges::all_of(outcomes, has); }));
    QCOMPARE(std::ranges::count_if(
                 outcomes, [](const auto &one) { return failedWith(*one, Failure::TooManyPins); }),
             10);
    QCOMPARE(list(1).pins.size(), Many);
}

void tst_Pins::nothingIsPinnedWhileTheStoreIsAway()
{
    Limits limits = shortLeases();
    limits.lease = std::chrono::minutes(5);
    QVERIFY(begin(1, limits));
    QVERIFY(succeeded(pin({"a", "1", Long})));
    cluster->pause();
    QVERIFY(failedWith(pin({"b", "2", Long}), Failure::Unavailable));
    QVERIFY(failedWith(cluster->await<PinList>(
                           [&](Reply<PinList> reply) { engine().pins(project, std::move(reply)); }),
                       Failure::Unavailable));
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return names() == Names{{"a", "1"}}; }));
}

QTEST_GUILESS_MAIN(tst_Pins)
#include "tst_pins.moc"
