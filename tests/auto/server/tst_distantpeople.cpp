// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "distantpeople_p.h"
#include "packedtexts_p.h"

#include <QtTest/qtest.h>

using namespace Dispatch;

class tst_DistantPeople : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void areInTheList();
    void changesAreTold();
    void ownClientsAreNotThereTwice();
    void whoMovesHereHasNotLeft();
    void whoMovesAwayHasNotLeft();
    void whoWasLetGoElsewhereBeforeThatIsKnownHereIsGone();
    void whoLeavesIsNotBroughtBackByOldNews();
    void listReplacesAll();
    void brokenMembersAreIgnored();
    void personComesBackAsBackEndsAreTold();

private:
    void hear(const std::string &id, const std::string &info = {})
    {
        m_people->change({id, packedPerson({id, info, {}, 0}, "::1", 1)});
    }
    /// What all are told next.
    PresenceChanges announced() { return m_presence->announce(m_now += milliseconds(1'000)); }

    std::unique_ptr<Presence> m_presence;
    std::unique_ptr<DistantPeople> m_people;
    TimePoint m_now{milliseconds(1'000'000)};
};

void tst_DistantPeople::init()
{
    m_people.reset();
    m_presence = std::make_unique<Presence>(milliseconds(100));
    m_presence->keepChanges();
    m_people = std::make_unique<DistantPeople>(*m_presence);
}

void tst_DistantPeople::areInTheList()
{
    m_people->change({"a", packedPerson({"a", "\"n\":1", "user", 0}, "::1", 1)});
    m_people->setLastPing(7);
    QCOMPARE(m_presence->list(1'000).json,
             std::string(R"({"a":{"n":1,"userId":"user","lastPing":7}})"));
    QCOMPARE(announced().joined.size(), std::size_t(1));
}

void tst_DistantPeople::changesAreTold()
{
    hear("a");
    announced();
    hear("a", "\"n\":2");
    QCOMPARE(announced().changed.size(), std::size_t(1));
    hear("a", "\"n\":2");
    QVERIFY(announced().isEmpty());
    m_people->remove("a");
    QCOMPARE(announced().left, std::vector<std::string>{"a"});
}

void tst_DistantPeople::ownClientsAreNotThereTwice()
{
    Person own{"a", {}, {}, 0};
    m_people->joinHere(own);
    announced();
    hear("a");
    m_people->remove("a"); // of another server, that had the client before
    QVERIFY(announced().isEmpty());
}

void tst_DistantPeople::whoMovesHereHasNotLeft()
{
    hear("a", "\"n\":1");
    announced();
    Person own{"a", "\"n\":1", {}, 0};
    m_people->joinHere(own);
    QVERIFY(announced().isEmpty());
    m_people->leaveHere(own, false);
    QCOMPARE(announced().left, std::vector<std::string>{"a"});
}

void tst_DistantPeople::whoMovesAwayHasNotLeft()
{
    {
        Person own{"a", "\"n\":1", {}, 0};
        m_people->joinHere(own);
        announced();
        m_people->leaveHere(own, true);
    }
    QVERIFY(announced().isEmpty());
    hear("a", "\"n\":1");
    QVERIFY(announced().isEmpty());
    m_people->remove("a");
    QCOMPARE(announced().left, std::vector<std::string>{"a"});
}

void tst_DistantPeople::whoWasLetGoElsewhereBeforeThatIsKnownHereIsGone()
{
    for (const bool isListed : {false, true}) {
        Person own{"a", {}, {}, 0};
        m_people->joinHere(own);
        announced();
        // Another server has taken it, and given it up.
        if (isListed)
            m_people->list({});
        else
            m_people->remove("a");
        QVERIFY(announced().isEmpty());
        m_people->leaveHere(own, true);
        QCOMPARE(announced().left, std::vector<std::string>{"a"});
        hear("a");
        QCOMPARE(announced().joined.size(), std::size_t(1));
        m_people->remove("a");
        announced();
    }
    // Unless it was set again.
    Person own{"a", {}, {}, 0};
    m_people->joinHere(own);
    announced();
    m_people->remove("a");
    hear("a");
    m_people->leaveHere(own, true);
    QVERIFY(announced().isEmpty());
}

void tst_DistantPeople::whoLeavesIsNotBroughtBackByOldNews()
{
    Person own{"a", {}, {}, 0};
    m_people->joinHere(own);
    announced();
    m_people->leaveHere(own, false);
    announced();
    hear("a"); // said when it was still here
    QVERIFY(announced().isEmpty());
    m_people->remove("a");
    hear("a"); // on another server
    QCOMPARE(announced().joined.size(), std::size_t(1));
}

void tst_DistantPeople::listReplacesAll()
{
    Person own{"own", {}, {}, 0};
    m_people->joinHere(own);
    hear("a");
    hear("b");
    announced();
    m_people->list({{"b", packedPerson({"b", {}, {}, 0}, {}, 0)},
                    {"c", packedPerson({"c", {}, {}, 0}, {}, 0)}});
    const PresenceChanges changes = announced();
    QCOMPARE(changes.left, std::vector<std::string>{"a"});
    QCOMPARE(changes.joined.size(), std::size_t(1));
    QCOMPARE(changes.joined.front()->clientId, std::string("c"));
}

void tst_DistantPeople::brokenMembersAreIgnored()
{
    m_people->change({"a", "nonsense"});
    QVERIFY(announced().isEmpty());
    m_people->remove("a");
    QVERIFY(announced().isEmpty());
}

void tst_DistantPeople::personComesBackAsBackEndsAreTold()
{
    const auto client = unpackedPerson("id", packedPerson({"id", "\"n\":1", "ann", 9}, "::1", 7));
    QVERIFY(client);
    QCOMPARE(client->clientId, "id");
    QCOMPARE(client->userId, "ann");
    QCOMPARE(client->userInfoFields, "\"n\":1");
    QCOMPARE(client->address, "::1");
    QCOMPARE(client->connectedSince, 7);
    QVERIFY(!client->isAway);
    QVERIFY(!unpackedPerson("id", {}));
    QVERIFY(!unpackedPerson("id", packed({"ann", {}, "::1"})));
    QVERIFY(!unpackedPerson("id", packed({"ann", {}, "::1", "7s"})));
}

QTEST_APPLESS_MAIN(tst_DistantPeople)
#include "tst_distantpeople.moc"
