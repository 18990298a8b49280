// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventmodeltest.h"
#include "rowcounters.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// How it goes with the client's own events, as their model shows it.
class tst_OwnEvents : public EventModelTest {
    Q_OBJECT

private Q_SLOTS:
    void anOwnEventWaitsForItsPlace();
    void anOwnEventThatIsNotFirstMoves();
    void theEchoMayComeBeforeTheAcknowledgement();
    void ownEventsWaitForAConnection();
    void whatHasNoRoomFailed();
    void whatTheServerRefusesCanBeSentAgain();
    void aFailedOneCanBeRemoved();
    void whatIsSentAgainElsewhereIsSentAgainHere();
    void whatIsReplacedHasNoRow();
    void whatGoesToRecipientsNeedsNoEcho();
    void aHistoryKnowsWhatWasUncertain();
    void whatAHistoryBringsBackGetsItsPlace_data();
    void whatAHistoryBringsBackGetsItsPlace();
    void whatNoHistoryBringsBackStaysInFrontOfWhatIsNew();
    void clearLeavesWhatIsOnItsWay();
    void aLateModelShowsWhatIsOnItsWay();
    void theBaseProfileTellsOwnEventsByTheirPayload();
    void theBaseProfileHearsNothingOfWhatGoesToRecipients();
    void theBaseProfileDoesNotKnowWhatALossTook();
};

void tst_OwnEvents::anOwnEventWaitsForItsPlace()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    RowCounters counters(model.get());
    m_client->emitEvent(u"x"_s, u"mine"_s, DispatchEmitOptions{.tag = u"t"_s});
    QCOMPARE(tell(*model), u"mine Sending"_s);
    QVERIFY(at(*model, 0, Model::OwnRole).toBool() && at(*model, 0, Model::PendingRole).toBool());
    QVERIFY(idAt(*model, 0) > 0);
    QCOMPARE(at(*model, 0, Model::TagRole).toString(), u"t"_s);
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sending"_s);
    sendAck(1, 43);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sent"_s);
    sendFrom(u"me"_s, 43, u"mine"_s);
    QTRY_COMPARE(at(*model, 1, Model::SequenceRole).toLongLong(), 43);
    QCOMPARE(at(*model, 1, Model::SenderIdRole).toString(), u"me"_s);
    QCOMPARE(counters.tell(), u"inserted 0-0, inserted 0-0, changed 1-1, changed 1-1"_s);
    sendFrom(u"ann"_s, 44, u"again"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sent, again Received"_s);
}

void tst_OwnEvents::anOwnEventThatIsNotFirstMoves()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    RowCounters counters(model.get());
    // As if the first one was lost on a server that does wrong.
    sendFrom(u"me"_s, 42, u"b"_s);
    QTRY_COMPARE(tell(*model), u"b Sent, a Sending"_s);
    QCOMPARE(counters.tell(), u"moved 1-1 to 0, changed 0-0"_s);
}

void tst_OwnEvents::theEchoMayComeBeforeTheAcknowledgement()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"mine"_s);
    RowCounters counters(model.get());
    sendFrom(u"me"_s, 42, u"mine"_s);
    QTRY_COMPARE(tell(*model), u"mine Sent"_s);
    sendAck(1, 42);
    QVERIFY(waitUntilHeard());
    QCOMPARE(counters.tell(), u"changed 0-0"_s);
    // Its like is another one.
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QCOMPARE(tell(*model), u"mine Sent, mine Sending"_s);
}

void tst_OwnEvents::ownEventsWaitForAConnection()
{
    const auto model = makeModel();
    for (const QString &text : {u"a"_s, u"b"_s})
        m_client->emitEvent(u"x"_s, text);
    m_client->emitEvent(u"y"_s, u"other"_s);
    QCOMPARE(tell(*model), u"a Queued, b Queued"_s);
    RowCounters counters(model.get());
    QVERIFY(joinExtended());
    QTRY_COMPARE(tell(*model), u"a Sending, b Sending"_s);
    // Only now it is known where they go.
    QTRY_COMPARE(counters.tell(), u"changed 0-1, changed 0-1"_s);
    QCOMPARE(counters.roles(), QList<int>{Model::ShardNameRole});
    QCOMPARE(at(*model, 0, Model::ShardNameRole).toString(), u"s"_s);
    QTRY_COMPARE(emits().size(), 3);
    // What is shown is acknowledged at once.
    QVERIFY(emits()[0]["ack"_L1].toBool());
    sendAck(2, 43);
    QTRY_COMPARE(tell(*model), u"a Sent, b Sent"_s);
    QCOMPARE(counters.roles(), (QList<int>{Model::StatusRole, Model::PendingRole}));
}

