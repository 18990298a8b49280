// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Model = DispatchPendingEventsModel;
using Options = DispatchEmitOptions;

/// What the model of events on their way shows.
class tst_PendingEvents : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void anEventIsShownUntilItArrived();
    void whatIsShownIsAcknowledgedAtOnce();
    void whatIsUnderWayIsShownToWhoComesLate();
    void theBaseProfileIsDoneWithWhatWasHandedOver();
    void whatIsNoMatterHasNoRow_data();
    void whatIsNoMatterHasNoRow();
    void whatIsDroppedFailed_data();
    void whatIsDroppedFailed();
    void whatHasNoRoomFailed();
    void whatTheServerRefusesFailed();
    void aLossMakesItUncertain();
    void leavingMakesItUncertain();
    void whatTheServerDealtWithMeanwhileIsSettled();
    void whatIsTriedAgainComesAtTheEnd();
    void whatIsTriedAgainMayFailAgain();
    void aHandlerThatEmitsKeepsTheOrder();
    void aHandlerMayDeleteTheClient_data();
    void aHandlerMayDeleteTheClient();

private:
    /// Emits "x" with itself as payload and tag.
    DispatchClient::SendStatus emitX(const QString &name, Options options = {});
    Model *model() const { return m_client->pendingEvents(); }
    QVariant at(int row, int role) const { return model()->data(model()->index(row), role); }
    /// As in "a Queued, b Sending".
    QString tell() const;
    void refuse(int number);
    QStringList payloadsAtServer() const;
};

DispatchClient::SendStatus tst_PendingEvents::emitX(const QString &name, Options options)
{
    options.tag = name;
    return m_client->emitEvent(u"x"_s, name, options);
}

QString tst_PendingEvents::tell() const
{
    QStringList rows;
    for (int row = 0; row < model()->count(); ++row) {
        const auto status = Model::Status(at(row, Model::StatusRole).toInt());
        rows.append(at(row, Model::TagRole).toString() + u' '
                    + QString::fromLatin1(QMetaEnum::fromType<Model::Status>().valueToKey(status)));
    }
    return rows.join(u", "_s);
}

void tst_PendingEvents::refuse(int number)
{
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, u"rate_limited"_s},
                                            {u"message"_s, u"Slower."_s},
                                            {u"closing"_s, false},
                                            {u"retry"_s, true},
                                            {u"emit"_s, number}});
}

QStringList tst_PendingEvents::payloadsAtServer() const
{
    QStringList payloads;
    for (const QJsonObject &message : m_server->last()->messages()) {
        if (message["eventName"_L1].toString() == "x"_L1)
            payloads.append(message["payload"_L1].toString());
    }
    return payloads;
}

void tst_PendingEvents::anEventIsShownUntilItArrived()
{
    greetWith(greeting());
    const QAbstractItemModelTester tester(model());
    QStringList told;
    const auto note = [&] { told.append(tell()); };
    connect(model(), &Model::rowsInserted, this, note);
    connect(model(), &Model::dataChanged, this, note);
    connect(model(), &Model::rowsRemoved, this, note);
    emitX(u"a"_s);
    QCOMPARE(told, QStringList{u"a Queued"_s});
    QCOMPARE(at(0, Model::PayloadRole).toJsonValue(), QJsonValue(u"a"_s));
    QVERIFY(join());
    QCOMPARE(tell(), u"a Sending"_s);
    emitX(u"b"_s);
    sendAck(1, 42);
    QTRY_COMPARE(tell(), u"b Sending"_s);
    sendAck(2, 43);
    QTRY_COMPARE(tell(), QString());
    QCOMPARE(told,
             (QStringList{u"a Queued"_s, u"a Sending"_s, u"a Sending, b Sending"_s,
                          u"a Sent, b Sending"_s, u"b Sending"_s, u"b Sent"_s, QString()}));
}

