// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "statemap_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Refused = std::optional<Refusal>;
Q_DECLARE_METATYPE(Refused)

/// What is decided about changes of the shared state, by the server and by the test kit's alike.
class tst_StateMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wishesHaveBounds_data();
    void wishesHaveBounds();
    void aWishIsTold();
    void changesDependOnWhatIsThere_data();
    void changesDependOnWhatIsThere();
    void roomIsCounted();
    void whatIsKeptIsToldWhole();
    void keysEndOnce();
};

namespace {

constexpr StateBounds Bounds{.keys = 2, .keyBytes = 3, .valueBytes = 4, .bytes = 9, .ttlMs = 50};
const StateMap::TimePoint Now{1h};

bool isThere(const std::string &clientId)
{
    return clientId == "ann";
}

/// One key, "a", that Ann has set by the event 7.
StateMap annsKey(bool isOwned)
{
    StateMap map;
    map.set("a", {7, "ann", "user:1", isOwned, std::nullopt, 2, "entry"});
    return map;
}

} // namespace

void tst_StateMap::wishesHaveBounds_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<int>("keys");
    QTest::addColumn<Refused>("refused");
    const auto row = [](const char *name, const char *payload, Refused refused, int keys = 2) {
        QTest::newRow(name) << QByteArray(payload) << keys << refused;
    };
    row("as much as there may be", R"({"key":"abc","value":1234,"ttlMs":50})", {});
    row("removed", R"({"key":"abc"})", {});
    row("no object", "1", Refusal::BadState);
    row("no key", R"({"value":1})", Refusal::BadState);
    row("a long key", R"({"key":"abcd","value":1})", Refusal::StateTooBig);
    row("a long value", R"({"key":"a","value":12345})", Refusal::StateTooBig);
    row("a long time", R"({"key":"a","value":1,"ttlMs":51})", Refusal::BadState);
    row("no state", R"({"key":"a","value":1})", Refusal::StateNotKept, 0);
}

void tst_StateMap::wishesHaveBounds()
{
    QFETCH(QByteArray, payload);
    QFETCH(int, keys);
    QFETCH(Refused, refused);
    StateBounds bounds = Bounds;
    bounds.keys = std::size_t(keys);
    const std::string text = payload.toStdString();
    const auto read = readStateWish(text, bounds);
    const auto *fault = std::get_if<StateFault>(&read);
    QCOMPARE(fault ? Refused(fault->refusal) : Refused(), refused);
}

