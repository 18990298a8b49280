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

/// Requests and replies, against a server that passes on what it should or should not.
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

    void aRequestIsAnsweredWithItsId();
    void requestsThatAreNotAnswered_data();
    void requestsThatAreNotAnswered();
    void handlersThatAnswerNothing_data();
    void handlersThatAnswerNothing();
    void anAnswerMayComeLater();
    void anAnswerWaitsForTheConnection();
    void theOldestAnswerIsGivenUp();
    void aHandlerThatIsUndoneAnswersNothing();
    void aHandlerMayDeleteItsClient();

private:
    using Reply = QFuture<DispatchEvent>;
    /// The id of the request that came last.
    QString lastId() const { return emits().last()["request"_L1].toString(); }
    void sendReply(const QString &id, const QJsonValue &payload);
    void sendRequest(const QString &id, const QJsonObject &details = {});
    /// Waits until the client has dealt with all that was sent to it.
    bool waitUntilHeard();
};

void tst_Requesting::sendReply(const QString &id, const QJsonValue &payload)
{
    m_server->last()->sendText(eventText(
        0, {{u"reply"_s, id}, {u"payload"_s, payload}, {u"from"_s, u"ann"_s}, {u"time"_s, 1'000}}));
}

void tst_Requesting::sendRequest(const QString &id, const QJsonObject &details)
{
    QJsonObject all{{u"request"_s, id}, {u"from"_s, u"ann"_s}, {u"time"_s, 1'000}};
    for (auto detail = details.begin(); detail != details.end(); ++detail)
        all[detail.key()] = detail.value();
    m_server->last()->sendText(eventText(0, all));
}

bool tst_Requesting::waitUntilHeard()
{
    bool heard = false;
    const auto end = m_client->on(u"the end"_s, this, [&] { heard = true; });
    m_server->last()->sendText(eventText(0, {{u"eventName"_s, u"the end"_s}}));
    const bool came = QTest::qWaitFor([&] { return heard; });
    DispatchSubscription(end).unsubscribe();
    return came;
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

void tst_Requesting::aRequestIsAnsweredWithItsId()
{
    greetWith(greeting());
    QVERIFY(join());
    QStringList told;
    m_client->on(u"x"_s, this, [&](const QJsonValue &, const DispatchEventMetadata &about) {
        told.append(u"heard "_s + about.requestId);
    });
    m_client->onRequest(u"x"_s, this,
                        [&](const QJsonObject &asked, const DispatchEventMetadata &about) {
                            told.append(u"asked by "_s + about.senderId);
                            return asked["sides"_L1].toInt() + 1;
                        });
    const QString id = u"an \"id\"\n\U0001F600"_s;
    sendRequest(id, {{u"payload"_s, QJsonObject{{u"sides"_s, 6}}}});
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first(),
             (QJsonObject{{u"emit"_s, 1},
                          {u"eventName"_s, u"x"_s},
                          {u"payload"_s, 7},
                          {u"recipients"_s, QJsonArray{u"ann"_s}},
                          {u"reply"_s, id}}));
    QCOMPARE(told, (QStringList{u"heard "_s + id, u"asked by ann"_s}));
}

void tst_Requesting::requestsThatAreNotAnswered_data()
{
    QTest::addColumn<QJsonObject>("details");
    QTest::newRow("its own") << QJsonObject{{u"from"_s, u"me"_s}};
    QTest::newRow("a back end's") << QJsonObject{{u"from"_s, u""_s}};
    QTest::newRow("no id") << QJsonObject{{u"request"_s, u""_s}};
    QTest::newRow("an id that is no text") << QJsonObject{{u"request"_s, 7}};
    QTest::newRow("another name") << QJsonObject{{u"eventName"_s, u"y"_s}};
    QTest::newRow("a reply, too") << QJsonObject{{u"reply"_s, u"an id"_s}};
}

void tst_Requesting::requestsThatAreNotAnswered()
{
    QFETCH(const QJsonObject, details);
    greetWith(greeting());
    QVERIFY(join());
    int asked = 0;
    m_client->onRequest(u"x"_s, this, [&] { return ++asked; });
    sendRequest(u"an id"_s, details);
    QVERIFY(waitUntilHeard());
    QCOMPARE(asked, 0);
    QCOMPARE(eventsAtServer(), QStringList());
}

void tst_Requesting::handlersThatAnswerNothing_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("warning");
    QTest::newRow("undefined") << u"undefined"_s << QString();
    QTest::newRow("cancelled") << u"cancelled"_s << QString();
    QTest::newRow("throws") << u"throws"_s << u"out of dice"_s;
    QTest::newRow("a future that fails") << u"fails"_s << u"no dice"_s;
}

void tst_Requesting::handlersThatAnswerNothing()
{
    QFETCH(const QString, kind);
    QFETCH(const QString, warning);
    greetWith(greeting());
    QVERIFY(join());
    m_client->onRequest(u"x"_s, this, [&]() -> QFuture<QJsonValue> {
        if (kind == u"throws"_s)
            throw std::runtime_error("out of dice");
        if (kind == u"undefined"_s)
            return QtFuture::makeReadyFuture(QJsonValue(QJsonValue::Undefined));
        QPromise<QJsonValue> promise;
        promise.start();
        if (kind == u"fails"_s)
            promise.setException(DispatchError(DispatchError::InvalidPayload, u"no dice"_s));
        return promise.future();
    });
    if (!warning.isEmpty())
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"answers nothing to.*"_s + warning));
    sendRequest(u"an id"_s);
    // The next one is answered, as is seen by the number.
    m_client->onRequest(u"y"_s, this, [] { return QJsonObject{{u"ok"_s, true}}; });
    QVERIFY(waitUntilHeard());
    sendRequest(u"the next"_s, {{u"eventName"_s, u"y"_s}});
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["reply"_L1].toString(), u"the next"_s);
}

void tst_Requesting::anAnswerMayComeLater()
{
    greetWith(greeting());
    QVERIFY(join());
    QPromise<QJsonValue> promise;
    promise.start();
    m_client->onRequest(u"x"_s, this, [&] { return promise.future(); });
    sendRequest(u"an id"_s);
    QVERIFY(waitUntilHeard());
    QCOMPARE(emits().size(), 0);
    std::thread([&] {
        promise.addResult(QJsonValue(7));
        promise.finish();
    }).join();
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["reply"_L1].toString(), u"an id"_s);
    QCOMPARE(emits().first()["payload"_L1], QJsonValue(7));
}

void tst_Requesting::anAnswerWaitsForTheConnection()
{
    greetWith(greeting());
    QVERIFY(join());
    QPromise<QJsonValue> promise;
    promise.start();
    m_client->onRequest(u"x"_s, this, [&] { return promise.future(); });
    sendRequest(u"an id"_s);
    QVERIFY(waitUntilHeard());
    QSignalSpy losses(m_client.get(), &DispatchClient::disconnected);
    connect(m_client.get(), &DispatchClient::disconnected, this, [&] {
        promise.addResult(QJsonValue(7));
        promise.finish();
    });
    m_server->last()->drop();
    QTRY_COMPARE(losses.size(), 1);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QTRY_COMPARE(emits().size(), 1);
    QCOMPARE(emits().first()["reply"_L1].toString(), u"an id"_s);
}

void tst_Requesting::theOldestAnswerIsGivenUp()
{
    greetWith(greeting());
    QVERIFY(join());
    m_client->setRequestPolicy({.maxPending = 2});
    std::vector<std::unique_ptr<QPromise<QJsonValue>>> promises;
    m_client->onRequest(u"x"_s, this, [&] {
        promises.push_back(std::make_unique<QPromise<QJsonValue>>());
        promises.back()->start();
        return promises.back()->future();
    });
    for (const QString &id : {u"a"_s, u"b"_s, u"c"_s})
        sendRequest(id);
    QTRY_COMPARE(promises.size(), 3u);
    for (const auto &promise : promises) {
        promise->addResult(QJsonValue(1));
        promise->finish();
    }
    QTRY_COMPARE(emits().size(), 2);
    QCOMPARE(emits()[0]["reply"_L1].toString(), u"b"_s);
    QCOMPARE(emits()[1]["reply"_L1].toString(), u"c"_s);
}

void tst_Requesting::aHandlerThatIsUndoneAnswersNothing()
{
    greetWith(greeting());
    QVERIFY(join());
    int asked = 0;
    auto subscription = m_client->onRequest(u"x"_s, this, [&] { return ++asked; });
    {
        QObject context;
        m_client->onRequest(u"x"_s, &context, [&] { return ++asked; });
    }
    QVERIFY(subscription.isActive());
    subscription.unsubscribe();
    sendRequest(u"an id"_s);
    QVERIFY(waitUntilHeard());
    QCOMPARE(asked, 0);
}

void tst_Requesting::aHandlerMayDeleteItsClient()
{
    greetWith(greeting());
    QVERIFY(join());
    const Reply reply = m_client->request(u"x"_s);
    bool deleted = false;
    m_client->onRequest(u"x"_s, this, [&] {
        m_client.reset();
        deleted = true;
        return 1;
    });
    sendRequest(u"an id"_s);
    QTRY_VERIFY(deleted);
    QTRY_VERIFY(reply.isFinished());
    QCOMPARE(errorOf(reply), DispatchError::Cancelled);
}

QTEST_GUILESS_MAIN(tst_Requesting)
#include "tst_requesting.moc"
