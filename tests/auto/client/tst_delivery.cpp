// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Qt::StringLiterals;

/// What becomes of events, and who is told.
class tst_Delivery : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void emitsAreNumbered();
    void theBaseProfileHasNoNumbers();
    void anAcknowledgementEndsTheFuture();
    void oneAcknowledgementIsForAllBeforeIt();
    void aRefusalNamesTheEvent();
    void aGapRefusesNoEvent();
    void whatIsRefusedHereFailsToo();
    void whatWaitedIsAcknowledgedLater();
    void whatIsDroppedFromTheQueueFails_data();
    void whatIsDroppedFromTheQueueFails();
    void aLossMakesTheFateUnknown();
    void leavingMakesTheFateUnknownButIsNoLoss();
    void theBaseProfileAcknowledgesNothing();
    void notMoreIsInFlightThanMayBe();
    void notMoreBytesAreInFlightThanMayBe();
    void whatTheServerWouldNotTakeIsNotSent();
    void whatWaitedAndIsTooLongIsDropped();
    void theClientsEndIsTold();
    void anyThreadMayWaitForIt();
    void acknowledgementsOfNonsenseEndTheConnection_data();
    void acknowledgementsOfNonsenseEndTheConnection();

private:
    using Ack = QFuture<DispatchAcknowledgement>;
};

void tst_Delivery::emitsAreNumbered()
{
    greetWith(greeting());
    m_client->setUserInfo({{u"name"_s, u"Me"_s}});
    QVERIFY(join());
    QCOMPARE(m_client->emitEvent(u"x"_s, 1), DispatchClient::Sent);
    QCOMPARE(m_client->emitEvent(u"x"_s, 2, {u"ann"_s}), DispatchClient::Sent);
    const Ack ack = m_client->emitAcknowledged(u"x"_s, 3);
    QTRY_COMPARE(emits().size(), 3);
    QCOMPARE(emits()[0],
             (QJsonObject{{u"emit"_s, 1}, {u"eventName"_s, u"x"_s}, {u"payload"_s, 1}}));
    QCOMPARE(emits()[1]["emit"_L1], QJsonValue(2));
    QCOMPARE(emits()[1]["recipients"_L1].toArray().size(), 1);
    QCOMPARE(emits()[2]["emit"_L1], QJsonValue(3));
    QCOMPARE(emits()[2]["ack"_L1], QJsonValue(true));
    QVERIFY(!m_server->last()->messages().first().contains("emit"_L1));
    QVERIFY(!ack.isFinished());
}

void tst_Delivery::theBaseProfileHasNoNumbers()
{
    QVERIFY(join());
    m_client->emitEvent(u"x"_s, 1);
    QTRY_COMPARE(emits().size(), 1);
    QVERIFY(!emits().first().contains("emit"_L1));
}

void tst_Delivery::anAcknowledgementEndsTheFuture()
{
    greetWith(greeting());
    QVERIFY(join());
    const Ack toAll = m_client->emitAcknowledged(u"x"_s);
    sendAck(1, 42);
    QTRY_VERIFY(toAll.isFinished());
    QCOMPARE(toAll.result().sequence, 42);
    const Ack toAnn = m_client->emitAcknowledged(u"x"_s, 1, QStringList{u"ann"_s});
    sendAck(2);
    QTRY_VERIFY(toAnn.isFinished());
    QCOMPARE(toAnn.result().sequence, 0);
}

void tst_Delivery::oneAcknowledgementIsForAllBeforeIt()
{
    greetWith(greeting());
    QVERIFY(join());
    const Ack first = m_client->emitAcknowledged(u"x"_s);
    m_client->emitEvent(u"x"_s);
    const Ack third = m_client->emitAcknowledged(u"x"_s);
    const Ack fourth = m_client->emitAcknowledged(u"x"_s);
    sendAck(3, 44);
    QTRY_VERIFY(first.isFinished() && third.isFinished());
    QCOMPARE(third.result().sequence, 44);
    QVERIFY(!fourth.isFinished());
}

void tst_Delivery::aRefusalNamesTheEvent()
{
    greetWith(greeting());
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    const Ack first = m_client->emitAcknowledged(u"x"_s);
    const Ack second = m_client->emitAcknowledged(u"x"_s);
    sendRefusal(1, u"rate_limited"_s);
    sendAck(2, 42);
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(errorOf(first), DispatchError::RefusedByServer);
    QCOMPARE(errors.first().first().value<DispatchError>().reason(), u"rate_limited"_s);
    QCOMPARE(second.result().sequence, 42);
    QCOMPARE(errors.size(), 1);
}

