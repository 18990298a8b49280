// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "errorof.h"
#include "extendedservertest.h"

#include <DispatchSharedState>
#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using State = DispatchSharedState;

/// What a server says of the shared state, well or badly.
class tst_ToldState : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void aRecoveredSessionKeepsTheState();
    void aSessionWithAGapTakesTheWholeStateOver();
    void aStateThatIsToldLaterIsTakenOver();
    void ownChangesStayUntilWhatWasMissedHasCome();
    void changesThatWereMissedHaveNoNumber();
    void changesThatWereMadeEndWithTheirClient();
    void ownChangesThatNobodyKnowsOfAreTakenBack();
    void platformEventsThatNobodyKnowsCount();
    void aChangeThatCantBeReadEndsTheConnection_data();
    void aChangeThatCantBeReadEndsTheConnection();
    void aStateThatCantBeReadIsNoGreeting();
    void aStateWithoutEndEndsTheConnection();

private:
    /// A greeting with a session and, unless it is undefined, the value of the key "a" as of event
    /// 41.
    static QJsonObject stateful(const QJsonValue &a, const QJsonObject &more = {});
    void sendChange(int seq, const QJsonObject &payload, const QString &from = u"ann"_s);
};

QJsonObject tst_ToldState::stateful(const QJsonValue &a, const QJsonObject &more)
{
    QJsonObject fields = more;
    fields[u"limits"_s] = QJsonObject{{u"stateKeys"_s, 10}};
    if (!a.isUndefined()) {
        const QJsonObject entry{
            {u"key"_s, u"a"_s}, {u"value"_s, a}, {u"seq"_s, 41}, {u"from"_s, u"ann"_s}};
        fields[u"state"_s] = QJsonObject{{u"seq"_s, more.value(u"seq"_s).toInt(41)},
                                         {u"entries"_s, QJsonArray{entry}}};
    }
    return session(1, fields);
}

void tst_ToldState::sendChange(int seq, const QJsonObject &payload, const QString &from)
{
    m_server->last()->sendText(eventText(seq,
                                         {{u"eventName"_s, u"@@KOJI_DISPATCH/STATE"_s},
                                          {u"payload"_s, payload},
                                          {u"from"_s, from}}));
}

void tst_ToldState::aRecoveredSessionKeepsTheState()
{
    State state(m_client.get());
    greetWith(stateful(1));
    QVERIFY(join());
    sendChange(42, {{u"key"_s, u"b"_s}, {u"value"_s, 2}});
    QTRY_COMPARE(state.count(), 2);
    QSignalSpy changes(&state, &State::valueChanged);
    greetWith(stateful(QJsonValue::Undefined,
                       {{u"seq"_s, 42}, {u"recovered"_s, true}, {u"replay"_s, 1}}));
    QVERIFY(comeBack());
    QVERIFY(offered().contains(".42."));
    sendChange(43, {{u"key"_s, u"a"_s}});
    QTRY_COMPARE(changes.size(), 1);
    QCOMPARE(state.keys(), QStringList{u"b"_s});
    QVERIFY(state.isAvailable());
}

void tst_ToldState::aSessionWithAGapTakesTheWholeStateOver()
{
    State state(m_client.get());
    greetWith(stateful(1));
    QVERIFY(join());
    sendChange(42, {{u"key"_s, u"b"_s}, {u"value"_s, 2}});
    QTRY_COMPARE(state.count(), 2);
    QSignalSpy changes(&state, &State::valueChanged);
    greetWith(stateful(1, {{u"seq"_s, 99}}));
    QVERIFY(comeBack());
    QCOMPARE(state.keys(), QStringList{u"a"_s});
    // That of "a" is what it was.
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toString(), u"b"_s);
}

void tst_ToldState::aStateThatIsToldLaterIsTakenOver()
{
    State state(m_client.get());
    greetWith(stateful(QJsonValue::Undefined));
    QVERIFY(join());
    QVERIFY(state.isAvailable());
    const QJsonObject entry{{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"seq"_s, 40}};
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/STATE"_s,
                                QJsonObject{{u"seq"_s, 42}, {u"entries"_s, QJsonArray{entry}}});
    sendChange(42, {{u"key"_s, u"a"_s}, {u"value"_s, 0}});
    sendChange(43, {{u"key"_s, u"b"_s}, {u"value"_s, 2}});
    QTRY_COMPARE(state.count(), 2);
    QCOMPARE(state.value(u"a"_s), QJsonValue(1));
}

void tst_ToldState::ownChangesStayUntilWhatWasMissedHasCome()
{
    State state(m_client.get());
    greetWith(stateful(1));
    QVERIFY(join());
    const auto done = state.set(u"a"_s, 2);
    QTRY_COMPARE(emitsAtServer(), QList<QJsonValue>{1});
    QSignalSpy changes(&state, &State::valueChanged);
    greetWith(stateful(QJsonValue::Undefined,
                       {{u"recovered"_s, true}, {u"replay"_s, 2}, {u"lastEmit"_s, 1}}));
    QVERIFY(comeBack());
    sendChange(42, {{u"key"_s, u"b"_s}, {u"value"_s, 1}});
    QTRY_COMPARE(changes.size(), 1);
    QCOMPARE(state.value(u"a"_s), QJsonValue(2));
    QVERIFY(!done.isFinished());
    sendChange(43, {{u"key"_s, u"a"_s}, {u"value"_s, 2}}, u"me"_s);
    QTRY_COMPARE(state.metadata(u"a"_s).sequence, 43);
    QCOMPARE(state.value(u"a"_s), QJsonValue(2));
    QCOMPARE(changes.size(), 1);
    QTRY_VERIFY(done.isFinished());
    QCOMPARE(done.result().sequence, 43);
}

