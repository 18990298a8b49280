// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "presence_p.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using Dispatch::Presence;
using Update = Presence::Update;

namespace {

QString tell(const Presence &presence)
{
    QStringList told;
    for (const DispatchConnectedClient &client : presence.clients()) {
        told.append(client.clientId + u'=' + client.userInfo["n"_L1].toString()
                    + (client.isSelf ? u"!"_s : QString()));
    }
    return told.join(u' ');
}

} // namespace

/// The list of people, from whole lists and from differences.
class tst_PeopleList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWholeListIsTaken();
    void whoStaysKeepsThePlace();
    void onlyWhatChangedIsDecoded();
    void aGreetingHasAWholeList();
    void differencesAreApplied_data();
    void differencesAreApplied();
    void aDifferenceThatIsNotTheNextIsRefused();
    void whatIsTooLongIsIgnored();
    void aFullListIsNotTooLong();
    void anIncompleteListStaysAsItIs();
    void whatIsNoListIsRefused_data();
    void whatIsNoListIsRefused();
};

void tst_PeopleList::aWholeListIsTaken()
{
    Presence presence;
    presence.setSelf(u"b"_s);
    QCOMPARE(
        presence.update(
            R"({"connectedClients":{"a":{"n":"Ann","lastPing":5},"b":{"n":"Bob","userId":"u"}}})"),
        Update::Done);
    QCOMPARE(tell(presence), u"a=Ann b=Bob!"_s);
    QCOMPARE(presence.clients()[0].lastPing.toMSecsSinceEpoch(), 5);
    QCOMPARE(presence.clients()[1].userId, u"u"_s);
}

void tst_PeopleList::whoStaysKeepsThePlace()
{
    Presence presence;
    QCOMPARE(presence.update(R"({"connectedClients":{"a":{"n":"1"},"b":{"n":"2"},"c":{"n":"3"}}})"),
             Update::Done);
    QCOMPARE(presence.update(R"({"connectedClients":{"d":{"n":"4"},"c":{"n":"5"},"a":{"n":"1"}}})"),
             Update::Done);
    QCOMPARE(tell(presence), u"a=1 c=5 d=4"_s);
}

void tst_PeopleList::onlyWhatChangedIsDecoded()
{
    Presence presence;
    QCOMPARE(presence.update(R"({"connectedClients":{"a":{"n":"1"},"b":{"n":"2"}}})"),
             Update::Done);
    QCOMPARE(presence.decoded(), 2);
    QCOMPARE(presence.updateFromGreeting(R"({"a":{"n":"1"},"b":{"n":"9"}})", 4), Update::Done);
    QCOMPARE(presence.decoded(), 3);
}

void tst_PeopleList::aGreetingHasAWholeList()
{
    Presence presence;
    QCOMPARE(presence.updateFromGreeting(R"({"a":{"n":"1"},"b":{"n":"2"}})", 4), Update::Done);
    QCOMPARE(presence.updateFromGreeting(R"({"b":{"n":"2"},"c":{"n":"3"}})", 9), Update::Done);
    QCOMPARE(tell(presence), u"b=2 c=3"_s);
}

void tst_PeopleList::differencesAreApplied_data()
{
    QTest::addColumn<QByteArray>("difference");
    QTest::addColumn<QString>("people");
    QTest::newRow("joined") << QByteArray(R"({"revision":5,"joined":{"c":{"n":"3"}}})")
                            << u"a=1 b=2 c=3"_s;
    QTest::newRow("changed") << QByteArray(R"({"revision":5,"changed":{"a":{"n":"7"}}})")
                             << u"a=7 b=2"_s;
    QTest::newRow("left") << QByteArray(R"({"revision":5,"left":["a"]})") << u"b=2"_s;
    QTest::newRow("all") << QByteArray(
        R"({"revision":5,"joined":{"c":{"n":"3"}},"changed":{"b":{"n":"8"}},"left":["a"]})")
                         << u"b=8 c=3"_s;
    QTest::newRow("nothing") << QByteArray(R"({"revision":5})") << u"a=1 b=2"_s;
    QTest::newRow("unknown ones") << QByteArray(
        R"({"revision":5,"left":["x"],"more":{"deep":[1,{}]}})")
                                  << u"a=1 b=2"_s;
}

