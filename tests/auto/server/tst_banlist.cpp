// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "banlist_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;
using Kind = BanList::Kind;

namespace {

constexpr BanList::Limits Most{3, 3};
constexpr BanList::Limits One{1, 1};
constexpr BanList::Limits Many{10, 10};
const TimePoint Start = TimePoint() + std::chrono::hours(1);

BanList::Ban ban(Kind kind, const char *name, int seconds = 10, const char *reason = "")
{
    return {kind, name, reason, Start + std::chrono::seconds(seconds)};
}

QByteArray names(const std::vector<BanList::Ban> &bans)
{
    QByteArrayList list;
    for (const BanList::Ban &entry : bans)
        list.append(QByteArray::fromStdString(BanList::position(entry)));
    return list.join(' ');
}

} // namespace

class tst_BanList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holdsUntilItsTime()
    {
        BanList list;
        QVERIFY(list.put("p", ban(Kind::User, "ann", 10, "spam"), Start, Most));
        const auto found =
            list.find("p", Kind::User, "ann", Start + std::chrono::milliseconds(9'999));
        QVERIFY(found);
        QCOMPARE(found->reason, std::string("spam"));
        QVERIFY(!list.find("p", Kind::User, "ann", Start + std::chrono::seconds(10)));
    }

    void holdsForWhomItNames()
    {
        BanList list;
        QVERIFY(list.put("p", ban(Kind::User, "ann"), Start, Most));
        QVERIFY(!list.find("q", Kind::User, "ann", Start));
        QVERIFY(!list.find("p", Kind::Address, "ann", Start));
        QVERIFY(!list.find("p", Kind::User, "an", Start));
    }

    void forgetsAProjectAsAWhole()
    {
        BanList list;
        for (const char *name : {"ann", "ben"}) {
            QVERIFY(list.put("p", ban(Kind::User, name), Start, Many));
            QVERIFY(list.put("q", ban(Kind::User, name), Start, Many));
        }
        list.clear("p");
        list.clear("nobody's");
        QCOMPARE(names(list.list("p", {}, 10, Start)), QByteArray());
        QCOMPARE(names(list.list("q", {}, 10, Start)), QByteArray("users/ann users/ben"));
        QCOMPARE(list.size(), std::size_t(2));
        QVERIFY(list.put("p", ban(Kind::User, "ann"), Start, Many));
    }

    void laterBanReplacesTheEarlier()
    {
        BanList list;
        QVERIFY(list.put("p", ban(Kind::User, "ann", 10, "one"), Start, One));
        QVERIFY(list.put("p", ban(Kind::User, "ann", 1, "two"), Start, One));
        QCOMPARE(list.find("p", Kind::User, "ann", Start)->reason, std::string("two"));
        QCOMPARE(list.size(), std::size_t(1));
    }

    void canBeTakenBack()
    {
        BanList list;
        QVERIFY(list.put("p", ban(Kind::User, "ann"), Start, Most));
        QVERIFY(!list.remove("q", Kind::User, "ann", Start));
        QVERIFY(list.remove("p", Kind::User, "ann", Start));
        QVERIFY(!list.remove("p", Kind::User, "ann", Start));
        QVERIFY(list.put("p", ban(Kind::User, "ann"), Start, Most));
        QVERIFY(!list.remove("p", Kind::User, "ann", Start + std::chrono::seconds(10)));
    }

    void isBounded()
    {
        BanList list;
        for (const char *name : {"a", "b", "c"})
            QVERIFY(list.put("p", ban(Kind::User, name), Start, Most));
        QVERIFY(!list.put("p", ban(Kind::User, "d"), Start, Most));
        QVERIFY(list.put("p", ban(Kind::User, "d", 60), Start + std::chrono::seconds(10), Most));
        QCOMPARE(list.size(), std::size_t(1));
    }

    void oneProjectLeavesRoomForOthers()
    {
        constexpr BanList::Limits Few{2, 3};
        BanList list;
        QVERIFY(list.put("p", ban(Kind::User, "a"), Start, Few));
        QVERIFY(list.put("p", ban(Kind::User, "b"), Start, Few));
        QVERIFY(!list.put("p", ban(Kind::User, "c"), Start, Few));
        QVERIFY(list.put("p", ban(Kind::User, "b", 20), Start, Few));
        QVERIFY(list.put("q", ban(Kind::User, "c"), Start, Few));
        QVERIFY(!list.put("q", ban(Kind::User, "d"), Start, Few));
        QVERIFY(list.remove("p", Kind::User, "b", Start));
        QVERIFY(list.put("q", ban(Kind::User, "d"), Start, Few));
        QCOMPARE(list.size(), std::size_t(3));
    }

    void isListedInParts()
    {
        BanList list;
        for (const char *name : {"c", "a", "b"})
            QVERIFY(list.put("p", ban(Kind::User, name), Start, Many));
        QVERIFY(list.put("p", ban(Kind::Address, "::1"), Start, Many));
        QVERIFY(list.put("p", ban(Kind::User, "over", 0), Start, Many));
        QVERIFY(list.put("o", ban(Kind::User, "a"), Start, Many));
        QVERIFY(list.put("q", ban(Kind::User, "z"), Start, Many));
        QCOMPARE(names(list.list("p", {}, 10, Start)), "addresses/::1 users/a users/b users/c");
        QCOMPARE(names(list.list("p", {}, 2, Start)), "addresses/::1 users/a");
        QCOMPARE(names(list.list("p", "users/a", 2, Start)), "users/b users/c");
        QCOMPARE(names(list.list("p", "users/c", 2, Start)), "");
    }
};

QTEST_APPLESS_MAIN(tst_BanList)
#include "tst_banlist.moc"
