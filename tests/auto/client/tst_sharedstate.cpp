// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <DispatchSharedState>
#include <QtCore/qjsonarray.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = DispatchSharedState;

/// The shared state as clients of a real server see it.
class tst_SharedState : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
    void changesReachTheOthers();
    void ownChangesAreShownAtOnce();
    void whoJoinsLaterHasItWhenConnected();
    void whoLooksLaterSeesItToo();
    void oneChangeIsOneSignalOfTheModel();
    void refusedChangesAreTakenBack();
    void conditionsAreToldByTheSequence();
    void eachChangeSaysItsOwnNumber();
    void keysEndWithTheirTime();
    void whatIsSetWithoutAConnectionWaits();
    void theLatestOfAKeyCounts();
    void nothingIsSharedInTheBaseProfile();
    void nothingIsSharedWhereTheServerKeepsNone();
    void badChangesAreRefused_data();
    void badChangesAreRefused();
    void aStateWithoutAClientIsRefused();
    void anotherShardHasAnotherState();
    void disconnectingForgetsIt();
    void theClientMayGoFirst();
    void handlersMayDeleteEverything_data();
    void handlersMayDeleteEverything();
};

namespace {

QStringList rowsOf(const State &state)
{
    QStringList rows;
    for (int row = 0; row < state.rowCount(); ++row)
        rows.append(state.index(row).data(State::KeyRole).toString());
    return rows;
}

} // namespace

void tst_SharedState::changesReachTheOthers()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    State annsState(ann.get());
    State bobsState(bob.get());
    QVERIFY(annsState.isAvailable());
    QSignalSpy changes(&bobsState, &State::valueChanged);
    const auto done = annsState.set(u"turn"_s, QJsonArray{u"x"_s}, {.owned = true});
    QTRY_COMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toString(), u"turn"_s);
    QCOMPARE(changes[0][1].toJsonValue(), (QJsonArray{u"x"_s}));
    const auto metadata = changes[0][2].value<DispatchEventMetadata>();
    QCOMPARE(metadata.senderId, ann->clientId());
    QCOMPARE(metadata.sequence, 1);
    QVERIFY(!metadata.own);
    QCOMPARE(bobsState.value(u"turn"_s), (QJsonArray{u"x"_s}));
    QCOMPARE(bobsState.ownerId(u"turn"_s), ann->clientId());
    WAIT(done);
    QCOMPARE(done.result().sequence, 1);
    WAIT(annsState.remove(u"turn"_s));
    QTRY_COMPARE(changes.size(), 2);
    QVERIFY(changes[1][1].toJsonValue().isUndefined());
    QCOMPARE(changes[1][2].value<DispatchEventMetadata>().senderId, ann->clientId());
    QVERIFY(!bobsState.contains(u"turn"_s));
}

void tst_SharedState::ownChangesAreShownAtOnce()
{
    const auto ann = join(u"s"_s);
    State state(ann.get());
    QSignalSpy changes(&state, &State::valueChanged);
    const auto done = state.set(u"a"_s, 1);
    QCOMPARE(state.value(u"a"_s), QJsonValue(1));
    QCOMPARE(rowsOf(state), QStringList{u"a"_s});
    QVERIFY(state.index(0).data(State::PendingRole).toBool());
    QVERIFY(state.metadata(u"a"_s).own);
    WAIT(done);
    QTRY_VERIFY(!state.index(0).data(State::PendingRole).toBool());
    QCOMPARE(state.metadata(u"a"_s).sequence, 1);
    QCOMPARE(changes.size(), 1);
    (void)state.remove(u"a"_s);
    QCOMPARE(state.count(), 0);
}

void tst_SharedState::whoJoinsLaterHasItWhenConnected()
{
    const auto ann = join(u"s"_s);
    State annsState(ann.get());
    WAIT(annsState.set(u"a"_s, 1));
    const auto bob = makeClient();
    State state(bob.get());
    QVERIFY(!state.isAvailable());
    QJsonValue seen;
    connect(bob.get(), &DispatchClient::connected, this, [&] {
        seen = state.value(u"a"_s);
        QVERIFY(state.isAvailable());
        QCOMPARE(state.count(), 1);
    });
    WAIT(bob->connectToServer({.shardName = u"s"_s}));
    QCOMPARE(seen, QJsonValue(1));
}

