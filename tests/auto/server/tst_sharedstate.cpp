// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedpeer.h"
#include "peer.h"
#include "plainverifier.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// The shared state of a shard: who may change what, and who hears of it.
class tst_SharedState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_server.reset(); }

    void limitsAreTold();
    void changesAreEventsOfTheShard();
    void whoJoinsGetsItWhole();
    void historyComesBehindAStateThatHasItAlready();
    void whoResumesGetsTheChanges();
    void whoMissedTooMuchGetsItWhole();
    void baseClientsHearNothingOfIt();
    void baseClientsCantChangeIt();
    void badChangesAreRefused_data();
    void badChangesAreRefused();
    void refusedChangesReachNobody();
    void boundsHold_data();
    void boundsHold();
    void whatIsRemovedMakesRoom();
    void ownedKeysAreTheirOwners();
    void theOwnersUserMayChangeThem();
    void ownedKeysGoWithTheirOwner();
    void ownedKeysStayWhileTheirOwnerMayComeBack();
    void keysEndWithTheirTime();
    void keysThatAreSetAgainLiveOn();
    void changesCanDependOnWhatTheyChange();
    void conflictsDoNotEndAConnection();
    void stateEndsWithItsShard();
    void aServerCanKeepNone();

private:
    std::unique_ptr<ExtendedPeer> join(const QString &more = {});
    void listen(const DispatchServerSettings &settings);
    QUrl url() const { return m_server->url(); }

    std::unique_ptr<DispatchServer> m_server;
};

namespace {

void change(ExtendedPeer &peer, const QJsonObject &wish)
{
    peer.emitNumbered(SetState, wish, {{u"ack"_s, true}});
}

QJsonObject entry(const QJsonValue &state, const QString &key)
{
    for (const QJsonValue &entry : state["entries"_L1].toArray()) {
        if (entry["key"_L1].toString() == key)
            return entry.toObject();
    }
    return {};
}

} // namespace

void tst_SharedState::init()
{
    listen({});
}

void tst_SharedState::listen(const DispatchServerSettings &settings)
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

std::unique_ptr<ExtendedPeer> tst_SharedState::join(const QString &more)
{
    auto peer = std::make_unique<ExtendedPeer>();
    if (!peer->join(url(), u"projectId=p&shardName=s"_s + more))
        qWarning("could not join");
    return peer;
}

void tst_SharedState::limitsAreTold()
{
    const QJsonValue limits = join()->greeting()["limits"_L1];
    QCOMPARE(limits["stateKeys"_L1], QJsonValue(1'000));
    QCOMPARE(limits["stateKeyBytes"_L1], QJsonValue(255));
    QCOMPARE(limits["stateValueBytes"_L1], QJsonValue(16'384));
    QCOMPARE(limits["stateBytes"_L1], QJsonValue(262'144));
    QCOMPARE(limits["stateTtlMs"_L1], QJsonValue(86'400'000));
}

void tst_SharedState::changesAreEventsOfTheShard()
{
    const auto ann = join();
    const auto bob = join();
    ann->emitNumbered(u"before"_s);
    change(*ann, {{u"key"_s, u"turn"_s}, {u"value"_s, u"x"_s}});
    ann->emitNumbered(u"after"_s);
    QVERIFY(bob->waitFor(u"after"_s));
    QVERIFY(ann->waitForAck(3));
    for (const auto *peer : {ann.get(), bob.get()}) {
        const QJsonObject told = peer->messages(StateChanged).value(0);
        QCOMPARE(told["payload"_L1], (QJsonObject{{u"key"_s, u"turn"_s}, {u"value"_s, u"x"_s}}));
        QCOMPARE(told["seq"_L1], QJsonValue(2));
        QCOMPARE(told["from"_L1], QJsonValue(ann->clientId()));
        QCOMPARE(peer->seq(), 3);
        QCOMPARE(peer->gaps(), 0);
    }
    QVERIFY(bob->changeState({{u"key"_s, u"turn"_s}}));
    QCOMPARE(bob->ack()["seq"_L1], QJsonValue(4));
    QCOMPARE(bob->messages(StateChanged).last()["payload"_L1],
             (QJsonObject{{u"key"_s, u"turn"_s}}));
}

void tst_SharedState::whoJoinsGetsItWhole()
{
    const auto ann = join(u"&authorization=p/ann"_s);
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, QJsonArray{1, QJsonValue::Null}}}));
    QVERIFY(
        ann->changeState({{u"key"_s, u"b"_s}, {u"value"_s, QJsonValue::Null}, {u"owned"_s, true}}));
    QVERIFY(ann->changeState({{u"key"_s, u"c"_s}, {u"value"_s, 1}}));
    QVERIFY(ann->changeState({{u"key"_s, u"c"_s}}));
    const auto bob = join();
    const QJsonValue state = bob->greeting()["state"_L1];
    QCOMPARE(state["seq"_L1], QJsonValue(4));
    QCOMPARE(state["entries"_L1].toArray().size(), 2);
    const QJsonObject a = entry(state, u"a"_s);
    QCOMPARE(a["value"_L1], (QJsonArray{1, QJsonValue::Null}));
    QCOMPARE(a["seq"_L1], QJsonValue(1));
    QCOMPARE(a["from"_L1], QJsonValue(ann->clientId()));
    QVERIFY(a["time"_L1].toInteger() > 0);
    QVERIFY(!a.contains("owned"_L1));
    QVERIFY(entry(state, u"b"_s)["value"_L1].isNull());
    QCOMPARE(entry(state, u"b"_s)["owned"_L1], QJsonValue(true));
}

void tst_SharedState::historyComesBehindAStateThatHasItAlready()
{
    DispatchServerSettings settings;
    settings.maxHistory = 10;
    listen(settings);
    const auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}}));
    const auto bob = join(u"&history=10"_s);
    QVERIFY(bob->waitFor(StateChanged, 2));
    QCOMPARE(bob->greeting()["seq"_L1], QJsonValue(0));
    QCOMPARE(bob->greeting()["state"_L1]["seq"_L1], QJsonValue(2));
    QCOMPARE(entry(bob->greeting()["state"_L1], u"a"_s)["value"_L1], QJsonValue(2));
    QCOMPARE(bob->gaps(), 0);
}

