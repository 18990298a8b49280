// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Requests and the replies to them, against a server that passes on what it should or should not.
class tst_Requesting : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void aRequestNamesItself();
    void theFirstReplyEndsTheFuture();
    void aReplyIsForWhoAsked();
    void aReplyThatNobodyWaitsForIsIgnored();
    void nobodyAnswers();
    void whatWaitedTooLongIsNotSent();
    void theBaseProfileHasNone();
    void theBaseProfileHasNoneForWhatWaited();
    void aRefusalEndsIt();
    void whatIsRefusedHereEndsIt();
    void aLossWithoutItsSessionEndsIt();
    void aSessionThatGoesOnBringsTheReply();
    void leavingEndsIt();
    void theClientsEndEndsIt();
    void notMoreWaitThanMay();
    void anyThreadMayAsk();

private:
    using Reply = QFuture<DispatchEvent>;
    /// The id of the request that came last.
    QString lastId() const { return emits().last()["request"_L1].toString(); }
    void sendReply(const QString &id, const QJsonValue &payload);
};

void tst_Requesting::sendReply(const QString &id, const QJsonValue &payload)
{
    m_server->last()->sendText(eventText(
        0, {{u"reply"_s, id}, {u"payload"_s, payload}, {u"from"_s, u"ann"_s}, {u"time"_s, 1'000}}));
}

void tst_Requesting::aRequestNamesItself()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply toAll = m_client->request(u"x"_s, 1);
    const Reply toAnn = m_client->request(u"x"_s, {}, {.recipients = QStringList{u"ann"_s}});
    QTRY_COMPARE(emits().size(), 2);
    const QJsonObject first = emits().first();
    QCOMPARE(first["payload"_L1], QJsonValue(1));
    QVERIFY(!first.contains("recipients"_L1));
    QCOMPARE(first["emit"_L1], QJsonValue(1));
    const QString id = first["request"_L1].toString();
    QVERIFY(!id.isEmpty() && id.size() <= 64);
    QCOMPARE(emits()[1]["recipients"_L1], QJsonValue(QJsonArray{u"ann"_s}));
    QVERIFY(emits()[1]["request"_L1].toString() != id);
    QVERIFY(!toAll.isFinished() && !toAnn.isFinished());
}

void tst_Requesting::theFirstReplyEndsTheFuture()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply reply = m_client->request(u"x"_s);
    QTRY_COMPARE(emits().size(), 1);
    sendReply(lastId(), 7);
    sendReply(lastId(), 8);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload(), QJsonValue(7));
    QCOMPARE(reply.result().name(), u"x"_s);
    QCOMPARE(reply.result().metadata().senderId, u"ann"_s);
    QVERIFY(waitUntilHeard());
    QCOMPARE(m_server->count(), 1);
}

void tst_Requesting::aReplyIsForWhoAsked()
{
    greetWith(greeting());
    QVERIFY(join());
    int heard = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    QStringList received;
    connect(m_client.get(), &DispatchClient::eventReceived, this,
            [&](const QString &name) { received.append(name); });
    const Reply reply = m_client->request(u"x"_s);
    QTRY_COMPARE(emits().size(), 1);
    sendReply(lastId(), 7);
    QTRY_VERIFY(reply.isFinished());
    QVERIFY(waitUntilHeard());
    QCOMPARE(heard, 0);
    QCOMPARE(received, QStringList{u"the end"_s});
}

void tst_Requesting::aReplyThatNobodyWaitsForIsIgnored()
{
    greetWith(greeting());
    QVERIFY(join());
    int heard = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    sendReply(u"unknown"_s, 7);
    // It is an event of the shard all the same: the next one follows it.
    m_server->last()->sendText(eventText(42, {{u"reply"_s, u"\"\\"_s}}));
    m_server->last()->sendText(eventText(43));
    QTRY_COMPARE(heard, 1);
    QCOMPARE(m_server->count(), 1);
}

void tst_Requesting::nobodyAnswers()
{
    greetWith(greeting());
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->setRequestPolicy({.timeout = 1});
    const Reply short1 = m_client->request(u"x"_s);
    const Reply short2 = m_client->request(u"x"_s, {}, {.timeout = 0ms});
    const Reply longer = m_client->request(u"x"_s, {}, {.timeout = 24h * 1'000});
    QTRY_VERIFY(short1.isFinished() && short2.isFinished());
    QCOMPARE(errorOf(short1), DispatchError::NoReply);
    QVERIFY(thrownBy(short1).message().contains("Nobody answered"_L1));
    QVERIFY(thrownBy(short2).isRetryable());
    QVERIFY(!longer.isFinished());
    QCOMPARE(errors.size(), 0);
    QTRY_COMPARE(emits().size(), 3);
    sendReply(emits().first()["request"_L1].toString(), 7);
    QVERIFY(waitUntilHeard());
    QVERIFY(!longer.isFinished());
}

void tst_Requesting::whatWaitedTooLongIsNotSent()
{
    const Reply reply = m_client->request(u"x"_s, {}, {.timeout = 1ms});
    m_client->emitEvent(u"y"_s);
    QCOMPARE(m_client->queuedEvents(), 2);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::NoReply);
    QVERIFY(thrownBy(reply).message().contains("never sent"_L1));
    QCOMPARE(m_client->queuedEvents(), 1);
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), QStringList{u"y"_s});
}

