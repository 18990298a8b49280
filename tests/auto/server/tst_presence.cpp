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
    void changesAreKeptFromWhenTheyAreWished();
    void changesAreWhatBecameDifferent_data();
    void changesAreWhatBecameDifferent();
    void whoComesBackBeforeItIsToldHasNotLeft();
    void whoMovesIsNoChange();
    void revisionCountsWhatIsTold();
    void longDifferencesLoseUserInfos();
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
    presence.announce(Start);
    QVERIFY(!presence.due());
    presence.join(&ben);
    presence.setUserInfo(ben, "\"n\":1");
    QCOMPARE(*presence.due(), Start + Interval);
    QCOMPARE(presence.unannounced(), 2);
    presence.announce(Start + Interval);
    QVERIFY(!presence.due());
    QCOMPARE(presence.unannounced(), 0);
    presence.leave(&ben);
    QCOMPARE(*presence.due(), Start + 2 * Interval);
}

void tst_Presence::identicalUserInfoIsNoChange()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    QVERIFY(presence.setUserInfo(ann, "\"n\":1"));
    presence.announce(Start);
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
    QCOMPARE(presence.list(Unlimited).json, std::string(R"({"a":{"userId":"u","lastPing":5}})"));
    QVERIFY(!presence.setUserId(ann, "u"));
    QVERIFY(presence.setUserId(ann, {}));
    QCOMPARE(presence.list(Unlimited).json, std::string(R"({"a":{"lastPing":5}})"));
}

void tst_Presence::lastPingIsNoChange()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    presence.announce(Start);
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
    QCOMPARE(presence.list(Unlimited).json,
             std::string(R"({"a":{"n":1.0,"lastPing":1},"b":{"lastPing":2}})"));
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
    const PresenceText text = presence.list(maxBytes);
    const QByteArray list = QByteArray::fromStdString(text.json);
    QCOMPARE(list.count("xxx\""), infos);
    QCOMPARE(list.count("\"truncated\":true"), 4 - infos);
    QCOMPARE(list.count("lastPing"), 4);
    QCOMPARE(text.isTruncated, infos < 4);
    QVERIFY(std::size_t(list.size()) <= std::max(maxBytes, std::size_t(400)));
}

void tst_Presence::changesAreKeptFromWhenTheyAreWished()
{
    Presence presence(Interval);
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    QVERIFY(presence.announce(Start).isEmpty());
    presence.setUserInfo(ann, "\"n\":1");
    QVERIFY(presence.announce(Start).isEmpty());
    presence.keepChanges();
    presence.setUserInfo(ann, "\"n\":2");
    QCOMPARE(presence.announce(Start).changed.size(), std::size_t(1));
}

void tst_Presence::changesAreWhatBecameDifferent_data()
{
    // j: Ben joins; i: he says something of himself; u: he is identified; l: he leaves; a: all are
    // told.
    QTest::addColumn<QByteArray>("steps");
    QTest::addColumn<QByteArray>("differences");
    const QByteArray ben = R"({"b":{"lastPing":0}})";
    QTest::newRow("joined") << QByteArray("j") << R"({"revision":1,"joined":)" + ben + "}";
    QTest::newRow("joined, with what was said since")
        << QByteArray("jiu")
        << QByteArray(R"({"revision":1,"joined":{"b":{"n":1,"userId":"u","lastPing":0}}})");
    QTest::newRow("came and went")
        << QByteArray("jil") << QByteArray(R"({"revision":1,"left":["b"]})");
    QTest::newRow("changed twice")
        << QByteArray("jaiu")
        << QByteArray(R"({"revision":2,"changed":{"b":{"n":1,"userId":"u","lastPing":0}}})");
    QTest::newRow("left") << QByteArray("jal") << QByteArray(R"({"revision":2,"left":["b"]})");
    QTest::newRow("changed and left")
        << QByteArray("jail") << QByteArray(R"({"revision":2,"left":["b"]})");
    QTest::newRow("told already") << QByteArray("jaiala") << QByteArray(R"({"revision":3})");
}

