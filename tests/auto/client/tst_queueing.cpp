// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

namespace {

const QString SetUserInfo = u"@@KOJI_DISPATCH/SET_USER_INFO"_s;
const QString Identify = u"@@KOJI_DISPATCH/IDENTIFY"_s;

} // namespace

/// What becomes of events that can not be sent at once.
class tst_Queueing : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void queuedEventsArriveOnceAndInOrder();
    void eventsEmittedInConnectedComeAfterTheQueue();
    void identityAndUserInfoComeBeforeTheQueue();
    void queueRejectsWhenFull();
    void queueDropsTheOldestAndSaysSo();
    void queueDropsWhatIsTooOld();
    void queueOfNothingRefuses();
    void disconnectDropsTheQueueAndSaysSo();
    void peerThatDoesNotReadMakesEventsWait();
    void goodbyeComesAfterAllThatWasEmitted();
};

void tst_Queueing::queuedEventsArriveOnceAndInOrder()
{
    QVERIFY(join());
    QStringList expected;
    const quint16 port = m_server->port();
    for (int round = 0; round < 3; ++round) {
        m_server->stop();
        QTRY_VERIFY(m_client->state() != DispatchClient::Connected);
        for (int i = 0; i < 50; ++i) {
            expected.append(u"event %1.%2"_s.arg(round).arg(i));
            QCOMPARE(m_client->emitEvent(expected.last()), DispatchClient::Queued);
        }
        QCOMPARE(m_client->queuedEvents(), 50);
        QVERIFY(m_server->listen(port));
        QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
        QCOMPARE(m_client->queuedEvents(), 0);
        QTRY_COMPARE(eventsAtServer().size(), expected.size());
    }
    QCOMPARE(eventsAtServer(), expected);
}

void tst_Queueing::eventsEmittedInConnectedComeAfterTheQueue()
{
    m_client->emitEvent(u"first"_s);
    m_client->emitEvent(u"second"_s);
    connect(m_client.get(), &DispatchClient::stateChanged, this, [this](auto state) {
        if (state == DispatchClient::Connected)
            m_client->emitEvent(u"third"_s);
    });
    connect(m_client.get(), &DispatchClient::connected, this,
            [this] { m_client->emitEvent(u"fourth"_s); });
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), (QStringList{u"first"_s, u"second"_s, u"third"_s, u"fourth"_s}));
}

void tst_Queueing::identityAndUserInfoComeBeforeTheQueue()
{
    m_client->emitEvent(u"queued"_s);
    m_client->setUserInfo({{u"name"_s, u"Ann"_s}});
    m_client->identify(u"token"_s);
    QVERIFY(join());
    QTRY_COMPARE(m_server->last()->eventNames(), (QStringList{Identify, SetUserInfo, u"queued"_s}));
    QCOMPARE(m_server->last()->messages().first()["payload"_L1]["token"_L1].toString(), u"token"_s);
    // A token that is forgotten is not sent again.
    m_client->identify({});
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_server->last()->eventNames(), QStringList{SetUserInfo});
}

void tst_Queueing::queueRejectsWhenFull()
{
    m_client->setQueuePolicy({.maxMessages = 2});
    QCOMPARE(m_client->emitEvent(u"a"_s), DispatchClient::Queued);
    QCOMPARE(m_client->emitEvent(u"b"_s), DispatchClient::Queued);
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QCOMPARE(m_client->emitEvent(u"c"_s), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::QueueFull);
    QCOMPARE(errors.size(), 1);
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), (QStringList{u"a"_s, u"b"_s}));
}