void tst_SharedState::whoLooksLaterSeesItToo()
{
    const auto ann = join(u"s"_s);
    State annsState(ann.get());
    WAIT(annsState.set(u"a"_s, 1));
    State late;
    QSignalSpy clients(&late, &State::clientChanged);
    late.setClient(ann.get());
    QCOMPARE(clients.size(), 1);
    QCOMPARE(late.value(u"a"_s), QJsonValue(1));
    QCOMPARE(rowsOf(late), QStringList{u"a"_s});
    late.setClient(nullptr);
    QCOMPARE(late.count(), 0);
    QVERIFY(!late.isAvailable());
}

void tst_SharedState::oneChangeIsOneSignalOfTheModel()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    State annsState(ann.get());
    State state(bob.get());
    QAbstractItemModelTester tester(&state, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy inserted(&state, &State::rowsInserted);
    QSignalSpy changed(&state, &State::dataChanged);
    QSignalSpy removed(&state, &State::rowsRemoved);
    QSignalSpy reset(&state, &State::modelReset);
    QSignalSpy counts(&state, &State::countChanged);
    (void)annsState.set(u"b"_s, 1);
    (void)annsState.set(u"a"_s, 1);
    QTRY_COMPARE(inserted.size(), 2);
    QCOMPARE(rowsOf(state), (QStringList{u"a"_s, u"b"_s}));
    (void)annsState.set(u"b"_s, 2);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    QCOMPARE(changed[0][2].value<QList<int>>(),
             (QList<int>{State::ValueRole, State::SequenceRole}));
    (void)annsState.remove(u"a"_s);
    QTRY_COMPARE(removed.size(), 1);
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(counts.size(), 3);
    QCOMPARE(reset.size(), 0);
}

void tst_SharedState::refusedChangesAreTakenBack()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    State annsState(ann.get());
    State state(bob.get());
    WAIT(annsState.set(u"a"_s, u"ann's"_s, {.owned = true}));
    QTRY_COMPARE(state.value(u"a"_s), QJsonValue(u"ann's"_s));
    QSignalSpy failures(&state, &State::changeFailed);
    const auto done = state.set(u"a"_s, u"bob's"_s);
    QCOMPARE(state.value(u"a"_s), QJsonValue(u"bob's"_s));
    QTRY_COMPARE(failures.size(), 1);
    QCOMPARE(failures[0][0].toString(), u"a"_s);
    QCOMPARE(failures[0][1].value<DispatchError>().reason(), u"state_owned"_s);
    QCOMPARE(state.value(u"a"_s), QJsonValue(u"ann's"_s));
    WAIT(done);
    QCOMPARE(thrownBy(done).reason(), u"state_owned"_s);
}

void tst_SharedState::conditionsAreToldByTheSequence()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    State annsState(ann.get());
    State state(bob.get());
    WAIT(annsState.set(u"board"_s, 1, {.ifSequence = 0}));
    QTRY_COMPARE(state.value(u"board"_s), QJsonValue(1));
    const qint64 seen = state.metadata(u"board"_s).sequence;
    WAIT(annsState.set(u"board"_s, 2, {.ifSequence = seen}));
    const auto late = state.set(u"board"_s, 3, {.ifSequence = seen});
    WAIT(late);
    QCOMPARE(thrownBy(late).reason(), u"state_changed"_s);
    QCOMPARE(state.value(u"board"_s), QJsonValue(2));
}

