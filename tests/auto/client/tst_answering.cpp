// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Answers to the requests of others.
class tst_Answering : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
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
};

void tst_Answering::aRequestIsAnsweredWithItsId()
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

void tst_Answering::requestsThatAreNotAnswered_data()
{
    QTest::addColumn<QJsonObject>("details");
    QTest::newRow("its own") << QJsonObject{{u"from"_s, u"me"_s}};
    QTest::newRow("a back end's") << QJsonObject{{u"from"_s, u""_s}};
    QTest::newRow("no id") << QJsonObject{{u"request"_s, u""_s}};
    QTest::newRow("an id that is no text") << QJsonObject{{u"request"_s, 7}};
    QTest::newRow("another name") << QJsonObject{{u"eventName"_s, u"y"_s}};
    QTest::newRow("a reply, too") << QJsonObject{{u"reply"_s, u"an id"_s}};
}

void tst_Answering::requestsThatAreNotAnswered()
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

void tst_Answering::handlersThatAnswerNothing_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("warning");
    QTest::newRow("undefined") << u"undefined"_s << QString();
    QTest::newRow("cancelled") << u"cancelled"_s << QString();
    QTest::newRow("throws") << u"throws"_s << u"out of dice"_s;
    QTest::newRow("a future that fails") << u"fails"_s << u"no dice"_s;
}

void tst_Answering::handlersThatAnswerNothing()
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

void tst_Answering::anAnswerMayComeLater()
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

void tst_Answering::anAnswerWaitsForTheConnection()
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

void tst_Answering::theOldestAnswerIsGivenUp()
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

void tst_Answering::aHandlerThatIsUndoneAnswersNothing()
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

void tst_Answering::aHandlerMayDeleteItsClient()
{
    greetWith(greeting());
    QVERIFY(join());
    const QFuture<DispatchEvent> reply = m_client->request(u"x"_s);
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

QTEST_GUILESS_MAIN(tst_Answering)
#include "tst_answering.moc"
