// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"
#include "rowcounters.h"

#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Who is shown while a lost connection comes back.
class tst_Staleness : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void rowsStayMarkedStale();
    void aLossThatIsMendedAtOnceChangesNothing();
    void onlyWhatChangedChanges();
    void aSecondLossChangesNothing();
    void leavingForgetsAll();
    void movingForgetsAll();
    void aListThatIsTooLongLeavesItStale();
    void theBaseProfilesListEndsIt();
    void aListFromBeforeTheLossIsOld();
    void clientsAreShownFromWhenTheyAreWanted();
    void usersAreShownFromWhenTheyAreWanted();
    void aHandlerMayDeleteTheClient();

private:
    /// Lets nobody in from now on, but leaves them waiting; losses are shown at once.
    void hold();
    /// Breaks the connection and waits until another one waits to be let in.
    bool lose();
    /// Lets in who waits, with \a people.
    void letIn(const QJsonObject &people);
    bool isShownAsStale() const;

    const QJsonObject m_two{{u"ann"_s, person(u"Ann"_s)}, {u"me"_s, person(u"Me"_s)}};
};

void tst_Staleness::hold()
{
    m_server->onRequest = [](FakePeer *) {};
    m_client->setLossGrace(0);
}

bool tst_Staleness::lose()
{
    hold();
    const int before = m_server->count();
    m_server->last()->drop();
    return QTest::qWaitFor([&] {
        return m_server->count() > before && !m_server->last()->target().isEmpty()
            && m_client->isConnectedClientsStale() && isShownAsStale();
    });
}

void tst_Staleness::letIn(const QJsonObject &people)
{
    FakePeer *peer = m_server->last();
    peer->acceptUpgrade("dispatch.v2");
    peer->sendEvent(m_connected, greeting({{u"connectedClients"_s, people}}));
}

bool tst_Staleness::isShownAsStale() const
{
    return m_client->clients()->index(0).data(DispatchClientsModel::StaleRole).toBool();
}

void tst_Staleness::rowsStayMarkedStale()
{
    greetWith(greeting());
    QVERIFY(join());
    DispatchClientsModel *model = m_client->clients();
    QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model->count(), 2);
    QVERIFY(!m_client->isConnectedClientsStale() && !isShownAsStale());
    QSignalSpy inserts(model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removals(model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy resets(model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(model, &QAbstractItemModel::dataChanged);
    QSignalSpy told(m_client.get(), &DispatchClient::connectedClientsStaleChanged);
    QSignalSpy lists(m_client.get(), &DispatchClient::connectedClientsChanged);

    QVERIFY(lose());
    QCOMPARE(model->count(), 2);
    QCOMPARE(m_client->connectedClients().size(), 2);
    QCOMPARE(told.size(), 1);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes.first()[0].toModelIndex().row(), 0);
    QCOMPARE(changes.first()[1].toModelIndex().row(), 1);
    QCOMPARE(changes.first()[2].value<QList<int>>(), QList<int>{DispatchClientsModel::StaleRole});

    letIn(m_two);
    QTRY_COMPARE(told.size(), 2);
    QVERIFY(!m_client->isConnectedClientsStale() && !isShownAsStale());
    QCOMPARE(changes.size(), 2);
    QCOMPARE(inserts.size() + removals.size() + resets.size() + lists.size(), 0);
}

void tst_Staleness::aLossThatIsMendedAtOnceChangesNothing()
{
    greetWith(greeting());
    m_client->setLossGrace(3'600'000);
    QVERIFY(join());
    DispatchClientsModel *model = m_client->clients();
    m_client->users();
    QTRY_COMPARE(model->count(), 2);
    RowCounters clients(model);
    RowCounters users(m_client->users());
    QSignalSpy told(m_client.get(), &DispatchClient::connectedClientsStaleChanged);
    m_server->last()->drop();
    QTRY_COMPARE(told.size(), 2);
    QVERIFY(!m_client->isConnectedClientsStale());
    QCOMPARE(clients.tell() + users.tell(), QString());
}

void tst_Staleness::onlyWhatChangedChanges()
{
    greetWith(greeting());
    QVERIFY(join());
    DispatchClientsModel *model = m_client->clients();
    QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model->count(), 2);
    QVERIFY(lose());
    QSignalSpy inserts(model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removals(model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changes(model, &QAbstractItemModel::dataChanged);
    letIn({{u"me"_s, person(u"Myself"_s)}, {u"bob"_s, person(u"Bob"_s)}});
    QTRY_VERIFY(!m_client->isConnectedClientsStale() && !isShownAsStale());
    QCOMPARE(model->count(), 2);
    QCOMPARE(model->at(0).clientId, u"me"_s);
    QCOMPARE(removals.size(), 1);
    QCOMPARE(inserts.size(), 1);
    QCOMPARE(changes.size(), 2);
    QCOMPARE(changes.first()[0].toModelIndex().row(), 0);
    QVERIFY(changes.first()[2].value<QList<int>>().contains(DispatchClientsModel::UserInfoRole));
}

void tst_Staleness::aSecondLossChangesNothing()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    QSignalSpy told(m_client.get(), &DispatchClient::connectedClientsStaleChanged);
    QVERIFY(lose());
    QVERIFY(lose());
    QCOMPARE(told.size(), 1);
    QCOMPARE(m_client->clients()->count(), 2);
}

void tst_Staleness::leavingForgetsAll()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    QVERIFY(lose());
    m_client->disconnectFromServer();
    QVERIFY(!m_client->isConnectedClientsStale());
    QTRY_COMPARE(m_client->clients()->count(), 0);
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    QVERIFY(!isShownAsStale());
}

