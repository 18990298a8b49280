// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// Who is where, and who is told: identity, presence, user info, moving; against a real server.
class tst_Presence : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void identifyTellsTheUserId();
    void badTokenIsReported();
    void connectedClientsChangedListsAll();
    void clientsModelChangesRowByRow();
    void projectsAreApart();
    void setProjectIdMovesTheClient();
    void setShardNameMovesTheClientAndKeepsTheQueue();
    void manyChangesInOneTurnAreOneMove();
    void aWishThatIsTakenBackHoldsNothingUp();
    void setUserInfoIsSeenByOthers();
    void userInfoReplacesWhatWasThere();
    void activeIsTheWishAndStateTheFact();
    void latencyIsMeasured();
};

void tst_Presence::identifyTellsTheUserId()
{
    const auto client = join(u"s"_s);
    QTRY_COMPARE(client->connectedClients().size(), 1);
    QVERIFY(client->connectedClients().first().userId.isEmpty());
    client->identify(u"user:ann"_s);
    QTRY_COMPARE(client->connectedClients().first().userId, u"ann"_s);
}

void tst_Presence::badTokenIsReported()
{
    const auto client = join(u"s"_s);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    client->identify(u"nonsense"_s);
    QTRY_COMPARE(errors.size(), 1);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::RefusedByServer);
    QCOMPARE(error.reason(), u"invalid_token"_s);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_Presence::connectedClientsChangedListsAll()
{
    const auto a = makeClient();
    a->setUserInfo(
        {{u"name"_s, u"Ann"_s}, {u"lastPing"_s, u"forged"_s}, {u"clientId"_s, u"forged"_s}});
    QSignalSpy changes(a.get(), &DispatchClient::connectedClientsChanged);
    WAIT(a->connectToServer({.shardName = u"s"_s}));
    const auto b = join(u"s"_s);
    QTRY_COMPARE(a->connectedClients().size(), 2);
    QTRY_VERIFY(!changes.isEmpty()
                && changes.last().first().value<QList<DispatchConnectedClient>>().size() == 2);
    const auto list = changes.last().first().value<QList<DispatchConnectedClient>>();
    QCOMPARE(list, a->connectedClients());
    const auto self = std::ranges::find(list, true, &DispatchConnectedClient::isSelf);
    QVERIFY(self != list.end());
    QCOMPARE(self->clientId, a->clientId());
    QCOMPARE(self->userInfo, (QJsonObject{{u"name"_s, u"Ann"_s}}));
    QVERIFY(qAbs(self->lastPing.msecsTo(QDateTime::currentDateTimeUtc())) < 60'000);
    QVERIFY(std::ranges::find(list, b->clientId(), &DispatchConnectedClient::clientId)
            != list.end());
}

void tst_Presence::clientsModelChangesRowByRow()
{
    const auto a = join(u"s"_s);
    DispatchClientsModel *model = a->clients();
    QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model->rowCount(), 1);
    QSignalSpy inserts(model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removals(model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy resets(model, &QAbstractItemModel::modelReset);

    auto b = join(u"s"_s);
    QTRY_COMPARE(model->rowCount(), 2);
    QCOMPARE(inserts.size(), 1);
    QCOMPARE(inserts.first()[1].toInt(), 1);
    b->setUserInfo({{u"name"_s, u"Bob"_s}});
    QTRY_COMPARE(model->index(1).data().toString(), u"Bob"_s);
    b.reset();
    QTRY_COMPARE(model->rowCount(), 1);
    QCOMPARE(inserts.size(), 1);
    QCOMPARE(removals.size(), 1);
    QCOMPARE(resets.size(), 0);
}

void tst_Presence::projectsAreApart()
{
    const auto a = join(u"s"_s);
    const auto b = makeClient();
    b->setProjectId(u"other"_s);
    WAIT(b->connectToServer({.shardName = u"s"_s}));
    int heardByB = 0;
    int heardByA = 0;
    b->on(u"x"_s, this, [&] { ++heardByB; });
    a->on(u"x"_s, this, [&] { ++heardByA; });
    a->emitEvent(u"x"_s);
    QTRY_COMPARE(heardByA, 1);
    b->emitEvent(u"x"_s);
    QTRY_COMPARE(heardByB, 1);
    QCOMPARE(heardByA, 1);
    QTRY_COMPARE(b->connectedClients().size(), 1);
}

void tst_Presence::setProjectIdMovesTheClient()
{
    const auto client = join(u"s"_s);
    const QString before = client->clientId();
    client->setProjectId(u"other"_s);
    QTRY_VERIFY(client->state() == DispatchClient::Connected && client->clientId() != before);
    const auto future = client->info();
    WAIT(future);
    QCOMPARE(future.result().size(), 1);
    QCOMPARE(client->projectId(), u"other"_s);
}

void tst_Presence::setShardNameMovesTheClientAndKeepsTheQueue()
{
    const auto client = join(u"s"_s);
    const auto listener = join(u"t"_s);
    QList<int> heard;
    listener->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    client->setShardName(u"t"_s);
    QCOMPARE(client->emitEvent(u"x"_s, 1), DispatchClient::Queued);
    QTRY_COMPARE(client->currentShardName(), u"t"_s);
    QTRY_COMPARE(heard, QList<int>{1});
}

void tst_Presence::manyChangesInOneTurnAreOneMove()
{
    const auto client = join(u"s"_s);
    QSignalSpy connected(client.get(), &DispatchClient::connected);
    QSignalSpy disconnected(client.get(), &DispatchClient::disconnected);
    client->setShardName(u"x"_s);
    client->setProjectId(u"y"_s);
    client->setMaxConnectionsPerShard(7);
    client->setShardName(u"z"_s);
    QTRY_COMPARE(client->currentShardName(), u"z"_s);
    QCOMPARE(connected.size(), 1);
    QCOMPARE(disconnected.size(), 1);
    // There and back again is no move.
    client->setShardName(u"w"_s);
    client->setShardName(u"z"_s);
    client->emitEvent(u"x"_s);
    QTest::qWait(0);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(connected.size(), 1);
}

void tst_Presence::aWishThatIsTakenBackHoldsNothingUp()
{
    const auto client = join(u"a"_s);
    int heard = 0;
    client->on(u"x"_s, client.get(), [&] { ++heard; });
    const QString id = client->clientId();
    client->setShardName(u"b"_s);
    QCOMPARE(client->emitEvent(u"x"_s), DispatchClient::Queued);
    client->setShardName(u"a"_s);
    QTRY_COMPARE(heard, 1);
    QCOMPARE(client->clientId(), id);
    QCOMPARE(client->queuedEvents(), 0);
}

void tst_Presence::setUserInfoIsSeenByOthers()
{
    const auto a = join(u"s"_s);
    const auto b = join(u"s"_s);
    QSignalSpy changed(a.get(), &DispatchClient::userInfoChanged);
    a->setUserInfo({{u"name"_s, u"Ann"_s}});
    QCOMPARE(changed.size(), 1);
    const auto infoSeenByB = [&] {
        for (const auto &client : b->connectedClients()) {
            if (client.clientId == a->clientId())
                return client.userInfo;
        }
        return QJsonObject();
    };
    QTRY_COMPARE(infoSeenByB(), (QJsonObject{{u"name"_s, u"Ann"_s}}));
}

void tst_Presence::userInfoReplacesWhatWasThere()
{
    const auto client = join(u"s"_s);
    client->setUserInfo({{u"name"_s, u"Ann"_s}, {u"age"_s, 3}});
    QTRY_VERIFY(!client->connectedClients().isEmpty()
                && client->connectedClients().first().userInfo.size() == 2);
    client->setUserInfo({{u"name"_s, u"Bea"_s}});
    QTRY_COMPARE(client->connectedClients().first().userInfo, (QJsonObject{{u"name"_s, u"Bea"_s}}));
}

void tst_Presence::activeIsTheWishAndStateTheFact()
{
    const auto client = makeClient();
    QSignalSpy active(client.get(), &DispatchClient::activeChanged);
    QSignalSpy states(client.get(), &DispatchClient::stateChanged);
    client->setActive(true);
    client->setActive(true);
    QVERIFY(client->isActive());
    QCOMPARE(active.size(), 1);
    QCOMPARE(client->state(), DispatchClient::Connecting);
    QTRY_COMPARE(client->state(), DispatchClient::Connected);
    client->setActive(false);
    QCOMPARE(client->state(), DispatchClient::Disconnected);
    QCOMPARE(active.size(), 2);
    QCOMPARE(states.size(), 3);
}

void tst_Presence::latencyIsMeasured()
{
    const auto client = makeClient();
    QSignalSpy changes(client.get(), &DispatchClient::latencyChanged);
    QCOMPARE(client->latency(), -1.0);
    client->setActive(true);
    QTRY_VERIFY(!changes.isEmpty());
    QVERIFY(client->latency() >= 0 && client->latency() < 1'000);
}

QTEST_GUILESS_MAIN(tst_Presence)
#include "tst_presence.moc"