void tst_Requesting::theBaseProfileHasNone()
{
    QVERIFY(join());
    const Reply reply = m_client->request(u"x"_s);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::NotSupported);
    int heard = 0;
    int asked = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    m_client->onRequest(u"x"_s, this, [&] { return ++asked; });
    sendReply(u"an id"_s, 1);
    sendRequest(u"an id"_s);
    QTRY_COMPARE(heard, 2);
    QCOMPARE(asked, 0);
    QCOMPARE(eventsAtServer(), QStringList());
}

void tst_Requesting::theBaseProfileHasNoneForWhatWaited()
{
    const Reply reply = m_client->request(u"x"_s);
    m_client->emitEvent(u"y"_s);
    QVERIFY(join());
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::NotSupported);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"y"_s});
}

void tst_Requesting::aRefusalEndsIt()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply reply = m_client->request(u"x"_s);
    sendRefusal(1, u"rate_limited"_s);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::RefusedByServer);
    QCOMPARE(thrownBy(reply).reason(), u"rate_limited"_s);
}

void tst_Requesting::whatIsRefusedHereEndsIt()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply reply = m_client->request(u"@@x"_s);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::InvalidEventName);
}

void tst_Requesting::aLossWithoutItsSessionEndsIt()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply acknowledged = m_client->request(u"x"_s, 1);
    sendAck(1);
    const Reply inFlight = m_client->request(u"x"_s, 2);
    QTRY_COMPARE(emits().size(), 2);
    QVERIFY(waitUntilHeard());
    greetWith(greeting({{u"clientId"_s, u"another"_s}}));
    m_server->last()->drop();
    QTRY_VERIFY(acknowledged.isFinished() && inFlight.isFinished());
    QCOMPARE(errorOf(acknowledged), DispatchError::FateUnknown);
    QCOMPARE(errorOf(inFlight), DispatchError::FateUnknown);
    QTRY_COMPARE(m_client->clientId(), u"another"_s);
}

void tst_Requesting::aSessionThatGoesOnBringsTheReply()
{
    greetWith(greeting({{u"session"_s, QString(43, u'k')}}));
    QVERIFY(join());
    const Reply reply = m_client->request(u"x"_s, 1);
    QTRY_COMPARE(emits().size(), 1);
    const QString id = lastId();
    greetWith(greeting({{u"session"_s, QString(43, u'l')},
                        {u"recovered"_s, true},
                        {u"lastEmit"_s, 1},
                        {u"replay"_s, 1}}));
    QSignalSpy returns(m_client.get(), &DispatchClient::connectionRestored);
    m_server->last()->drop();
    const Reply meanwhile = m_client->request(u"x"_s, 2);
    QTRY_COMPARE(returns.size(), 1);
    sendReply(id, 7);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload(), QJsonValue(7));
    QTRY_COMPARE(emits().size(), 1);
    sendReply(lastId(), 8);
    QTRY_VERIFY(meanwhile.isFinished());
    QCOMPARE(meanwhile.result().payload(), QJsonValue(8));
}

void tst_Requesting::leavingEndsIt()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply sent = m_client->request(u"x"_s);
    QTRY_COMPARE(emits().size(), 1);
    m_client->disconnectFromServer();
    QTRY_VERIFY(sent.isFinished());
    QCOMPARE(errorOf(sent), DispatchError::Cancelled);
    const Reply queued = m_client->request(u"x"_s);
    m_client->setActive(true);
    m_client->disconnectFromServer();
    QTRY_VERIFY(queued.isFinished());
    QCOMPARE(errorOf(queued), DispatchError::Discarded);
}

void tst_Requesting::theClientsEndEndsIt()
{
    greetWith(greeting());
    const Reply queued = m_client->request(u"x"_s);
    QVERIFY(join());
    const Reply sent = m_client->request(u"x"_s);
    m_client.reset();
    QTRY_VERIFY(queued.isFinished() && sent.isFinished());
    QCOMPARE(errorOf(queued), DispatchError::Cancelled);
    QCOMPARE(errorOf(sent), DispatchError::Cancelled);
}

void tst_Requesting::notMoreWaitThanMay()
{
    greetWith(greeting());
    QVERIFY(join());
    QSignalSpy changes(m_client.get(), &DispatchClient::requestPolicyChanged);
    m_client->setRequestPolicy({.maxPending = 1});
    m_client->setRequestPolicy({.maxPending = 1});
    QCOMPARE(changes.size(), 1);
    const Reply first = m_client->request(u"x"_s);
    const Reply second = m_client->request(u"x"_s);
    QTRY_VERIFY(second.isFinished());
    QCOMPARE(errorOf(second), DispatchError::QueueFull);
    QTRY_COMPARE(emits().size(), 1);
    sendReply(lastId(), 1);
    QTRY_VERIFY(first.isFinished());
    const Reply third = m_client->request(u"x"_s);
    QTRY_COMPARE(emits().size(), 2);
    QVERIFY(!third.isFinished());
}

void tst_Requesting::anyThreadMayAsk()
{
    greetWith(greeting());
    QVERIFY(join());
    Reply reply;
    std::thread([&] { reply = m_client->request(u"x"_s); }).join();
    QTRY_COMPARE(emits().size(), 1);
    sendReply(lastId(), 7);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(reply.result().payload(), QJsonValue(7));
}

QTEST_GUILESS_MAIN(tst_Requesting)
#include "tst_requesting.moc"