void tst_Staleness::movingForgetsAll()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    hold();
    m_client->setShardName(u"another"_s);
    QTRY_COMPARE(m_client->clients()->count(), 0);
    QVERIFY(!m_client->isConnectedClientsStale());
}

void tst_Staleness::aListThatIsTooLongLeavesItStale()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    QVERIFY(lose());
    m_client->setIncomingLimits({.maxConnectedClients = 1});
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"too long"_s));
    letIn(m_two);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QVERIFY(m_client->isConnectedClientsStale());
}

void tst_Staleness::theBaseProfilesListEndsIt()
{
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 1);
    const QString self = m_client->clientId();
    QVERIFY(lose());
    FakePeer *peer = m_server->last();
    peer->acceptUpgrade();
    peer->greet(self, u"s"_s);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QVERIFY(m_client->isConnectedClientsStale());
    QSignalSpy removals(m_client->clients(), &QAbstractItemModel::rowsRemoved);
    peer->sendEvent(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
                    QJsonObject{{u"connectedClients"_s, QJsonObject{{self, person(u"Me"_s)}}}});
    QTRY_VERIFY(!m_client->isConnectedClientsStale() && !isShownAsStale());
    QCOMPARE(removals.size(), 0);
}

void tst_Staleness::aListFromBeforeTheLossIsOld()
{
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 1);
    hold();
    // Nobody has looked at the list when the end comes.
    m_server->last()->sendEvent(
        u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
        QJsonObject{{u"connectedClients"_s, QJsonObject{{u"ann"_s, person(u"Ann"_s)}}}});
    m_server->last()->sendClose(1012);
    QTRY_VERIFY(isShownAsStale());
    QCOMPARE(m_client->clients()->at(0).clientId, u"ann"_s);
    QVERIFY(m_client->isConnectedClientsStale());
}

void tst_Staleness::clientsAreShownFromWhenTheyAreWanted()
{
    greetWith(greeting());
    QSignalSpy lists(m_client.get(), &DispatchClient::connectedClientsChanged);
    QVERIFY(join());
    QTRY_COMPARE(lists.size(), 1);
    // Rows that nobody looks at are not kept.
    QVERIFY(!m_client->findChild<QAbstractItemModel *>());
    QCOMPARE(m_client->clients()->count(), 2);
    QCOMPARE(m_client->clients(), m_client->clients());
    // Who has deleted it gets another one.
    delete m_client->clients();
    QVERIFY(!m_client->findChild<QAbstractItemModel *>());
    QCOMPARE(m_client->clients()->count(), 2);
    QVERIFY(!isShownAsStale());
    QVERIFY(lose());
    delete m_client->clients();
    QVERIFY(isShownAsStale());
}

void tst_Staleness::usersAreShownFromWhenTheyAreWanted()
{
    QJsonObject people = m_two;
    for (const QString &id : {u"ann"_s, u"me"_s}) {
        QJsonObject one = people[id].toObject();
        one[u"userId"_s] = u"ann"_s;
        people[id] = one;
    }
    greetWith(greeting({{u"connectedClients"_s, people}}));
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    DispatchUsersModel *users = m_client->users();
    QCOMPARE(m_client->users(), users);
    QCOMPARE(users->count(), 1);
    const QModelIndex ann = users->index(0);
    QCOMPARE(ann.data(DispatchUsersModel::ConnectionsRole).toInt(), 2);
    QVERIFY(ann.data(DispatchUsersModel::IsSelfRole).toBool());
    QSignalSpy removals(users, &QAbstractItemModel::rowsRemoved);
    QVERIFY(lose());
    QVERIFY(ann.data(DispatchUsersModel::StaleRole).toBool());
    people[u"bob"_s] = person(u"Bob"_s);
    letIn(people);
    QTRY_COMPARE(users->count(), 2);
    QTRY_VERIFY(!ann.data(DispatchUsersModel::StaleRole).toBool());
    QCOMPARE(removals.size(), 0);
}

void tst_Staleness::aHandlerMayDeleteTheClient()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->users()->count(), 2);
    m_client->setLossGrace(0);
    connect(m_client->users(), &QAbstractItemModel::dataChanged, this,
            [this] { m_client.reset(); });
    m_server->last()->drop();
    QTRY_VERIFY(!m_client);
}

QTEST_GUILESS_MAIN(tst_Staleness)
#include "tst_staleness.moc"