void tst_ToldState::changesThatWereMissedHaveNoNumber()
{
    State state(m_client.get());
    greetWith(stateful(1));
    QVERIFY(join());
    const auto heardOf = state.set(u"a"_s, 2);
    const auto missed = state.set(u"a"_s, 3);
    sendChange(42, {{u"key"_s, u"a"_s}, {u"value"_s, 2}}, u"me"_s);
    QTRY_COMPARE(emitsAtServer(), (QList<QJsonValue>{1, 2}));
    QVERIFY(waitUntilHeard());
    greetWith(stateful(4, {{u"seq"_s, 99}, {u"lastEmit"_s, 2}}));
    QVERIFY(comeBack());
    QTRY_VERIFY(heardOf.isFinished() && missed.isFinished());
    QCOMPARE(heardOf.result().sequence, 42);
    QCOMPARE(missed.result().sequence, DispatchAcknowledgement::UnknownSequence);
    QCOMPARE(state.value(u"a"_s), QJsonValue(4));
}

void tst_ToldState::changesThatWereMadeEndWithTheirClient()
{
    State state(m_client.get());
    greetWith(stateful(1));
    QVERIFY(join());
    const auto made = state.set(u"a"_s, 2);
    QTRY_COMPARE(emitsAtServer(), QList<QJsonValue>{1});
    greetWith(stateful(QJsonValue::Undefined,
                       {{u"recovered"_s, true}, {u"replay"_s, 1}, {u"lastEmit"_s, 1}}));
    QVERIFY(comeBack());
    m_client->disconnectFromServer();
    QTRY_VERIFY(made.isFinished());
    QCOMPARE(errorOf(made), DispatchError::NoError);
    QCOMPARE(state.count(), 0);
}

void tst_ToldState::ownChangesThatNobodyKnowsOfAreTakenBack()
{
    State state(m_client.get());
    greetWith(stateful(1));
    QVERIFY(join());
    const auto done = state.set(u"a"_s, 2);
    QTRY_COMPARE(emitsAtServer(), QList<QJsonValue>{1});
    QSignalSpy failures(&state, &State::changeFailed);
    greetWith(stateful(3, {{u"clientId"_s, u"another"_s}}));
    QVERIFY(comeBack());
    QTRY_COMPARE(failures.size(), 1);
    QCOMPARE(state.value(u"a"_s), QJsonValue(3));
    QTRY_VERIFY(done.isFinished());
    QCOMPARE(errorOf(done), DispatchError::FateUnknown);
}

void tst_ToldState::platformEventsThatNobodyKnowsCount()
{
    greetWith(stateful(1));
    QVERIFY(join());
    QSignalSpy events(m_client.get(), &DispatchClient::eventReceived);
    m_server->last()->sendText(eventText(42, {{u"eventName"_s, u"@@KOJI_DISPATCH/NEWS"_s}}));
    m_server->last()->sendText(eventText(43));
    QTRY_COMPARE(events.size(), 1);
    QCOMPARE(m_server->count(), 1);
}

void tst_ToldState::aChangeThatCantBeReadEndsTheConnection_data()
{
    QTest::addColumn<int>("seq");
    QTest::addColumn<QJsonObject>("payload");
    const QJsonObject good{{u"key"_s, u"a"_s}, {u"value"_s, 1}};
    QTest::newRow("out of turn") << 43 << good;
    QTest::newRow("no key") << 42 << QJsonObject{{u"value"_s, 1}};
    QTest::newRow("a key that is no text") << 42 << QJsonObject{{u"key"_s, 1}};
    QTest::newRow("a whole state that is none") << 0 << QJsonObject{{u"entries"_s, 1}};
}

void tst_ToldState::aChangeThatCantBeReadEndsTheConnection()
{
    QFETCH(int, seq);
    QFETCH(QJsonObject, payload);
    greetWith(stateful(1));
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    sendChange(seq, payload);
    QTRY_VERIFY(!errors.isEmpty());
    QCOMPARE(errors.first().first().value<DispatchError>().code(), DispatchError::ProtocolError);
}

void tst_ToldState::aStateThatCantBeReadIsNoGreeting()
{
    QJsonObject bad = stateful(1);
    bad[u"state"_s] = QJsonObject{{u"entries"_s, QJsonArray{1}}};
    greetWith(bad);
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->setActive(true);
    QTRY_VERIFY(!errors.isEmpty());
    QCOMPARE(errors.first().first().value<DispatchError>().code(), DispatchError::ProtocolError);
}

void tst_ToldState::aStateWithoutEndEndsTheConnection()
{
    m_client->setIncomingLimits({.maxStateBytes = 1'000});
    greetWith(stateful(1));
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    for (int i = 0; i < 20; ++i) {
        sendChange(42 + i, {{u"key"_s, QString::number(i)}, {u"value"_s, QString(100, u'x')}});
    }
    QTRY_VERIFY(!errors.isEmpty());
    QVERIFY(errors.first().first().value<DispatchError>().message().contains("maxStateBytes"_L1));
}

QTEST_GUILESS_MAIN(tst_ToldState)
#include "tst_toldstate.moc"