void tst_OwnEvents::whatHasNoRoomFailed()
{
    const auto model = makeModel();
    m_client->setQueuePolicy({.maxMessages = 1});
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    QCOMPARE(tell(*model), u"a Queued, b Failed"_s);
    QCOMPARE(at(*model, 1, Model::ErrorRole).value<DispatchError>().code(),
             DispatchError::QueueFull);
    QVERIFY(!at(*model, 1, Model::ErrorStringRole).toString().isEmpty());
    m_client->disconnectFromServer();
    m_client->setActive(true);
    m_client->disconnectFromServer();
    QCOMPARE(tell(*model), u"a Failed, b Failed"_s);
}

void tst_OwnEvents::whatTheServerRefusesCanBeSentAgain()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"mine"_s);
    sendRefusal(1, u"rate_limited"_s);
    QTRY_COMPARE(tell(*model), u"mine Failed"_s);
    QCOMPARE(at(*model, 0, Model::ErrorRole).value<DispatchError>().reason(), u"rate_limited"_s);
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(tell(*model), u"mine Failed, hers Received"_s);
    QVERIFY(!model->retry(0) && !model->retry(4'711));
    QVERIFY(model->retry(idAt(*model, 0)));
    QCOMPARE(tell(*model), u"hers Received, mine Sending"_s);
    QVERIFY(!model->retry(idAt(*model, 1)) && !model->remove(idAt(*model, 1)));
    sendFrom(u"me"_s, 43, u"mine"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sent"_s);
}

void tst_OwnEvents::aFailedOneCanBeRemoved()
{
    const auto model = makeModel();
    m_client->setQueuePolicy({.maxMessages = 0});
    m_client->emitEvent(u"x"_s, u"a"_s);
    QCOMPARE(tell(*model), u"a Failed"_s);
    QVERIFY(model->remove(idAt(*model, 0)));
    QCOMPARE(model->count(), 0);
}

void tst_OwnEvents::whatIsSentAgainElsewhereIsSentAgainHere()
{
    const auto model = makeModel();
    m_client->pendingEvents();
    m_client->setQueuePolicy({.maxMessages = 0});
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->setQueuePolicy({.maxMessages = 1});
    QVERIFY(m_client->pendingEvents()->retry(idAt(*model, 0)));
    QCOMPARE(tell(*model), u"a Queued"_s);
    QCOMPARE(m_client->pendingEvents()->count(), 1);
}

void tst_OwnEvents::whatIsReplacedHasNoRow()
{
    const auto model = makeModel();
    DispatchEmitOptions latest;
    latest.ifDelayed = DispatchEmitOptions::KeepLatest;
    latest.key = u"k"_s;
    m_client->emitEvent(u"x"_s, u"a"_s, latest);
    m_client->emitEvent(u"x"_s, u"b"_s, latest);
    QCOMPARE(tell(*model), u"b Queued"_s);
}

void tst_OwnEvents::whatGoesToRecipientsNeedsNoEcho()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"mine"_s, QStringList{u"ann"_s});
    sendAck(1);
    QTRY_COMPARE(tell(*model), u"mine Sent"_s);
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(tell(*model), u"mine Sent, hers Received"_s);
    // One may be a recipient oneself.
    sendFrom(u"me"_s, 0, u"mine"_s);
    QVERIFY(waitUntilHeard());
    QCOMPARE(tell(*model), u"mine Sent, hers Received"_s);
}

void tst_OwnEvents::aHistoryKnowsWhatWasUncertain()
{
    const auto model = makeModel();
    QVERIFY(joinExtended(session(1)));
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(emits().size(), 1);
    greetWith(session(2, {{u"clientId"_s, u"me2"_s}, {u"replay"_s, 1}}));
    QVERIFY(comeBack());
    QTRY_COMPARE(tell(*model), u"mine Uncertain"_s);
    sendFrom(u"me"_s, 42, u"mine"_s);
    QTRY_COMPARE(tell(*model), u"mine Sent"_s);
    QCOMPARE(at(*model, 0, Model::ErrorStringRole).toString(), QString());
}

void tst_OwnEvents::whatAHistoryBringsBackGetsItsPlace_data()
{
    QTest::addColumn<int>("acknowledged");
    QTest::newRow("nothing was acknowledged") << 0;
    QTest::newRow("some of it") << 1;
    QTest::newRow("all of it") << 3;
}

void tst_OwnEvents::whatAHistoryBringsBackGetsItsPlace()
{
    QFETCH(int, acknowledged);
    const auto model = makeModel();
    QVERIFY(joinExtended(session(1)));
    sendFrom(u"ann"_s, 42, u"1"_s);
    for (const QString &text : {u"a"_s, u"b"_s, u"c"_s})
        m_client->emitEvent(u"x"_s, text);
    QTRY_COMPARE(emits().size(), 3);
    if (acknowledged > 0)
        sendAck(acknowledged, 44);
    QVERIFY(waitUntilHeard());
    greetWith(session(2, {{u"clientId"_s, u"me2"_s}, {u"replay"_s, 6}}));
    QVERIFY(comeBack());
    m_client->emitEvent(u"x"_s, u"d"_s);
    RowCounters counters(model.get());
    sendFrom(u"ann"_s, 42, u"1"_s);
    sendFrom(u"ann"_s, 43, u"2"_s);
    sendFrom(u"me"_s, 44, u"a"_s);
    sendFrom(u"ann"_s, 45, u"3"_s);
    sendFrom(u"me"_s, 46, u"b"_s);
    sendFrom(u"ann"_s, 47, u"4"_s);
    QVERIFY(waitUntilHeard());
    const QString lost = acknowledged == 3 ? u"c Sent"_s : u"c Uncertain"_s;
    QTRY_COMPARE(tell(*model),
                 u"1 Received, 2 Received, a Sent, 3 Received, b Sent, 4 Received, "_s + lost
                     + u", d Sending"_s);
    QVERIFY(!counters.tell().contains(u"moved"_s));
}

