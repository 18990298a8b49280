// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What comes from a server that does not behave, or says too much at once.
class tst_Incoming : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void serversErrorsAreReported();
    void oldConnectionIsNotHeard();
    void presenceIsAnnouncedOncePerTurn();
    void whatCameBeforeTheEndIsDelivered();
    void brokenMessagesAreIgnored();
};

void tst_Incoming::serversErrorsAreReported()
{
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, u"too_deep"_s},
                                            {u"message"_s, u"Flatten it."_s},
                                            {u"closing"_s, false},
                                            {u"retry"_s, false}});
    QTRY_COMPARE(errors.size(), 1);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::RefusedByServer);
    QCOMPARE(error.reason(), u"too_deep"_s);
    QCOMPARE(error.message(), u"Flatten it."_s);
    QVERIFY(!error.isRetryable());
    QCOMPARE(m_client->errorString(), u"Flatten it."_s);
}

void tst_Incoming::oldConnectionIsNotHeard()
{
    QVERIFY(join());
    FakePeer *old = m_server->last();
    QList<int> heard;
    m_client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    m_client->setShardName(u"elsewhere"_s);
    QTRY_COMPARE(m_client->currentShardName(), u"elsewhere"_s);
    old->sendEvent(u"x"_s, 1);
    m_server->last()->sendEvent(u"x"_s, 2);
    QTRY_COMPARE(heard, QList<int>{2});
    old->drop();
    m_server->last()->sendEvent(u"x"_s, 3);
    QTRY_COMPARE(heard, (QList<int>{2, 3}));
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Incoming::presenceIsAnnouncedOncePerTurn()
{
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 1);
    QSignalSpy changes(m_client.get(), &DispatchClient::connectedClientsChanged);
    QJsonObject list;
    for (int i = 1; i <= 200; ++i) {
        list.insert(u"id %1"_s.arg(i), QJsonObject());
        m_server->last()->sendEvent(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
                                    QJsonObject{{u"connectedClients"_s, list}});
    }
    QTRY_COMPARE(m_client->clients()->count(), 200);
    QVERIFY2(changes.size() < 40, qPrintable(QString::number(changes.size())));
    QCOMPARE(changes.last().first().value<QList<DispatchConnectedClient>>().size(), 200);
}

void tst_Incoming::whatCameBeforeTheEndIsDelivered()
{
    QVERIFY(join());
    QList<int> heard;
    QList<int> expected;
    m_client->on(u"x"_s, this, [&](const QJsonValue &value) {
        heard.append(value.toInt());
        QTest::qSleep(1);
    });
    for (int i = 0; i < 100; ++i) {
        expected.append(i);
        m_server->last()->sendEvent(u"x"_s, i);
    }
    m_server->last()->sendClose(1012);
    QTRY_COMPARE(m_server->count(), 2);
    QCOMPARE(heard, expected);
}

void tst_Incoming::brokenMessagesAreIgnored()
{
    QVERIFY(join());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no event"_s));
    int calls = 0;
    m_client->on(u"x"_s, this, [&] { ++calls; });
    m_server->last()->sendText("nonsense");
    m_server->last()->sendText("[1,2]");
    m_server->last()->sendText(
        R"({"eventName":"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED","payload":{"connectedClients":null}})");
    m_server->last()->sendText(R"({"payload":1,"more":[{}],"eventName":"x"})");
    QTRY_COMPARE(calls, 1);
    QTRY_COMPARE(m_client->clients()->count(), 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

QTEST_GUILESS_MAIN(tst_Incoming)
#include "tst_incoming.moc"
