// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_Presence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emptyShardTellsNobody();
    void firstChangeIsToldAtOnce();
    void laterChangesWaitForTheInterval();
    void identicalUserInfoIsNoChange();
    void userIdIsShownAndCleared();
    void lastPingIsNoChange();
    void listNamesAllInTheOrderOfJoining();
    void longListLosesUserInfos_data();
    void longListLosesUserInfos();
};

namespace {

const TimePoint Start{milliseconds(1'000'000)};
constexpr milliseconds Interval{100};
constexpr std::size_t Unlimited = 1'000'000;

} // namespace

void tst_Presence::emptyShardTellsNobody()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    presence.leave(&ann);
    QVERIFY(!presence.due());
}

void tst_Presence::firstChangeIsToldAtOnce()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    QVERIFY(presence.due() && *presence.due() <= Start);
}

void tst_Presence::laterChangesWaitForTheInterval()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    Person ben{"b", {}, {}, 0};
    presence.join(&ann);
    presence.announce(Start, Unlimited);
    QVERIFY(!presence.due());
    presence.join(&ben);
    presence.setUserInfo(ben, "\"n\":1");
    QCOMPARE(*presence.due(), Start + Interval);
    presence.announce(Start + Interval, Unlimited);
    QVERIFY(!presence.due());
    presence.leave(&ben);
    QCOMPARE(*presence.due(), Start + 2 * Interval);
}

void tst_Presence::identicalUserInfoIsNoChange()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    QVERIFY(presence.setUserInfo(ann, "\"n\":1"));
    presence.announce(Start, Unlimited);
    QVERIFY(!presence.setUserInfo(ann, "\"n\":1"));
    QVERIFY(!presence.due());
    QVERIFY(presence.setUserInfo(ann, "\"n\":2"));
    QVERIFY(presence.due());
}

void tst_Presence::userIdIsShownAndCleared()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 5};
    presence.join(&ann);
    QVERIFY(presence.setUserId(ann, "u"));
    QCOMPARE(presence.announce(Start, Unlimited),
             std::string(R"({"connectedClients":{"a":{"userId":"u","lastPing":5}}})"));
    QVERIFY(!presence.setUserId(ann, "u"));
    QVERIFY(presence.setUserId(ann, {}));
    QCOMPARE(presence.announce(Start, Unlimited),
             std::string(R"({"connectedClients":{"a":{"lastPing":5}}})"));
}

void tst_Presence::lastPingIsNoChange()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    presence.announce(Start, Unlimited);
    ann.lastPing = 77;
    QVERIFY(!presence.due());
}

void tst_Presence::listNamesAllInTheOrderOfJoining()
{
    Presence presence(Interval);
    Person ann{"a", "\"n\":1.0", {}, 1};
    Person ben{"b", {}, {}, 2};
    Person cem{"c", {}, {}, 3};
    for (Person *person : {&cem, &ann, &ben})
        presence.join(person);
    presence.leave(&cem);
    QCOMPARE(
        presence.announce(Start, Unlimited),
        std::string(R"({"connectedClients":{"a":{"n":1.0,"lastPing":1},"b":{"lastPing":2}}})"));
}

void tst_Presence::longListLosesUserInfos_data()
{
    QTest::addColumn<std::size_t>("maxBytes");
    QTest::addColumn<int>("infos");
    // With a little room for ids and times.
    QTest::newRow("room for all") << std::size_t(4'400) << 4;
    QTest::newRow("room for three") << std::size_t(4'000) << 3;
    QTest::newRow("room for one") << std::size_t(1'400) << 1;
    QTest::newRow("room for none") << std::size_t(1'000) << 0;
    QTest::newRow("no room at all") << std::size_t(1) << 0;
}

void tst_Presence::longListLosesUserInfos()
{
    QFETCH(std::size_t, maxBytes);
    QFETCH(int, infos);
    std::vector<Person> people(4);
    Presence presence(Interval);
    for (std::size_t i = 0; i < people.size(); ++i) {
        people[i].clientId = std::to_string(i);
        people[i].userInfoFields = "\"n\":\"" + std::string(994, 'x') + "\"";
        presence.join(&people[i]);
    }
    const QByteArray list = QByteArray::fromStdString(presence.announce(Start, maxBytes));
    QCOMPARE(list.count("xxx\""), infos);
    QCOMPARE(list.count("\"truncated\":true"), 4 - infos);
    QCOMPARE(list.count("lastPing"), 4);
    QCOMPARE(presence.isTruncated(), infos < 4);
    QVERIFY(std::size_t(list.size()) <= std::max(maxBytes, std::size_t(400)));
}

QTEST_APPLESS_MAIN(tst_Presence)
#include "tst_presence.moc"