void tst_StateMap::aWishIsTold()
{
    const StateWish set{.key = "a", .value = "1", .ttlMs = 40, .isOwned = true, .ifSeq = 3};
    const StateItem item = stateItem(set, 1'000);
    QVERIFY(item.isOwned);
    QCOMPARE(item.expiresAt, std::int64_t(1'040));
    const StateChange change = stateChange(set, "ann", "user:1", Bounds);
    QVERIFY(change.isSet && change.isOwned && !change.isByServer());
    QCOMPARE(change.life, 40ms);
    QCOMPARE(change.bytes, std::size_t(2));
    QCOMPARE(change.ifSeq, std::optional<std::uint64_t>(3));
    // Nobody owns what is not there.
    const StateWish removed{.key = "a", .value = {}, .ttlMs = 40, .isOwned = true};
    QVERIFY(!stateItem(removed, 1'000).isOwned);
    QCOMPARE(stateItem(removed, 1'000).expiresAt, std::int64_t(0));
    QVERIFY(!stateChange(removed, "ann", {}, Bounds).isSet);
}

void tst_StateMap::changesDependOnWhatIsThere_data()
{
    QTest::addColumn<bool>("isOwned");
    QTest::addColumn<QString>("clientId");
    QTest::addColumn<QString>("userId");
    QTest::addColumn<int>("ifSeq");
    QTest::addColumn<bool>("ifOwnerIsGone");
    QTest::addColumn<Refused>("refused");
    const auto row = [](const char *name, bool isOwned, const char *client, const char *user,
                        int ifSeq, bool ifOwnerIsGone, Refused refused) {
        QTest::newRow(name) << isOwned << QString::fromUtf8(client) << QString::fromUtf8(user)
                            << ifSeq << ifOwnerIsGone << refused;
    };
    row("anybody's", false, "bob", "", -1, false, {});
    row("its owner", true, "ann", "", -1, false, {});
    row("its owner's user", true, "bob", "user:1", -1, false, {});
    row("somebody else", true, "bob", "user:2", -1, false, Refusal::StateOwned);
    row("nobody's user", true, "bob", "", -1, false, Refusal::StateOwned);
    row("the server", true, "", "", -1, false, {});
    row("as it was", false, "bob", "", 7, false, {});
    row("changed since", false, "bob", "", 6, false, Refusal::StateChanged);
    row("not there, but it is", false, "bob", "", 0, false, Refusal::StateChanged);
    row("its owner is there", true, "", "", -1, true, Refusal::StateChanged);
    row("it has no owner", false, "", "", -1, true, Refusal::StateChanged);
}

void tst_StateMap::changesDependOnWhatIsThere()
{
    QFETCH(bool, isOwned);
    QFETCH(QString, clientId);
    QFETCH(QString, userId);
    QFETCH(int, ifSeq);
    QFETCH(bool, ifOwnerIsGone);
    QFETCH(Refused, refused);
    StateChange change;
    change.key = "a";
    change.clientId = clientId.toStdString();
    change.userId = userId.toStdString();
    if (ifSeq >= 0)
        change.ifSeq = std::uint64_t(ifSeq);
    change.ifOwnerIsGone = ifOwnerIsGone;
    QCOMPARE(annsKey(isOwned).refusalOf(change, isThere), refused);
}

void tst_StateMap::roomIsCounted()
{
    StateMap map = annsKey(false);
    const auto refused = [&map](const std::string &key, std::string_view value) {
        const StateWish wish{.key = key, .value = value};
        return map.refusalOf(stateChange(wish, "bob", {}, Bounds), isThere);
    };
    QCOMPARE(refused("b", "123456"), Refused());
    QCOMPARE(refused("b", "1234567"), Refused(Refusal::StateFull));
    map.set("b", {8, "bob", {}, false, std::nullopt, 2, "entry"});
    QCOMPARE(refused("c", "1"), Refused(Refusal::StateFull));
    // What takes the place of something has its room.
    QCOMPARE(refused("a", "123456"), Refused());
    map.remove("b");
    QCOMPARE(refused("c", "1"), Refused());
}

void tst_StateMap::whatIsKeptIsToldWhole()
{
    StateMap map;
    EventDetails details;
    details.seq = 7;
    details.from = "ann";
    details.time = 1;
    for (const char *key : {"b", "a"}) {
        const StateItem item{key, "1", true};
        map.keep(item, statePayload(item), details, std::nullopt);
    }
    const std::string whole = map.whole(9);
    const auto told = readWholeState(whole);
    QVERIFY(told);
    QCOMPARE(told->seq, std::uint64_t(9));
    QCOMPARE(told->items.size(), std::size_t(2));
    QCOMPARE(told->items[0].key, std::string("a"));
    QCOMPARE(told->items[0].from, std::string("ann"));
    QCOMPARE(map.ownedBy("ann"), (std::vector<std::string>{"a", "b"}));
    map.keep({"a", {}}, statePayload({"a", {}}), details, std::nullopt);
    QCOMPARE(map.ownedBy("ann"), std::vector<std::string>{"b"});
}

void tst_StateMap::keysEndOnce()
{
    StateMap map;
    map.set("late", {1, "ann", {}, false, Now + 2s, 1, {}});
    map.set("soon", {1, "ann", {}, false, Now + 1s, 1, {}});
    QCOMPARE(map.nextEnd(), std::optional(Now + 1s));
    QVERIFY(map.takeEnded(Now).empty());
    QCOMPARE(map.takeEnded(Now + 1s), std::vector<std::string>{"soon"});
    // It is there until it is removed, and not told of again.
    QVERIFY(map.find("soon"));
    QCOMPARE(map.nextEnd(), std::optional(Now + 2s));
    map.remove("late");
    QCOMPARE(map.nextEnd(), std::optional<StateMap::TimePoint>());
}

QTEST_GUILESS_MAIN(tst_StateMap)
#include "tst_statemap.moc"