void tst_Delivery::aGapRefusesNoEvent()
{
    greetWith(greeting());
    QVERIFY(join());
    const Ack ack = m_client->emitAcknowledged(u"x"_s);
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, u"emit_gap"_s},
                                            {u"message"_s, u"Something is missing."_s},
                                            {u"closing"_s, true},
                                            {u"retry"_s, true}});
    m_server->last()->sendClose(4010);
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_VERIFY(ack.isFinished());
    QCOMPARE(errorOf(ack), DispatchError::FateUnknown);
}

void tst_Delivery::whatIsRefusedHereFailsToo()
{
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    const Ack reserved = m_client->emitAcknowledged(u"@@x"_s);
    QTRY_VERIFY(reserved.isFinished());
    QCOMPARE(errorOf(reserved), DispatchError::InvalidEventName);
    m_client->setQueuePolicy({.maxMessages = 0});
    const Ack offline = m_client->emitAcknowledged(u"x"_s);
    QTRY_VERIFY(offline.isFinished());
    QCOMPARE(errorOf(offline), DispatchError::NotConnected);
    QCOMPARE(errors.size(), 2);
}

void tst_Delivery::whatWaitedIsAcknowledgedLater()
{
    greetWith(greeting());
    const Ack ack = m_client->emitAcknowledged(u"x"_s);
    QCOMPARE(m_client->queuedEvents(), 1);
    QVERIFY(join());
    QTRY_COMPARE(emits().size(), 1);
    QVERIFY(!ack.isFinished());
    sendAck(1, 42);
    QTRY_VERIFY(ack.isFinished());
    QCOMPARE(ack.result().sequence, 42);
}

void tst_Delivery::whatIsDroppedFromTheQueueFails_data()
{
    QTest::addColumn<DispatchQueuePolicy>("policy");
    QTest::addColumn<DispatchError::Code>("code");
    QTest::newRow("driven out") << DispatchQueuePolicy{.maxMessages = 1,
                                                       .overflow = DispatchQueuePolicy::DropOldest}
                                << DispatchError::QueueFull;
    QTest::newRow("too old") << DispatchQueuePolicy{.maxAge = 1} << DispatchError::Expired;
    QTest::newRow("told to disconnect") << DispatchQueuePolicy() << DispatchError::Discarded;
}

void tst_Delivery::whatIsDroppedFromTheQueueFails()
{
    QFETCH(const DispatchQueuePolicy, policy);
    m_client->setQueuePolicy(policy);
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    const Ack ack = m_client->emitAcknowledged(u"x"_s);
    m_client->emitEvent(u"y"_s);
    if (policy == DispatchQueuePolicy())
        m_client->disconnectFromServer();
    QTRY_VERIFY(ack.isFinished());
    QTEST(errorOf(ack), "code");
    QVERIFY(!drops.isEmpty());
    QCOMPARE(drops.first().first().toString(), u"x"_s);
}

void tst_Delivery::aLossMakesTheFateUnknown()
{
    greetWith(greeting());
    QVERIFY(join());
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    const Ack certain = m_client->emitAcknowledged(u"a"_s);
    sendAck(1, 42);
    QTRY_VERIFY(certain.isFinished());
    const Ack lost = m_client->emitAcknowledged(u"b"_s, 1);
    m_client->emitEvent(u"c"_s, 2);
    QTRY_COMPARE(emits().size(), 3);
    m_server->last()->drop();
    QTRY_COMPARE(uncertain.size(), 2);
    QTRY_VERIFY(lost.isFinished());
    QCOMPARE(errorOf(lost), DispatchError::FateUnknown);
    QCOMPARE(uncertain[0][0].toString(), u"b"_s);
    QCOMPARE(uncertain[1][0].toString(), u"c"_s);
    QCOMPARE(uncertain[1][1].toJsonValue(), QJsonValue(2));
    QCOMPARE(uncertain[1][2].value<DispatchError>().code(), DispatchError::FateUnknown);
    // It is another session, with numbers of its own.
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    m_client->emitEvent(u"d"_s);
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["emit"_L1], QJsonValue(1));
}

void tst_Delivery::leavingMakesTheFateUnknownButIsNoLoss()
{
    greetWith(greeting());
    QVERIFY(join());
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    const Ack ack = m_client->emitAcknowledged(u"x"_s);
    m_client->disconnectFromServer();
    QTRY_VERIFY(ack.isFinished());
    QCOMPARE(errorOf(ack), DispatchError::FateUnknown);
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(uncertain.size(), 0);
}

void tst_Delivery::theBaseProfileAcknowledgesNothing()
{
    QVERIFY(join());
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    const Ack ack = m_client->emitAcknowledged(u"x"_s);
    QTRY_VERIFY(ack.isFinished());
    QCOMPARE(errorOf(ack), DispatchError::FateUnknown);
    QTRY_COMPARE(emits().size(), 1);
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(uncertain.size(), 0);
}