void tst_SharedState::whoResumesGetsTheChanges()
{
    const auto ann = join();
    const auto bob = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    QVERIFY(bob->waitFor(StateChanged, 1));
    bob->cut();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}}));
    QVERIFY(bob->resume(url(), u"projectId=p&shardName=s"_s));
    QVERIFY(bob->greeting()["recovered"_L1].toBool());
    QVERIFY(!bob->greeting().contains("state"_L1));
    QVERIFY(bob->waitFor(StateChanged, 2));
    QCOMPARE(bob->state(), (QJsonObject{{u"a"_s, 2}}));
    QCOMPARE(bob->gaps(), 0);
}

void tst_SharedState::whoMissedTooMuchGetsItWhole()
{
    DispatchServerSettings settings;
    settings.maxReplayEvents = 2;
    listen(settings);
    const auto ann = join();
    const auto bob = join();
    bob->cut();
    for (int i = 1; i <= 5; ++i)
        QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, i}}));
    QVERIFY(bob->resume(url(), u"projectId=p&shardName=s"_s));
    QVERIFY(!bob->greeting()["recovered"_L1].toBool());
    QCOMPARE(entry(bob->greeting()["state"_L1], u"a"_s)["value"_L1], QJsonValue(5));
}

void tst_SharedState::baseClientsHearNothingOfIt()
{
    Peer base;
    QVERIFY(base.join(url(), u"projectId=p&shardName=s"_s));
    const auto ann = join();
    ann->emitNumbered(u"one"_s);
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    ann->emitNumbered(u"two"_s);
    QVERIFY(base.waitFor(u"two"_s));
    QCOMPARE(base.count(StateChanged), 0);
    QCOMPARE(base.count(u"one"_s), 1);
    QCOMPARE(ann->state(), (QJsonObject{{u"a"_s, 1}}));
}

void tst_SharedState::baseClientsCantChangeIt()
{
    Peer base;
    QVERIFY(base.join(url(), u"projectId=p&shardName=s"_s));
    base.emitEvent(SetState, QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 1}});
    QVERIFY(base.waitForError(u"reserved_event"_s));
    QVERIFY(join()->greeting()["state"_L1]["entries"_L1].toArray().isEmpty());
}