void tst_PendingEvents::whatIsShownIsAcknowledgedAtOnce()
{
    greetWith(greeting());
    QVERIFY(join());
    emitX(u"a"_s);
    QCOMPARE(model()->count(), 1);
    emitX(u"b"_s);
    QTRY_COMPARE(m_server->last()->messages().size(), 2);
    QVERIFY(!m_server->last()->messages()[0].contains("ack"_L1));
    QVERIFY(m_server->last()->messages()[1]["ack"_L1].toBool());
}

void tst_PendingEvents::whatIsUnderWayIsShownToWhoComesLate()
{
    greetWith(greeting());
    m_client->setQueuePolicy({.maxInFlight = 1});
    QVERIFY(join());
    emitX(u"a"_s);
    emitX(u"b"_s);
    emitX(u"c"_s);
    QCOMPARE(tell(), u"a Sending, b Queued, c Queued"_s);
    QCOMPARE(m_client->pendingEvents(), model());
    sendAck(1);
    QTRY_COMPARE(tell(), u"b Sending, c Queued"_s);
}

void tst_PendingEvents::theBaseProfileIsDoneWithWhatWasHandedOver()
{
    QStringList told;
    connect(model(), &Model::dataChanged, this, [&] { told.append(tell()); });
    emitX(u"a"_s);
    QCOMPARE(tell(), u"a Queued"_s);
    QVERIFY(join());
    QCOMPARE(told, QStringList{u"a Sent"_s});
    QCOMPARE(model()->count(), 0);
    emitX(u"b"_s);
    QCOMPARE(model()->count(), 0);
    QTRY_COMPARE(payloadsAtServer(), (QStringList{u"a"_s, u"b"_s}));
}

void tst_PendingEvents::whatIsNoMatterHasNoRow_data()
{
    QTest::addColumn<QString>("eventName");
    QTest::addColumn<Options>("options");
    QTest::addColumn<DispatchClient::SendStatus>("status");
    QTest::newRow("volatile") << u"x"_s << Options{.ifDelayed = Options::Drop}
                              << DispatchClient::Dropped;
    QTest::newRow("no event") << u"@@x"_s << Options() << DispatchClient::Refused;
    QTest::newRow("no options") << u"x"_s << Options{.maxAge = -1ms} << DispatchClient::Refused;
}

void tst_PendingEvents::whatIsNoMatterHasNoRow()
{
    QFETCH(const QString, eventName);
    QFETCH(const Options, options);
    QCOMPARE(model()->count(), 0);
    QTEST(m_client->emitEvent(eventName, 1, options), "status");
    QCOMPARE(model()->count(), 0);
    // The model is fine.
    emitX(u"a"_s);
    QCOMPARE(tell(), u"a Queued"_s);
}

void tst_PendingEvents::whatIsDroppedFailed_data()
{
    QTest::addColumn<DispatchQueuePolicy>("policy");
    QTest::addColumn<Options>("options");
    QTest::addColumn<DispatchError::Code>("code");
    QTest::newRow("driven out") << DispatchQueuePolicy{.maxMessages = 1,
                                                       .overflow = DispatchQueuePolicy::DropOldest}
                                << Options() << DispatchError::QueueFull;
    QTest::newRow("too old") << DispatchQueuePolicy() << Options{.maxAge = 1ms}
                             << DispatchError::Expired;
    QTest::newRow("replaced") << DispatchQueuePolicy()
                              << Options{.ifDelayed = Options::KeepLatest, .key = u"k"_s}
                              << DispatchError::Superseded;
}

void tst_PendingEvents::whatIsDroppedFailed()
{
    QFETCH(const DispatchQueuePolicy, policy);
    QFETCH(const Options, options);
    QFETCH(const DispatchError::Code, code);
    m_client->setQueuePolicy(policy);
    QCOMPARE(model()->count(), 0);
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    emitX(u"a"_s, options);
    Options others = options;
    others.maxAge = {};
    emitX(u"b"_s, others);
    QTRY_COMPARE(drops.size(), 1);
    QCOMPARE(drops.first()[2].value<DispatchError>().code(), code);
    if (code == DispatchError::Superseded) {
        QCOMPARE(tell(), u"b Queued"_s);
        return;
    }
    QCOMPARE(tell(), u"a Failed, b Queued"_s);
    QCOMPARE(at(0, Model::ErrorRole).value<DispatchError>().code(), code);
    m_client->disconnectFromServer();
    QCOMPARE(tell(), u"a Failed, b Failed"_s);
}