void tst_Delivery::notMoreIsInFlightThanMayBe()
{
    greetWith(greeting());
    m_client->setQueuePolicy({.maxInFlight = 4});
    QVERIFY(join());
    for (int i = 1; i <= 4; ++i)
        QCOMPARE(m_client->emitEvent(u"x"_s, i), DispatchClient::Sent);
    QCOMPARE(m_client->emitEvent(u"x"_s, 5), DispatchClient::Queued);
    QTRY_COMPARE(emits().size(), 4);
    // Else the server would take its time, and so would the fifth.
    for (int i = 0; i < 4; ++i)
        QCOMPARE(emits()[i]["ack"_L1].toBool(), i % 2 == 1);
    sendAck(1);
    QTRY_COMPARE(emits().size(), 5);
    QCOMPARE(emits()[4]["emit"_L1], QJsonValue(5));
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_Delivery::notMoreBytesAreInFlightThanMayBe()
{
    greetWith(greeting());
    m_client->setQueuePolicy({.maxMessages = 1, .maxInFlightBytes = 200});
    QVERIFY(join());
    const QString text(100, u'x');
    QCOMPARE(m_client->emitEvent(u"x"_s, text), DispatchClient::Sent);
    QCOMPARE(m_client->emitEvent(u"x"_s, text), DispatchClient::Sent);
    QCOMPARE(m_client->emitEvent(u"x"_s, text), DispatchClient::Queued);
    QTRY_COMPARE(emits().size(), 2);
    for (const QJsonObject &emit : emits())
        QVERIFY(emit["ack"_L1].toBool());
    sendAck(1);
    QTRY_COMPARE(emits().size(), 3);
}

void tst_Delivery::whatTheServerWouldNotTakeIsNotSent()
{
    const QString longest(100 - u"{\"emit\":1,\"eventName\":\"x\",\"payload\":\"\"}"_s.size(),
                          u'\u20ac');
    greetWith(greeting({{u"limits"_s, QJsonObject{{u"messageUtf16Units"_s, 100}}}}));
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    const Ack tooLong = m_client->emitAcknowledged(u"x"_s, longest + u'x');
    QTRY_VERIFY(tooLong.isFinished());
    QCOMPARE(errorOf(tooLong), DispatchError::MessageTooBig);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(m_client->emitEvent(u"x"_s, longest + u'x'), DispatchClient::Refused);
    QCOMPARE(m_client->emitEvent(u"x"_s, longest), DispatchClient::Sent);
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["emit"_L1], QJsonValue(1));
}

void tst_Delivery::whatWaitedAndIsTooLongIsDropped()
{
    greetWith(greeting({{u"limits"_s, QJsonObject{{u"messageUtf16Units"_s, 100}}}}));
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    m_client->emitEvent(u"a"_s, QString(200, u'x'));
    m_client->emitEvent(u"b"_s);
    QVERIFY(join());
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["eventName"_L1].toString(), u"b"_s);
    QCOMPARE(drops.size(), 1);
    QCOMPARE(drops.first()[0].toString(), u"a"_s);
    QCOMPARE(drops.first()[2].value<DispatchError>().code(), DispatchError::MessageTooBig);
}

void tst_Delivery::theClientsEndIsTold()
{
    greetWith(greeting());
    const Ack queued = m_client->emitAcknowledged(u"x"_s);
    m_client.reset();
    QTRY_VERIFY(queued.isFinished());
    QCOMPARE(errorOf(queued), DispatchError::Cancelled);
}

void tst_Delivery::anyThreadMayWaitForIt()
{
    greetWith(greeting());
    QVERIFY(join());
    Ack ack;
    std::thread([&] { ack = m_client->emitAcknowledged(u"x"_s, 7); }).join();
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["payload"_L1], QJsonValue(7));
    sendAck(1, 42);
    QTRY_VERIFY(ack.isFinished());
    QCOMPARE(ack.result().sequence, 42);
}

void tst_Delivery::acknowledgementsOfNonsenseEndTheConnection_data()
{
    QTest::addColumn<int>("emit");
    QTest::newRow("of nothing") << 0;
    QTest::newRow("of what was not sent") << 1;
}

void tst_Delivery::acknowledgementsOfNonsenseEndTheConnection()
{
    QFETCH(const int, emit);
    greetWith(greeting());
    QVERIFY(join());
    sendAck(emit);
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

QTEST_GUILESS_MAIN(tst_Delivery)
#include "tst_delivery.moc"