void tst_SharedState::badChangesAreRefused_data()
{
    QTest::addColumn<QJsonValue>("wish");
    QTest::addColumn<QString>("code");
    const auto bad = [](const char *row, const QJsonValue &wish) {
        QTest::newRow(row) << wish << u"bad_state"_s;
    };
    bad("a text", u"turn"_s);
    bad("no key", QJsonObject{{u"value"_s, 1}});
    bad("an empty key", QJsonObject{{u"key"_s, u""_s}, {u"value"_s, 1}});
    bad("a key that is no text", QJsonObject{{u"key"_s, 1}, {u"value"_s, 1}});
    bad("owned by more than one",
        QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"owned"_s, 2}});
    bad("a time that was", QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ttlMs"_s, -1}});
    bad("a time that is too long",
        QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ttlMs"_s, 86'400'001}});
    bad("half a number", QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ifSeq"_s, 0.5}});
    QTest::newRow("a long key") << QJsonValue(
        QJsonObject{{u"key"_s, QString(256, u'k')}, {u"value"_s, 1}})
                                << u"state_too_big"_s;
    QTest::newRow("a long value") << QJsonValue(
        QJsonObject{{u"key"_s, u"a"_s}, {u"value"_s, QString(16'384, u'v')}})
                                  << u"state_too_big"_s;
}

void tst_SharedState::badChangesAreRefused()
{
    QFETCH(QJsonValue, wish);
    QFETCH(QString, code);
    const auto ann = join();
    ann->emitNumbered(SetState, wish);
    QVERIFY(ann->waitForError(code));
    QCOMPARE(ann->messages(Error).last()["payload"_L1]["emit"_L1], QJsonValue(1));
    QCOMPARE(ann->count(StateChanged), 0);
}

void tst_SharedState::refusedChangesReachNobody()
{
    const auto ann = join();
    const auto bob = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    change(*bob, {{u"key"_s, u"a"_s}, {u"value"_s, 2}});
    QVERIFY(bob->waitForError(u"state_owned"_s));
    bob->emitNumbered(u"done"_s);
    QVERIFY(ann->waitFor(u"done"_s));
    QCOMPARE(ann->count(StateChanged), 1);
    QCOMPARE(ann->seq(), 2);
}

void tst_SharedState::boundsHold_data()
{
    QTest::addColumn<int>("keys");
    QTest::addColumn<int>("bytes");
    QTest::newRow("keys") << 2 << 1'000;
    // Two keys of a byte with values of five.
    QTest::newRow("bytes") << 100 << 12;
}

void tst_SharedState::boundsHold()
{
    QFETCH(int, keys);
    QFETCH(int, bytes);
    DispatchServerSettings settings;
    settings.maxStateKeys = keys;
    settings.maxStateBytes = bytes;
    listen(settings);
    const auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, u"123"_s}}));
    QVERIFY(ann->changeState({{u"key"_s, u"b"_s}, {u"value"_s, u"123"_s}}));
    change(*ann, {{u"key"_s, u"c"_s}, {u"value"_s, 1}});
    QVERIFY(ann->waitForError(u"state_full"_s));
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, u"321"_s}}));
    QCOMPARE(ann->state(), (QJsonObject{{u"a"_s, u"321"_s}, {u"b"_s, u"123"_s}}));
}

void tst_SharedState::whatIsRemovedMakesRoom()
{
    DispatchServerSettings settings;
    settings.maxStateKeys = 1;
    listen(settings);
    const auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}}));
    QVERIFY(ann->changeState({{u"key"_s, u"b"_s}, {u"value"_s, 1}}));
    QCOMPARE(ann->count(Error), 0);
    QCOMPARE(ann->state(), (QJsonObject{{u"b"_s, 1}}));
}

void tst_SharedState::ownedKeysAreTheirOwners()
{
    const auto ann = join();
    const auto bob = join();
    QVERIFY(bob->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 0}}));
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    change(*bob, {{u"key"_s, u"a"_s}});
    QVERIFY(bob->waitForError(u"state_owned"_s));
    // It is the owner's to let it go.
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}}));
    QVERIFY(bob->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 3}}));
    QCOMPARE(ann->state(), (QJsonObject{{u"a"_s, 3}}));
}

void tst_SharedState::theOwnersUserMayChangeThem()
{
    const auto desk = join(u"&authorization=p/ann"_s);
    const auto phone = join(u"&authorization=p/ann"_s);
    const auto bob = join(u"&authorization=p/bob"_s);
    QVERIFY(desk->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    change(*bob, {{u"key"_s, u"a"_s}, {u"value"_s, 2}});
    QVERIFY(bob->waitForError(u"state_owned"_s));
    QVERIFY(phone->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 3}, {u"owned"_s, true}}));
    QCOMPARE(phone->state(), (QJsonObject{{u"a"_s, 3}}));
}