void tst_PendingEvents::whatHasNoRoomFailed()
{
    m_client->setQueuePolicy({.maxMessages = 1});
    QCOMPARE(model()->count(), 0);
    emitX(u"a"_s);
    QCOMPARE(emitX(u"b"_s), DispatchClient::Refused);
    QCOMPARE(tell(), u"a Queued, b Failed"_s);
    QCOMPARE(at(1, Model::PayloadRole).toJsonValue(), QJsonValue(u"b"_s));
    QCOMPARE(at(1, Model::ErrorRole).value<DispatchError>().code(), DispatchError::QueueFull);
}

void tst_PendingEvents::whatTheServerRefusesFailed()
{
    greetWith(greeting());
    QVERIFY(join());
    QCOMPARE(model()->count(), 0);
    emitX(u"a"_s);
    emitX(u"b"_s);
    refuse(1);
    sendAck(2);
    QTRY_COMPARE(tell(), u"a Failed"_s);
    QCOMPARE(at(0, Model::ErrorRole).value<DispatchError>().reason(), u"rate_limited"_s);
}

void tst_PendingEvents::aLossMakesItUncertain()
{
    greetWith(greeting());
    QVERIFY(join());
    QCOMPARE(model()->count(), 0);
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    emitX(u"a"_s);
    emitX(u"b"_s);
    m_server->last()->drop();
    QTRY_COMPARE(uncertain.size(), 2);
    QCOMPARE(tell(), u"a Uncertain, b Uncertain"_s);
    QCOMPARE(at(0, Model::ErrorRole).value<DispatchError>().code(), DispatchError::FateUnknown);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    const qint64 second = at(1, Model::EventIdRole).toLongLong();
    QVERIFY(model()->retry(second));
    QCOMPARE(tell(), u"a Uncertain, b Sending"_s);
    QTRY_COMPARE(payloadsAtServer(), QStringList{u"b"_s});
    QVERIFY(model()->dismiss(at(0, Model::EventIdRole).toLongLong()));
    sendAck(1);
    QTRY_COMPARE(tell(), QString());
}

void tst_PendingEvents::leavingMakesItUncertain()
{
    greetWith(greeting());
    m_client->setQueuePolicy({.maxInFlight = 1});
    QVERIFY(join());
    QCOMPARE(model()->count(), 0);
    emitX(u"a"_s);
    emitX(u"b"_s);
    m_client->disconnectFromServer();
    QCOMPARE(tell(), u"a Uncertain, b Failed"_s);
    QCOMPARE(at(0, Model::ErrorRole).value<DispatchError>().code(), DispatchError::FateUnknown);
    QCOMPARE(at(1, Model::ErrorRole).value<DispatchError>().code(), DispatchError::Discarded);
}

void tst_PendingEvents::whatTheServerDealtWithMeanwhileIsSettled()
{
    const QJsonObject secret{{u"session"_s, QString(43, u'1')}};
    greetWith(greeting(secret));
    QVERIFY(join());
    QCOMPARE(model()->count(), 0);
    for (const auto &name : {u"a"_s, u"b"_s, u"c"_s, u"d"_s})
        emitX(name);
    QTRY_COMPARE(payloadsAtServer().size(), 4);
    QJsonObject resumed = secret;
    resumed[u"lastEmit"_s] = 3;
    resumed[u"refusedSince"_s] = 2;
    resumed[u"refused"_s] = QJsonArray{QJsonObject{{u"emit"_s, 2}, {u"code"_s, u"rate_limited"_s}}};
    greetWith(greeting(resumed));
    m_server->last()->drop();
    QTRY_COMPARE(tell(), u"a Uncertain, b Failed, d Sending"_s);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QTRY_COMPARE(payloadsAtServer(), QStringList{u"d"_s});
    sendAck(4);
    QTRY_COMPARE(tell(), u"a Uncertain, b Failed"_s);
}

