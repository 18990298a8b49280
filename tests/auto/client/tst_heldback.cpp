// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qelapsedtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

using Options = DispatchEmitOptions;

/// Events that are held back because the server would refuse them for coming too soon.
class tst_HeldBack : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void theyWaitInTheQueue();
    void theyAreNotVolatile();
    void theLatestReplacesThem();
    void whereNothingMayWaitTheyAreRefused();
    void withoutPaceTheyAreSent();
    void thoseThatWaitGoWhenPaceIsTurnedOff();
    void whatTellsNoRatesHoldsNothingBack_data();
    void whatTellsNoRatesHoldsNothingBack();
    void whatIsInFlightComesAgainAtThePaceAndFirst();
    void leavingDropsThem();

private:
    /// A server that takes so much; from a full bucket it takes any message. With one byte a
    /// second the next one has to wait for half a minute.
    static QJsonObject bytes(int perSecond)
    {
        return {{u"bytesPerSecond"_s, perSecond}, {u"byteBurst"_s, 1}};
    }
    bool joinHeldBack(int bytesPerSecond = 1)
    {
        greetWith(greeting({{u"limits"_s, bytes(bytesPerSecond)}}));
        return join() && m_client->emitEvent(u"first"_s) == DispatchClient::Sent;
    }
};

void tst_HeldBack::theyWaitInTheQueue()
{
    QVERIFY(joinHeldBack(20));
    auto *model = m_client->pendingEvents();
    QCOMPARE(m_client->emitEvent(u"second"_s), DispatchClient::Queued);
    QCOMPARE(m_client->emitEvent(u"third"_s), DispatchClient::Queued);
    QCOMPARE(m_client->queuedEvents(), 2);
    QCOMPARE(
        model->index(model->rowCount() - 1, 0).data(DispatchPendingEventsModel::StatusRole).toInt(),
        int(DispatchPendingEventsModel::Queued));
    QTRY_COMPARE(emits().size(), 2);
    QCOMPARE(emits()[1]["eventName"_L1].toString(), u"second"_s);
    QTRY_COMPARE(m_client->queuedEvents(), 1);
}

void tst_HeldBack::theyAreNotVolatile()
{
    QVERIFY(joinHeldBack());
    const QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    QCOMPARE(m_client->emitEvent(u"x"_s, 1, {.ifDelayed = Options::Drop}), DispatchClient::Dropped);
    QCOMPARE(drops.size(), 1);
    QCOMPARE(drops[0][2].value<DispatchError>().code(), DispatchError::QueueFull);
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_HeldBack::theLatestReplacesThem()
{
    QVERIFY(joinHeldBack(20));
    const QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    const Options latest{.ifDelayed = Options::KeepLatest, .key = u"k"_s};
    for (int i = 0; i < 5; ++i)
        QCOMPARE(m_client->emitEvent(u"x"_s, i, latest), DispatchClient::Queued);
    QCOMPARE(m_client->queuedEvents(), 1);
    QCOMPARE(drops.size(), 4);
    QCOMPARE(drops[3][2].value<DispatchError>().code(), DispatchError::Superseded);
    QTRY_COMPARE(emits().size(), 2);
    QCOMPARE(emits()[1]["payload"_L1].toInt(), 4);
}

void tst_HeldBack::whereNothingMayWaitTheyAreRefused()
{
    m_client->setQueuePolicy({.maxMessages = 0});
    QVERIFY(joinHeldBack());
    QCOMPARE(m_client->emitEvent(u"second"_s), DispatchClient::Refused);
    QVERIFY(m_client->errorString().contains("No more can be sent now"_L1));
}

void tst_HeldBack::withoutPaceTheyAreSent()
{
    m_client->setQueuePolicy({.paced = false});
    QVERIFY(joinHeldBack());
    for (int i = 0; i < 10; ++i)
        QCOMPARE(m_client->emitEvent(u"x"_s), DispatchClient::Sent);
    QTRY_COMPARE(emits().size(), 11);
}

void tst_HeldBack::thoseThatWaitGoWhenPaceIsTurnedOff()
{
    QVERIFY(joinHeldBack());
    for (int i = 0; i < 10; ++i)
        QCOMPARE(m_client->emitEvent(u"x"_s), DispatchClient::Queued);
    m_client->setQueuePolicy({.paced = false});
    QCOMPARE(m_client->queuedEvents(), 0);
    QTRY_COMPARE(emits().size(), 11);
}

void tst_HeldBack::whatTellsNoRatesHoldsNothingBack_data()
{
    QTest::addColumn<QJsonObject>("fields");
    QTest::newRow("no limits") << QJsonObject();
    QTest::newRow("others") << QJsonObject{
        {u"limits"_s, QJsonObject{{u"messageUtf16Units"_s, 128'000}}}};
    QTest::newRow("no limit") << QJsonObject{{u"limits"_s, bytes(0)}};
}

void tst_HeldBack::whatTellsNoRatesHoldsNothingBack()
{
    QFETCH(QJsonObject, fields);
    greetWith(greeting(fields));
    QVERIFY(join());
    for (int i = 0; i < 500; ++i)
        QCOMPARE(m_client->emitEvent(u"x"_s), DispatchClient::Sent);
}

void tst_HeldBack::whatIsInFlightComesAgainAtThePaceAndFirst()
{
    greetWith(session(1));
    QVERIFY(join());
    for (int i = 1; i <= 5; ++i)
        QCOMPARE(m_client->emitEvent(u"x"_s, i), DispatchClient::Sent);
    QTRY_COMPARE(emits().size(), 5);
    // Meanwhile the server has rates.
    const QJsonObject rates{{u"messagesPerSecond"_s, 20}, {u"messageBurst"_s, 1}};
    greetWith(session(2, {{u"limits"_s, rates}, {u"recovered"_s, true}, {u"lastEmit"_s, 0}}));
    QElapsedTimer time;
    time.start();
    QVERIFY(comeBack());
    m_client->emitEvent(u"x"_s, 6);
    QTRY_COMPARE(emitsAtServer(), (QList<QJsonValue>{1, 2, 3, 4, 5, 6}));
    QVERIFY2(time.elapsed() >= 5 * 50, qPrintable(QString::number(time.elapsed())));
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_HeldBack::leavingDropsThem()
{
    QVERIFY(joinHeldBack());
    m_client->emitEvent(u"second"_s);
    const QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    m_client->disconnectFromServer();
    QCOMPARE(drops.size(), 1);
    QCOMPARE(drops[0][2].value<DispatchError>().code(), DispatchError::Discarded);
}

QTEST_GUILESS_MAIN(tst_HeldBack)

#include "tst_heldback.moc"
