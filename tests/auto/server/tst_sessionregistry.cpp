// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "limits_p.h"
#include "sessionregistry_p.h"

#include <QtTest/qtest.h>

#include <set>

using namespace Dispatch;

class tst_SessionRegistry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secretsAreLongAndDifferent();
    void sessionIsFoundByItsSecretAlone();
    void userMayChange();
    void secretThatWasShownIsGoodUntilTheNextOneArrived();
    void newerSecretThatNeverArrivedIsForgotten();
    void claimOfAnOldSecretCantRenew();
    void nobodyExpiresWhoIsOnHisWay();
    void removedSessionIsGone();
    void nothingIsLeftOfManySessions();
};

namespace {

SessionRegistry::Session session(const std::string &userId = {})
{
    return {0, "p", "room", userId, 3};
}

} // namespace

void tst_SessionRegistry::secretsAreLongAndDifferent()
{
    SessionRegistry registry;
    std::set<std::string> secrets;
    std::set<std::uint64_t> ids;
    for (int i = 0; i < 1'000; ++i) {
        const auto [id, secret] = registry.add(session());
        QCOMPARE(secret.size(), Limits::SessionSecretLength);
        secrets.insert(secret);
        ids.insert(id);
    }
    QCOMPARE(secrets.size(), std::size_t(1'000));
    QCOMPARE(ids.size(), std::size_t(1'000));
}

void tst_SessionRegistry::sessionIsFoundByItsSecretAlone()
{
    SessionRegistry registry;
    const auto [id, secret] = registry.add(session("ann"));
    const auto claim = registry.claim(secret);
    QVERIFY(claim);
    QCOMPARE(claim->session().id, id);
    QCOMPARE(claim->session().projectId, std::string("p"));
    QCOMPARE(claim->session().shardName, std::string("room"));
    QCOMPARE(claim->session().userId, std::string("ann"));
    QCOMPARE(claim->session().worker, 3);
    QVERIFY(!registry.claim({}));
    QVERIFY(!registry.claim(secret.substr(1)));
    std::string other = secret;
    other[7] = other[7] == 'A' ? 'B' : 'A';
    QVERIFY(!registry.claim(other));
}

void tst_SessionRegistry::userMayChange()
{
    SessionRegistry registry;
    const auto [id, secret] = registry.add(session());
    registry.setUser(id, "ben");
    QCOMPARE(registry.claim(secret)->session().userId, std::string("ben"));
}

void tst_SessionRegistry::secretThatWasShownIsGoodUntilTheNextOneArrived()
{
    SessionRegistry registry;
    const auto [id, first] = registry.add(session());
    const std::string second = registry.renewSecret(*registry.claim(first));
    QVERIFY(registry.claim(first));
    QVERIFY(registry.claim(second));
    registry.confirm(id);
    QVERIFY(!registry.claim(first));
    QVERIFY(registry.claim(second));
}

void tst_SessionRegistry::newerSecretThatNeverArrivedIsForgotten()
{
    SessionRegistry registry;
    const auto [id, first] = registry.add(session());
    std::string lost;
    for (int i = 0; i < 10; ++i) {
        lost = registry.renewSecret(*registry.claim(first));
        QVERIFY(registry.claim(lost));
    }
    const std::string latest = registry.renewSecret(*registry.claim(first));
    QVERIFY(!registry.claim(lost));
    QVERIFY(registry.claim(first));
    QVERIFY(registry.claim(latest));
}

void tst_SessionRegistry::claimOfAnOldSecretCantRenew()
{
    SessionRegistry registry;
    const auto [id, first] = registry.add(session());
    const auto late = registry.claim(first);
    const std::string second = registry.renewSecret(*registry.claim(first));
    registry.confirm(id);
    QCOMPARE(registry.renewSecret(*late), std::string());
    QVERIFY(registry.claim(second));
}

void tst_SessionRegistry::nobodyExpiresWhoIsOnHisWay()
{
    SessionRegistry registry;
    const auto [id, secret] = registry.add(session());
    {
        auto claim = registry.claim(secret);
        const SessionRegistry::Claim moved = *std::move(claim);
        claim.reset();
        QVERIFY(!registry.expire(id));
    }
    QVERIFY(registry.expire(id));
    QVERIFY(!registry.claim(secret));
}

void tst_SessionRegistry::removedSessionIsGone()
{
    SessionRegistry registry;
    const auto [id, secret] = registry.add(session());
    const auto claim = registry.claim(secret);
    registry.remove(id);
    QVERIFY(!registry.claim(secret));
    QCOMPARE(registry.renewSecret(*claim), std::string());
    registry.confirm(id);
    registry.setUser(id, "x");
    QVERIFY(registry.expire(id));
}

void tst_SessionRegistry::nothingIsLeftOfManySessions()
{
    SessionRegistry registry;
    std::vector<std::pair<std::uint64_t, std::string>> sessions;
    for (int i = 0; i < 1'000; ++i) {
        sessions.push_back(registry.add(session()));
        sessions.back().second = registry.renewSecret(*registry.claim(sessions.back().second));
    }
    QCOMPARE(registry.size(), std::size_t(1'000));
    for (const auto &[id, secret] : sessions)
        QVERIFY(registry.expire(id));
    QCOMPARE(registry.size(), std::size_t(0));
    for (const auto &[id, secret] : sessions)
        QVERIFY(!registry.claim(secret));
}

QTEST_APPLESS_MAIN(tst_SessionRegistry)
#include "tst_sessionregistry.moc"