void tst_OwnEvents::whatNoHistoryBringsBackStaysInFrontOfWhatIsNew()
{
    const auto model = makeModel();
    QVERIFY(joinExtended(session(1)));
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    QTRY_COMPARE(emits().size(), 2);
    greetWith(session(2, {{u"clientId"_s, u"me2"_s}}));
    QVERIFY(comeBack());
    sendFrom(u"ann"_s, 42, u"new"_s);
    QTRY_COMPARE(tell(*model), u"a Uncertain, b Uncertain, new Received"_s);
    // It arrived later than that.
    RowCounters counters(model.get());
    sendFrom(u"me"_s, 43, u"a"_s);
    QTRY_COMPARE(tell(*model), u"b Uncertain, new Received, a Sent"_s);
    QCOMPARE(counters.tell(), u"moved 0-0 to 3, changed 2-2"_s);
}

void tst_OwnEvents::clearLeavesWhatIsOnItsWay()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(model->count(), 1);
    for (const QString &text : {u"a"_s, u"b"_s, u"c"_s})
        m_client->emitEvent(u"x"_s, text);
    sendRefusal(2, u"rate_limited"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, a Sending, b Failed, c Sending"_s);
    model->clear();
    QCOMPARE(tell(*model), u"a Sending, c Sending"_s);
}

void tst_OwnEvents::aLateModelShowsWhatIsOnItsWay()
{
    QVERIFY(joinExtended());
    m_client->setQueuePolicy({.maxInFlight = 1});
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    const auto model = makeModel();
    QCOMPARE(tell(*model), u"a Sending, b Queued"_s);
    QCOMPARE(m_client->pendingEvents()->count(), 2);
    QCOMPARE(tell(*model), u"a Sending, b Queued"_s);
    sendFrom(u"me"_s, 42, u"a"_s);
    QTRY_COMPARE(tell(*model), u"a Sent, b Queued"_s);
}

void tst_OwnEvents::theBaseProfileTellsOwnEventsByTheirPayload()
{
    const auto model = makeModel();
    m_server->relays = false;
    QVERIFY(join());
    m_client->emitEvent(u"x"_s, QJsonObject{{u"b"_s, 1}, {u"a"_s, 2}});
    m_client->emitEvent(u"x"_s);
    QCOMPARE(model->count(), 2);
    QVERIFY(at(*model, 0, Model::PendingRole).toBool());
    RowCounters counters(model.get());
    m_server->last()->sendText(message(u"x"_s, "\"hers\""));
    m_server->last()->sendText(message(u"x"_s, "{\"b\": 1, \"a\": 2}"));
    m_server->last()->sendText(message(u"x"_s, "{}"));
    QTRY_VERIFY(model->count() == 3 && !at(*model, 2, Model::PendingRole).toBool());
    QVERIFY(at(*model, 1, Model::OwnRole).toBool() && at(*model, 2, Model::OwnRole).toBool());
    QCOMPARE(at(*model, 0, Model::StatusRole).value<Model::Status>(), Model::Received);
    QCOMPARE(counters.tell(), u"inserted 0-0, changed 1-1, changed 2-2"_s);
}

void tst_OwnEvents::theBaseProfileHearsNothingOfWhatGoesToRecipients()
{
    const auto model = makeModel();
    m_client->emitEvent(u"x"_s, u"a"_s, QStringList{u"ann"_s});
    QCOMPARE(tell(*model), u"a Queued"_s);
    QVERIFY(join());
    QTRY_COMPARE(tell(*model), u"a Sent"_s);
    m_client->emitEvent(u"x"_s, u"b"_s, QStringList{u"ann"_s});
    QCOMPARE(tell(*model), u"a Sent, b Sent"_s);
}

void tst_OwnEvents::theBaseProfileDoesNotKnowWhatALossTook()
{
    const auto model = makeModel();
    m_server->relays = false;
    QVERIFY(join());
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"x"_s});
    QVERIFY(comeBack());
    QCOMPARE(tell(*model), u"mine Uncertain"_s);
    QVERIFY(model->retry(idAt(*model, 0)));
    QTRY_COMPARE(eventsAtServer().size(), 2);
    QCOMPARE(tell(*model), u"mine Sending"_s);
}

QTEST_GUILESS_MAIN(tst_OwnEvents)
#include "tst_ownevents.moc"