void tst_Presence::changesAreWhatBecameDifferent()
{
    QFETCH(QByteArray, steps);
    QFETCH(QByteArray, differences);
    Presence presence(Interval);
    presence.keepChanges();
    Person ben{"b", {}, {}, 0};
    for (const char step : steps) {
        if (step == 'j')
            presence.join(&ben);
        else if (step == 'i')
            presence.setUserInfo(ben, "\"n\":1");
        else if (step == 'u')
            presence.setUserId(ben, "u");
        else if (step == 'l')
            presence.leave(&ben);
        else
            presence.announce(Start);
    }
    const PresenceChanges changes = presence.announce(Start);
    QCOMPARE(QByteArray::fromStdString(
                 Dispatch::differences(presence.revision(), changes, Unlimited).json),
             differences);
}

void tst_Presence::whoComesBackBeforeItIsToldHasNotLeft()
{
    Presence presence(Interval);
    presence.keepChanges();
    Person ann{"a", {}, {}, 0};
    presence.join(&ann);
    presence.announce(Start);
    presence.leave(&ann);
    Person again{"a", {}, {}, 0};
    presence.join(&again);
    const PresenceChanges changes = presence.announce(Start + Interval);
    QVERIFY(changes.left.empty());
    QVERIFY(changes.joined.empty());
    QCOMPARE(changes.changed, std::vector<const Person *>{&again});
}

void tst_Presence::whoMovesIsNoChange()
{
    Presence presence(Interval);
    presence.keepChanges();
    Person here{"a", "\"n\":1", {}, 0};
    presence.join(&here);
    presence.announce(Start);
    Person there{"a", "\"n\":1", {}, 5};
    presence.replace(&here, &there);
    QVERIFY(!presence.due());
    Person other{"a", "\"n\":2", {}, 5};
    presence.replace(&there, &other);
    const PresenceChanges changes = presence.announce(Start + Interval);
    QCOMPARE(changes.changed, std::vector<const Person *>{&other});
    // Also who was not announced yet.
    Person ben{"b", {}, {}, 0};
    presence.join(&ben);
    Person benThere{"b", {}, {}, 0};
    presence.replace(&ben, &benThere);
    QCOMPARE(presence.announce(Start + 2 * Interval).joined,
             std::vector<const Person *>{&benThere});
}

void tst_Presence::revisionCountsWhatIsTold()
{
    Presence presence(Interval);
    presence.keepChanges();
    Person ann{"a", {}, {}, 0};
    Person ben{"b", {}, {}, 0};
    presence.join(&ann);
    presence.join(&ben);
    presence.announce(Start);
    QCOMPARE(presence.revision(), std::uint64_t(1));
    presence.announce(Start);
    QCOMPARE(presence.revision(), std::uint64_t(1));
    presence.leave(&ben);
    presence.announce(Start);
    QCOMPARE(presence.revision(), std::uint64_t(2));
}

void tst_Presence::longDifferencesLoseUserInfos()
{
    Presence presence(Interval);
    presence.keepChanges();
    const std::string info = "\"n\":\"" + std::string(994, 'x') + "\"";
    Person ann{"a", {}, {}, 0};
    Person ben{"b", info, {}, 0};
    presence.join(&ann);
    presence.announce(Start);
    presence.setUserInfo(ann, info);
    presence.join(&ben);
    const PresenceText text = differences(presence.revision(), presence.announce(Start), 1'500);
    const QByteArray payload = QByteArray::fromStdString(text.json);
    QVERIFY(text.isTruncated);
    QCOMPARE(payload.count("xxx\""), 1);
    QCOMPARE(payload.count("\"a\":{\"truncated\":true,\"lastPing\":0}"), 1);
}

QTEST_APPLESS_MAIN(tst_Presence)
#include "tst_presence.moc"