void tst_SharedState::eachChangeSaysItsOwnNumber()
{
    const auto ann = join(u"s"_s);
    State state(ann.get());
    // The server acknowledges what comes in one turn at once.
    const QFuture<DispatchAcknowledgement> changes[] = {
        state.set(u"a"_s, 1), state.set(u"a"_s, 2), state.remove(u"nothing"_s),
        state.set(u"b"_s, 3, {.ifSequence = 99}), state.set(u"b"_s, 4)};
    for (const auto &change : changes)
        WAIT(change);
    QCOMPARE(changes[0].result().sequence, 1);
    QCOMPARE(changes[1].result().sequence, 2);
    QCOMPARE(changes[2].result().sequence, 3);
    QCOMPARE(thrownBy(changes[3]).reason(), u"state_changed"_s);
    QCOMPARE(changes[4].result().sequence, 4);
    QCOMPARE(state.metadata(u"a"_s).sequence, 2);
    const auto next = state.set(u"a"_s, 5, {.ifSequence = changes[1].result().sequence});
    WAIT(next);
    QCOMPARE(errorOf(next), DispatchError::NoError);
    // One that nobody told would be taken for none at all.
    const auto unknown =
        state.set(u"a"_s, 6, {.ifSequence = DispatchAcknowledgement::UnknownSequence});
    WAIT(unknown);
    QCOMPARE(errorOf(unknown), DispatchError::InvalidOptions);
}

void tst_SharedState::keysEndWithTheirTime()
{
    const auto ann = join(u"s"_s);
    State state(ann.get());
    QSignalSpy changes(&state, &State::valueChanged);
    WAIT(state.set(u"a"_s, 1, {.ttl = 20ms}));
    QTRY_COMPARE(changes.size(), 2);
    QCOMPARE(state.count(), 0);
    QCOMPARE(changes[1][2].value<DispatchEventMetadata>().senderId, QString());
    const auto tooLong = state.set(u"a"_s, 1, {.ttl = 25h});
    WAIT(tooLong);
    QCOMPARE(thrownBy(tooLong).reason(), u"bad_state"_s);
    QVERIFY(thrownBy(tooLong).message().endsWith(u"(the ttl is too long: at most 86400000 ms)"_s));
}

void tst_SharedState::whatIsSetWithoutAConnectionWaits()
{
    const auto ann = makeClient();
    State state(ann.get());
    const auto done = state.set(u"a"_s, 1);
    QCOMPARE(state.value(u"a"_s), QJsonValue(1));
    QCOMPARE(ann->queuedEvents(), 1);
    WAIT(ann->connectToServer());
    WAIT(done);
    QCOMPARE(errorOf(done), DispatchError::NoError);
    QCOMPARE(state.value(u"a"_s), QJsonValue(1));
}

void tst_SharedState::theLatestOfAKeyCounts()
{
    const auto ann = makeClient();
    State state(ann.get());
    QSignalSpy failures(&state, &State::changeFailed);
    QSignalSpy dropped(ann.get(), &DispatchClient::eventDropped);
    const auto first = state.set(u"cursor"_s, 1);
    const auto second = state.set(u"cursor"_s, 2);
    (void)state.set(u"log"_s, 1, {.coalesced = false});
    (void)state.set(u"log"_s, 2, {.coalesced = false});
    QCOMPARE(ann->queuedEvents(), 3);
    WAIT(first);
    QCOMPARE(errorOf(first), DispatchError::Superseded);
    QCOMPARE(thrownBy(first).message(),
             u"A newer change of 'cursor' in the shared state took its place."_s);
    QCOMPARE(state.value(u"cursor"_s), QJsonValue(2));
    WAIT(ann->connectToServer());
    WAIT(second);
    QCOMPARE(state.value(u"cursor"_s), QJsonValue(2));
    QCOMPARE(failures.size(), 0);
    QCOMPARE(dropped.size(), 0);
}

void tst_SharedState::nothingIsSharedInTheBaseProfile()
{
    const auto ann = makeClient();
    ann->setBaseProfileOnly(true);
    State state(ann.get());
    const auto queued = state.set(u"a"_s, 1);
    WAIT(ann->connectToServer());
    WAIT(queued);
    QCOMPARE(errorOf(queued), DispatchError::NotSupported);
    QVERIFY(!state.isAvailable());
    QTRY_COMPARE(state.count(), 0);
    QSignalSpy failures(&state, &State::changeFailed);
    const auto late = state.set(u"a"_s, 1);
    QCOMPARE(failures.size(), 1);
    QCOMPARE(state.count(), 0);
    WAIT(late);
    QCOMPARE(errorOf(late), DispatchError::NotSupported);
}