void tst_PendingEvents::whatIsTriedAgainComesAtTheEnd()
{
    greetWith(greeting());
    m_client->setQueuePolicy({.maxMessages = 1});
    QCOMPARE(model()->count(), 0);
    emitX(u"a"_s);
    emitX(u"b"_s, {.recipients = QStringList{u"ann"_s}});
    emitX(u"c"_s);
    QCOMPARE(tell(), u"a Queued, b Failed, c Failed"_s);
    const qint64 id = at(1, Model::EventIdRole).toLongLong();
    m_client->setQueuePolicy({});
    QVERIFY(model()->retry(id));
    QCOMPARE(tell(), u"a Queued, c Failed, b Queued"_s);
    QVERIFY(at(2, Model::EventIdRole).toLongLong() > id);
    QVERIFY(!model()->retry(id));
    QVERIFY(join());
    QTRY_COMPARE(payloadsAtServer(), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(m_server->last()->messages()[1]["recipients"_L1], QJsonValue(QJsonArray{u"ann"_s}));
}

void tst_PendingEvents::whatIsTriedAgainMayFailAgain()
{
    m_client->setQueuePolicy({.maxMessages = 0});
    QCOMPARE(model()->count(), 0);
    emitX(u"a"_s);
    const qint64 id = at(0, Model::EventIdRole).toLongLong();
    QVERIFY(model()->retry(id));
    QCOMPARE(tell(), u"a Failed"_s);
    QVERIFY(at(0, Model::EventIdRole).toLongLong() != id);
}

void tst_PendingEvents::aHandlerThatEmitsKeepsTheOrder()
{
    greetWith(greeting());
    connect(model(), &Model::rowsInserted, this, [this](const QModelIndex &, int row) {
        if (const QString tag = at(row, Model::TagRole).toString(); tag.size() < 3)
            emitX(tag + u'x');
    });
    emitX(u"a"_s);
    QCOMPARE(tell(), u"a Queued, ax Queued, axx Queued"_s);
    QVERIFY(join());
    emitX(u"b"_s);
    QTRY_COMPARE(payloadsAtServer(),
                 (QStringList{u"a"_s, u"ax"_s, u"axx"_s, u"b"_s, u"bx"_s, u"bxx"_s}));
    sendAck(6);
    QTRY_COMPARE(model()->count(), 0);
}

void tst_PendingEvents::aHandlerMayDeleteTheClient_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("a row comes") << 0;
    QTest::newRow("a row changes") << 1;
    QTest::newRow("a row goes") << 2;
    QTest::newRow("a row is tried again") << 3;
}

void tst_PendingEvents::aHandlerMayDeleteTheClient()
{
    QFETCH(const int, signal);
    greetWith(greeting());
    const QPointer<Model> rows = model();
    const auto end = [this] { m_client.reset(); };
    if (signal == 0)
        connect(rows, &Model::rowsInserted, this, end);
    else if (signal == 1)
        connect(rows, &Model::dataChanged, this, end);
    else
        connect(rows, &Model::rowsRemoved, this, end);
    if (signal == 3) {
        m_client->setQueuePolicy({.maxMessages = 0});
        emitX(u"a"_s);
        QVERIFY(rows->retry(at(0, Model::EventIdRole).toLongLong()));
    } else {
        emitX(u"a"_s);
        if (m_client)
            m_client->setActive(true);
        QTRY_VERIFY(!m_client || m_client->state() == DispatchClient::Connected);
        if (m_client)
            sendAck(1);
    }
    QTRY_VERIFY(!m_client);
    QTRY_VERIFY(!rows);
}

QTEST_GUILESS_MAIN(tst_PendingEvents)
#include "tst_pendingevents.moc"