void tst_Queueing::queueDropsTheOldestAndSaysSo()
{
    m_client->setQueuePolicy({.maxMessages = 2, .overflow = DispatchQueuePolicy::DropOldest});
    QSignalSpy dropped(m_client.get(), &DispatchClient::eventDropped);
    m_client->emitEvent(u"a"_s, QJsonObject{{u"n"_s, 1}});
    m_client->emitEvent(u"b"_s);
    QCOMPARE(m_client->emitEvent(u"c"_s), DispatchClient::Queued);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][0].toString(), u"a"_s);
    QCOMPARE(dropped[0][1].toJsonValue(), QJsonValue(QJsonObject{{u"n"_s, 1}}));
    QCOMPARE(dropped[0][2].value<DispatchError>().code(), DispatchError::QueueFull);
    QVERIFY(join());
    QTRY_COMPARE(eventsAtServer(), (QStringList{u"b"_s, u"c"_s}));
}

void tst_Queueing::queueDropsWhatIsTooOld()
{
    m_client->setQueuePolicy({.maxAge = 30});
    QSignalSpy dropped(m_client.get(), &DispatchClient::eventDropped);
    m_client->emitEvent(u"a"_s);
    QTRY_COMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][2].value<DispatchError>().code(), DispatchError::Expired);
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_Queueing::queueOfNothingRefuses()
{
    m_client->setQueuePolicy({.maxMessages = 0});
    QCOMPARE(m_client->emitEvent(u"a"_s), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::NotConnected);
    QVERIFY(join());
    QCOMPARE(m_client->emitEvent(u"b"_s), DispatchClient::Sent);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"b"_s});
}

void tst_Queueing::disconnectDropsTheQueueAndSaysSo()
{
    QSignalSpy dropped(m_client.get(), &DispatchClient::eventDropped);
    m_server->stop();
    m_client->setActive(true);
    m_client->emitEvent(u"a"_s);
    m_client->emitEvent(u"b"_s);
    m_client->disconnectFromServer();
    QCOMPARE(dropped.size(), 2);
    QCOMPARE(dropped[1][0].toString(), u"b"_s);
    QCOMPARE(dropped[1][2].value<DispatchError>().code(), DispatchError::Discarded);
    QCOMPARE(m_client->queuedEvents(), 0);
}

void tst_Queueing::peerThatDoesNotReadMakesEventsWait()
{
    m_client->setQueuePolicy({.maxMessages = 1000, .maxBytes = 1024 * 1024});
    m_server->relays = false;
    QVERIFY(join());
    m_server->last()->stopReading();
    const QJsonValue payload = QString(100'000, u'x');
    int sent = 0;
    int queued = 0;
    int refused = 0;
    // Far more than the kernel's buffers take.
    for (int i = 0; i < 500; ++i) {
        switch (m_client->emitEvent(u"x"_s, payload)) {
        case DispatchClient::Sent:
            ++sent;
            break;
        case DispatchClient::Queued:
            ++queued;
            break;
        case DispatchClient::Refused:
            ++refused;
            break;
        case DispatchClient::Dropped:
            QFAIL("Nothing said that it should not wait.");
        }
        if (i % 10 == 0)
            QTest::qWait(0);
    }
    QVERIFY2(sent > 0 && sent < 200, qPrintable(QString::number(sent)));
    QVERIFY(queued > 0);
    QVERIFY(refused > 200);
    QVERIFY(m_client->queuedEvents() <= 10);
    QCOMPARE(m_client->error(), DispatchError::QueueFull);
}

void tst_Queueing::goodbyeComesAfterAllThatWasEmitted()
{
    m_server->relays = false;
    QVERIFY(join());
    FakePeer *peer = m_server->last();
    const QJsonValue payload = QString(100'000, u'x');
    QStringList expected;
    while (m_client->emitEvent(u"event %1"_s.arg(expected.size()), payload) == DispatchClient::Sent)
        expected.append(u"event %1"_s.arg(expected.size()));
    QVERIFY(expected.size() >= 9);
    m_client->disconnectFromServer();
    QTRY_VERIFY(peer->closeCode());
    QCOMPARE(*peer->closeCode(), quint16(1000));
    QCOMPARE(peer->eventNames(), expected);
}

QTEST_GUILESS_MAIN(tst_Queueing)
#include "tst_queueing.moc"