void tst_SharedState::nothingIsSharedWhereTheServerKeepsNone()
{
    auto settings = m_server->settings();
    settings.maxStateKeys = 0;
    m_server->setSettings(settings);
    const auto ann = join(u"s"_s);
    State state(ann.get());
    QVERIFY(!state.isAvailable());
    const auto done = state.set(u"a"_s, 1);
    WAIT(done);
    QCOMPARE(errorOf(done), DispatchError::NotSupported);
    QCOMPARE(ann->state(), DispatchClient::Connected);
}

void tst_SharedState::badChangesAreRefused_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<int>("ttl");
    QTest::addColumn<DispatchError::Code>("code");
    QTest::newRow("no key") << u""_s << QJsonValue(1) << 0 << DispatchError::InvalidPayload;
    QTest::newRow("no value") << u"a"_s << QJsonValue(QJsonValue::Undefined) << 0
                              << DispatchError::InvalidPayload;
    QTest::newRow("no number") << u"a"_s << QJsonValue(qQNaN()) << 0
                               << DispatchError::InvalidPayload;
    QTest::newRow("a time that was")
        << u"a"_s << QJsonValue(1) << -1 << DispatchError::InvalidOptions;
    QTest::newRow("too long") << u"a"_s << QJsonValue(QString(128'000, u'x')) << 0
                              << DispatchError::MessageTooBig;
}

void tst_SharedState::badChangesAreRefused()
{
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QFETCH(int, ttl);
    QFETCH(DispatchError::Code, code);
    const auto ann = join(u"s"_s);
    State state(ann.get());
    QSignalSpy failures(&state, &State::changeFailed);
    const auto done = state.set(key, value, {.ttl = std::chrono::milliseconds(ttl)});
    QCOMPARE(failures.size(), 1);
    QCOMPARE(failures[0][1].value<DispatchError>().code(), code);
    QCOMPARE(state.count(), 0);
    WAIT(done);
    QCOMPARE(errorOf(done), code);
}

void tst_SharedState::aStateWithoutAClientIsRefused()
{
    State state;
    QSignalSpy failures(&state, &State::changeFailed);
    const auto done = state.set(u"a"_s, 1);
    QCOMPARE(failures.size(), 1);
    WAIT(done);
    QCOMPARE(errorOf(done), DispatchError::NotConnected);
}

void tst_SharedState::anotherShardHasAnotherState()
{
    const auto ann = join(u"s"_s);
    State state(ann.get());
    WAIT(state.set(u"a"_s, 1));
    ann->setShardName(u"t"_s);
    QTRY_COMPARE(ann->currentShardName(), u"t"_s);
    QCOMPARE(state.count(), 0);
    QVERIFY(state.isAvailable());
}

void tst_SharedState::disconnectingForgetsIt()
{
    const auto ann = join(u"s"_s);
    State state(ann.get());
    WAIT(state.set(u"a"_s, 1));
    ann->disconnectFromServer();
    QTRY_COMPARE(state.count(), 0);
    QVERIFY(!state.isAvailable());
}

void tst_SharedState::theClientMayGoFirst()
{
    auto ann = join(u"s"_s);
    State state(ann.get());
    WAIT(state.set(u"a"_s, 1));
    QSignalSpy clients(&state, &State::clientChanged);
    const auto done = state.set(u"b"_s, 1);
    ann.reset();
    QCOMPARE(clients.size(), 1);
    QCOMPARE(state.client(), nullptr);
    QCOMPARE(state.count(), 0);
    QVERIFY(!state.isAvailable());
    WAIT(done);
    QVERIFY(errorOf(done) != DispatchError::NoError);
}

void tst_SharedState::handlersMayDeleteEverything_data()
{
    QTest::addColumn<bool>("clientFirst");
    QTest::newRow("the client") << true;
    QTest::newRow("the state") << false;
}

void tst_SharedState::handlersMayDeleteEverything()
{
    QFETCH(bool, clientFirst);
    auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    State bobsState(bob.get());
    auto state = std::make_unique<State>(ann.get());
    connect(state.get(), &State::valueChanged, this, [&] {
        if (clientFirst)
            ann.reset();
        else
            state.reset();
    });
    (void)bobsState.set(u"a"_s, 1);
    QTRY_VERIFY(clientFirst ? !ann : !state);
}

QTEST_GUILESS_MAIN(tst_SharedState)
#include "tst_sharedstate.moc"