void tst_SharedState::ownedKeysGoWithTheirOwner()
{
    auto ann = join();
    const auto bob = join();
    QVERIFY(ann->changeState({{u"key"_s, u"cursor"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    QVERIFY(ann->changeState({{u"key"_s, u"shared"_s}, {u"value"_s, 1}}));
    ann->close();
    QVERIFY(bob->waitFor(StateChanged, 3));
    const QJsonObject told = bob->messages(StateChanged).last();
    QCOMPARE(told["payload"_L1], (QJsonObject{{u"key"_s, u"cursor"_s}}));
    QVERIFY(!told.contains("from"_L1));
    QCOMPARE(bob->state(), (QJsonObject{{u"shared"_s, 1}}));
    QCOMPARE(bob->gaps(), 0);
}

void tst_SharedState::ownedKeysStayWhileTheirOwnerMayComeBack()
{
    const auto ann = join();
    const auto bob = join();
    QVERIFY(ann->changeState({{u"key"_s, u"cursor"_s}, {u"value"_s, 1}, {u"owned"_s, true}}));
    ann->cut();
    QVERIFY(ann->resume(url(), u"projectId=p&shardName=s"_s));
    QVERIFY(ann->greeting()["recovered"_L1].toBool());
    QVERIFY(ann->changeState({{u"key"_s, u"cursor"_s}, {u"value"_s, 2}, {u"owned"_s, true}}));
    QCOMPARE(bob->count(StateChanged), 2);
    QCOMPARE(bob->state(), (QJsonObject{{u"cursor"_s, 2}}));
}

void tst_SharedState::keysEndWithTheirTime()
{
    const auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"stays"_s}, {u"value"_s, 1}}));
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ttlMs"_s, 20}}));
    const QJsonObject set = ann->messages(StateChanged).value(1);
    QCOMPARE(set["payload"_L1]["expiresAt"_L1].toInteger(), set["time"_L1].toInteger() + 20);
    QVERIFY(ann->waitFor(StateChanged, 3));
    QCOMPARE(ann->state(), (QJsonObject{{u"stays"_s, 1}}));
    QCOMPARE(ann->gaps(), 0);
}

void tst_SharedState::keysThatAreSetAgainLiveOn()
{
    const auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ttlMs"_s, 100}}));
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 2}}));
    QVERIFY(ann->changeState({{u"key"_s, u"b"_s}, {u"value"_s, 1}, {u"ttlMs"_s, 150}}));
    QTRY_COMPARE(ann->state(), (QJsonObject{{u"a"_s, 2}}));
}

void tst_SharedState::changesCanDependOnWhatTheyChange()
{
    const auto ann = join();
    const auto bob = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}, {u"ifSeq"_s, 0}}));
    const QJsonValue seq = ann->ack()["seq"_L1];
    change(*bob, {{u"key"_s, u"a"_s}, {u"value"_s, 2}, {u"ifSeq"_s, 0}});
    QVERIFY(bob->waitForError(u"state_changed"_s));
    QVERIFY(bob->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 3}, {u"ifSeq"_s, seq}}));
    change(*ann, {{u"key"_s, u"a"_s}, {u"ifSeq"_s, seq}});
    QVERIFY(ann->waitForError(u"state_changed"_s));
    QCOMPARE(ann->state(), (QJsonObject{{u"a"_s, 3}}));
}

void tst_SharedState::conflictsDoNotEndAConnection()
{
    const auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    for (int i = 0; i < 200; ++i)
        change(*ann, {{u"key"_s, u"a"_s}, {u"value"_s, 2}, {u"ifSeq"_s, 0}});
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 3}}));
    QCOMPARE(ann->count(Error), 200);
    QCOMPARE(ann->state(), (QJsonObject{{u"a"_s, 3}}));
}

void tst_SharedState::stateEndsWithItsShard()
{
    auto ann = join();
    QVERIFY(ann->changeState({{u"key"_s, u"a"_s}, {u"value"_s, 1}}));
    ann->close();
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QVERIFY(join()->greeting()["state"_L1]["entries"_L1].toArray().isEmpty());
}

void tst_SharedState::aServerCanKeepNone()
{
    DispatchServerSettings settings;
    settings.maxStateKeys = 0;
    listen(settings);
    const auto ann = join();
    QCOMPARE(ann->greeting()["limits"_L1]["stateKeys"_L1], QJsonValue(0));
    change(*ann, {{u"key"_s, u"a"_s}, {u"value"_s, 1}});
    QVERIFY(ann->waitForError(u"state_not_kept"_s));
}

QTEST_GUILESS_MAIN(tst_SharedState)
#include "tst_sharedstate.moc"