void tst_PeopleList::differencesAreApplied()
{
    QFETCH(const QByteArray, difference);
    Presence presence;
    QCOMPARE(presence.updateFromGreeting(R"({"a":{"n":"1"},"b":{"n":"2"}})", 4), Update::Done);
    QCOMPARE(presence.apply(std::string_view(difference)), Update::Done);
    QTEST(tell(presence), "people");
}

void tst_PeopleList::aDifferenceThatIsNotTheNextIsRefused()
{
    Presence presence;
    QCOMPARE(presence.updateFromGreeting(R"({"a":{"n":"1"}})", 4), Update::Done);
    QCOMPARE(presence.apply(R"({"revision":6,"left":["a"]})"), Update::NoList);
    QCOMPARE(presence.apply(R"({"revision":4,"left":["a"]})"), Update::NoList);
    QCOMPARE(tell(presence), u"a=1"_s);
}

void tst_PeopleList::whatIsTooLongIsIgnored()
{
    Presence presence;
    const std::string_view two = R"({"a":{"n":"1"},"b":{"n":"2"}})";
    const std::string_view three = R"({"a":{"n":"1"},"b":{"n":"2"},"c":{"n":"3"}})";
    const std::string list = "{\"connectedClients\":" + std::string(three) + '}';
    QCOMPARE(presence.updateFromGreeting(two, 4, 2), Update::Done);
    QCOMPARE(presence.update(list, 2), Update::TooLong);
    QCOMPARE(presence.updateFromGreeting(three, 4, 2), Update::TooLong);
    QCOMPARE(tell(presence), u"a=1 b=2"_s);
}

void tst_PeopleList::aFullListIsNotTooLong()
{
    Presence presence;
    QCOMPARE(presence.updateFromGreeting(R"({"a":{"n":"1"},"b":{"n":"2"}})", 4, 2), Update::Done);
    // Who is there already, and who takes the place of another one.
    QCOMPARE(presence.apply(R"({"revision":5,"joined":{"b":{"n":"2"}}})", 2), Update::Done);
    QCOMPARE(presence.apply(R"({"revision":6,"joined":{"c":{"n":"3"}},"left":["a"]})", 2),
             Update::Done);
    QCOMPARE(tell(presence), u"b=2 c=3"_s);
    QCOMPARE(presence.apply(R"({"revision":7,"changed":{"d":{"n":"4"}}})", 2), Update::TooLong);
}

void tst_PeopleList::anIncompleteListStaysAsItIs()
{
    Presence presence;
    QCOMPARE(presence.updateFromGreeting(R"({"a":{"n":"1"},"b":{"n":"2"}})", 4, 2), Update::Done);
    QCOMPARE(presence.apply(R"({"revision":5,"joined":{"c":{"n":"3"}}})", 2), Update::TooLong);
    QCOMPARE(presence.apply(R"({"revision":6,"left":["a"]})", 2), Update::TooLong);
    QCOMPARE(tell(presence), u"a=1 b=2"_s);
    QCOMPARE(presence.updateFromGreeting(R"({"b":{"n":"2"}})", 9, 2), Update::Done);
    QCOMPARE(presence.apply(R"({"revision":10,"joined":{"c":{"n":"3"}}})", 2), Update::Done);
    QCOMPARE(tell(presence), u"b=2 c=3"_s);
}

void tst_PeopleList::whatIsNoListIsRefused_data()
{
    QTest::addColumn<QByteArray>("payload");
    for (const char *payload :
         {"", "1", "[]", R"({"connectedClients":[]})", R"({"connectedClients":{"a":1}})"})
        QTest::newRow(payload) << QByteArray(payload);
}

void tst_PeopleList::whatIsNoListIsRefused()
{
    QFETCH(const QByteArray, payload);
    Presence presence;
    QCOMPARE(presence.update(std::string_view(payload)), Update::NoList);
    QCOMPARE(presence.apply(std::string_view(payload)), Update::NoList);
}

QTEST_APPLESS_MAIN(tst_PeopleList)
#include "tst_peoplelist.moc"
