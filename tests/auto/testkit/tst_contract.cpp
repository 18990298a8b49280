// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "edgepayloads.h"
#include "errorof.h"
#include "guest.h"
#include "stateplays.h"

#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// The test kit's server is as good as the real one: whatever is played on both, clients see the
/// same.
class tst_Contract : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clientsSeeTheSame_data();
    void clientsSeeTheSame();
};

namespace {

using Play = void (*)(Stage &, Transcript &);

void joining(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    ann.note(ann.currentShardName());
    ann.waitForPeople({u"Ann"_s});
}

void joiningInTheBaseProfile(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.setBaseProfileOnly(true);
    ann.join(u"lobby"_s);
    ann.waitForPeople({u"Ann"_s});
    ann.emitEvent(u"message"_s, 1);
    ann.waitForEvents(1);
}

void profilesShareARoom(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    bob.setBaseProfileOnly(true);
    ann.join(u"lobby"_s);
    bob.join(u"lobby"_s);
    ann.waitForPeople({u"Ann"_s, u"Bob"_s});
    bob.waitForPeople({u"Ann"_s, u"Bob"_s});
    bob.emitEvent(u"message"_s, u"from base"_s);
    ann.waitForEvents(1);
    bob.waitForEvents(1);
    ann.emitEvent(u"message"_s, u"to base"_s, {bob.clientId()});
    bob.waitForEvents(2);
}

void placement(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    Guest cleo(stage, seen, u"Cleo"_s);
    for (Guest *guest : {&ann, &bob, &cleo}) {
        guest->setMaxConnectionsPerShard(2);
        guest->join({});
    }
    bob.note(bob.currentShardName() == ann.currentShardName() ? u"with Ann"_s : u"alone"_s);
    cleo.note(cleo.currentShardName() == ann.currentShardName() ? u"with Ann"_s : u"alone"_s);
}

void fullRooms(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.setMaxConnectionsPerShard(1);
    ann.join(u"small"_s);
    Guest bob(stage, seen, u"Bob"_s);
    bob.join(u"small"_s);
}

void badTokens(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.waitForEnd(ann.connectToServer({.shardName = u"lobby"_s, .authorization = u"bad"_s}));
    Guest bob(stage, seen, u"Bob"_s);
    bob.join(u"lobby"_s);
    bob.identify(u"bad"_s);
    bob.waitForErrors(1);
}

void goodTokens(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.waitForEnd(ann.connectToServer({.shardName = u"lobby"_s, .authorization = u"good"_s}));
    ann.waitForPeople({u"Ann"_s});
    ann.emitEvent(u"message"_s, 1);
    ann.waitForEvents(1);
    Guest bob(stage, seen, u"Bob"_s);
    bob.join(u"elsewhere"_s);
    bob.emitEvent(u"message"_s, 2, {u"user:17"_s});
    ann.waitForEvents(2);
}

void payloads(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    ann.emitEvent(u"tap"_s);
    const QJsonValue values[] = {QJsonValue::Null,
                                 true,
                                 2.5,
                                 qint64(9007199254740993),
                                 u"\"\\\n\u2028😀"_s,
                                 QJsonArray{1, QJsonArray()},
                                 QJsonObject{{u"b"_s, 1}, {u"a"_s, QJsonObject()}}};
    for (const QJsonValue &value : values)
        ann.emitEvent(u"é \"quoted\""_s, value);
    ann.waitForEvents(8);
}

void recipients(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    Guest cleo(stage, seen, u"Cleo"_s);
    ann.join(u"lobby"_s);
    bob.join(u"lobby"_s);
    cleo.join(u"kitchen"_s);
    ann.emitEvent(u"message"_s, u"nobody"_s, QStringList());
    ann.emitEvent(u"message"_s, u"unknown"_s, {u"who"_s});
    ann.emitEvent(u"message"_s, u"Cleo"_s, {cleo.clientId(), cleo.clientId()});
    cleo.waitForEvents(1);
    ann.emitEvent(u"message"_s, u"Ann herself"_s, {ann.clientId()});
    ann.waitForEvents(1);
    ann.emitEvent(u"message"_s, u"Bob"_s, {bob.clientId()});
    bob.waitForEvents(1);
    ann.emitEvent(u"message"_s, u"all"_s);
    ann.waitForEvents(2);
    bob.waitForEvents(2);
}

void presence(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    {
        Guest bob(stage, seen, u"Bob"_s);
        bob.setUserInfo({{u"name"_s, u"Bob"_s}, {u"clientId"_s, u"forged"_s}, {u"x"_s, 1.5}});
        bob.join(u"lobby"_s);
        ann.waitForPeople({u"Ann"_s, u"Bob"_s});
        bob.waitForPeople({u"Ann"_s, u"Bob"_s});
        bob.setUserInfo({{u"name"_s, u"Robert"_s}});
        ann.waitForPeople({u"Ann"_s, u"Robert"_s});
        bob.disconnectFromServer();
    }
    ann.waitForPeople({u"Ann"_s});
}

void refusedEvents(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    int taken = 0;
    const auto emitted = [&](const QString &eventName, const QJsonValue &payload) {
        const QString code = stage.emitOfStranger(u"contract"_s, u"lobby"_s, eventName, payload);
        if (code.isEmpty())
            ann.waitForEvents(++taken);
        else
            ann.note(code);
    };
    for (const QString &eventName :
         {QString(), QString(255, u'n'), QString(256, u'n'), QString(127, u'\u00e9'),
          QString(128, u'\u00e9'), u"@message"_s, u"@@message"_s, u" @\u200b@message"_s,
          u"@@KOJI_DISPATCH/STATE"_s, u"@@KOJI_DISPATCH/ERROR"_s, u"message"_s})
        emitted(eventName, 1);
    for (const QChar character : {u'x', u'\u00e9', u'\u20ac'}) {
        emitted(u"message"_s, textFor(128'000, character));
        emitted(u"message"_s, textFor(128'001, character));
    }
    for (const int levels : {62, 63, 64, 65})
        emitted(u"message"_s, nested(levels));
    for (const int size : {19'994, 19'995, 19'996}) {
        QJsonArray values;
        for (int i = 0; i < size; ++i)
            values += 1;
        emitted(u"message"_s, values);
    }
}

void userInfoThatIsTooBig(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    ann.setUserInfo({{u"name"_s, QString(5'000, u'x')}});
    ann.waitForErrors(1);
}

void acknowledgements(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    const auto first = ann.emitAcknowledged(u"message"_s, 1);
    ann.waitForEnd(first);
    const auto direct = ann.emitAcknowledged(u"message"_s, 2, QStringList{u"who"_s});
    ann.waitForEnd(direct);
    const auto second = ann.emitAcknowledged(u"message"_s, 3);
    ann.waitForEnd(second);
    for (const auto &future : {first, direct, second})
        ann.note(QString::number(future.result().sequence));
}

void requests(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    ann.join(u"lobby"_s);
    bob.join(u"lobby"_s);
    bob.onRequest(u"double"_s, &bob,
                  [](const QJsonValue &number) { return QJsonValue(2 * number.toInt()); });
    auto reply = ann.request(u"double"_s, 21);
    ann.waitForEnd(reply);
    ann.note(u"is told "_s + jsonOf(reply.result().payload()));
}

/// Both lose their connections. He comes back at once, she not before she is told to.
void loseBoth(Stage &stage, Guest &ann, Guest &bob)
{
    // Drawn from 0 on: of this much it is hardly ever as little as what happens meanwhile takes.
    ann.setReconnectPolicy({.minDelay = 3'600'000, .maxDelay = 3'600'000});
    stage.drop();
    ann.waitForErrors(1);
    bob.waitForReturn();
}

void recovering(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    ann.join(u"lobby"_s);
    bob.join(u"lobby"_s);
    const QString id = ann.clientId();
    loseBoth(stage, ann, bob);
    bob.emitEvent(u"message"_s, 1);
    bob.emitEvent(u"message"_s, 2, {id});
    bob.emitEvent(u"message"_s, 3);
    bob.waitForEvents(2);
    ann.retryNow();
    ann.waitForReturn();
    ann.waitForEvents(3);
    bob.emitEvent(u"message"_s, 4);
    ann.waitForEvents(4);
    bob.waitForEvents(3);
    ann.waitForPeople({u"Ann"_s, u"Bob"_s});
}

void comingBackTooLate(Stage &stage, Transcript &seen)
{
    stage.configure({.sessionWindow = 0});
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    stage.drop();
    ann.waitForReturn();
    ann.waitForPeople({u"Ann"_s});
}

void missingTooMuch(Stage &stage, Transcript &seen)
{
    stage.configure({.maxReplayEvents = 1});
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    ann.join(u"lobby"_s);
    bob.join(u"lobby"_s);
    loseBoth(stage, ann, bob);
    for (int i = 0; i < 3; ++i)
        bob.emitEvent(u"message"_s, i);
    bob.waitForEvents(3);
    ann.retryNow();
    ann.waitForReturn();
    bob.emitEvent(u"message"_s, 3);
    ann.waitForEvents(1);
    bob.waitForEvents(4);
}

void losingTheBaseProfile(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.setBaseProfileOnly(true);
    ann.join(u"lobby"_s);
    stage.drop();
    ann.waitForReturn();
    ann.waitForPeople({u"Ann"_s});
}

void emittingWhileItIsLost(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    ann.emitEvent(u"message"_s, 0);
    ann.waitForEvents(1);
    stage.drop();
    ann.waitForErrors(1);
    for (int i = 1; i < 4; ++i)
        ann.emitEvent(u"message"_s, i);
    ann.waitForEvents(4);
}

void history(Stage &stage, Transcript &seen)
{
    stage.configure({.maxHistory = 2});
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    for (int i = 0; i < 4; ++i)
        ann.emitEvent(u"message"_s, i);
    ann.waitForEvents(4);
    Guest late(stage, seen, u"Late"_s);
    late.setHistory(10);
    late.join(u"lobby"_s);
    late.waitForEvents(2);
    Guest curious(stage, seen, u"Curious"_s);
    curious.setHistory(1);
    curious.join(u"lobby"_s);
    curious.waitForEvents(1);
}

void draining(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    stage.drain();
    ann.waitForReturn();
    ann.waitForPeople({u"Ann"_s});
}

void sendingTooFast(Stage &stage, Transcript &seen)
{
    stage.configure({.messagesPerSecond = 1, .messageBurst = 1});
    Guest ann(stage, seen, u"Ann"_s);
    ann.setUserInfo({});
    ann.setQueuePolicy({.paced = false});
    ann.join(u"lobby"_s);
    const auto taken = ann.emitAcknowledged(u"message"_s, 1);
    ann.emitEvent(u"message"_s, 2);
    const auto refused = ann.emitAcknowledged(u"message"_s, 3);
    ann.waitForEnd(taken);
    ann.waitForEnd(refused);
    ann.waitForEvents(1);
    ann.note(thrownBy(refused).reason());
    ann.note(thrownBy(refused).retryAfter() > std::chrono::milliseconds(0) ? u"wait"_s : u"-"_s);
}

void pacing(Stage &stage, Transcript &seen)
{
    stage.configure({.messagesPerSecond = 50, .messageBurst = 10});
    Guest ann(stage, seen, u"Ann"_s);
    ann.join(u"lobby"_s);
    for (int i = 0; i < 25; ++i)
        ann.emitEvent(u"message"_s, i);
    ann.note(ann.queuedEvents() > 0 ? u"some wait"_s : u"none waits"_s);
    ann.waitForEvents(25);
}

void projectsAreApart(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest stranger(stage, seen, u"Stranger"_s);
    stranger.setProjectId(u"other"_s);
    ann.join(u"lobby"_s);
    stranger.join(u"lobby"_s);
    stranger.emitEvent(u"message"_s, 1);
    stranger.emitEvent(u"message"_s, 2, {ann.clientId()});
    stranger.waitForEvents(1);
    ann.emitEvent(u"message"_s, 3);
    ann.waitForEvents(1);
    const auto listed = ann.info();
    ann.waitForEnd(listed);
    for (const DispatchShardInfo &shard : listed.result())
        ann.note(shard.shardName + QString::number(shard.numConnectedClients));
}

void leavingAndComingBack(Stage &stage, Transcript &seen)
{
    Guest ann(stage, seen, u"Ann"_s);
    Guest bob(stage, seen, u"Bob"_s);
    ann.join(u"lobby"_s);
    bob.join(u"lobby"_s);
    ann.waitForPeople({u"Ann"_s, u"Bob"_s});
    bob.disconnectFromServer();
    ann.waitForPeople({u"Ann"_s});
    bob.join(u"lobby"_s);
    ann.waitForPeople({u"Ann"_s, u"Bob"_s});
}

} // namespace

Q_DECLARE_METATYPE(Play)

void tst_Contract::clientsSeeTheSame_data()
{
    QTest::addColumn<Play>("play");
    const std::pair<const char *, Play> plays[] = {
        {"joining", joining},
        {"joining in the base profile", joiningInTheBaseProfile},
        {"both profiles share a room", profilesShareARoom},
        {"placement", placement},
        {"full rooms", fullRooms},
        {"bad tokens", badTokens},
        {"good tokens", goodTokens},
        {"payloads", payloads},
        {"recipients", recipients},
        {"presence", presence},
        {"refused events", refusedEvents},
        {"user info that is too big", userInfoThatIsTooBig},
        {"acknowledgements", acknowledgements},
        {"requests", requests},
        {"recovering", recovering},
        {"coming back too late", comingBackTooLate},
        {"missing too much", missingTooMuch},
        {"losing the base profile", losingTheBaseProfile},
        {"emitting while it is lost", emittingWhileItIsLost},
        {"history", history},
        {"draining", draining},
        {"sending too fast", sendingTooFast},
        {"pacing", pacing},
        {"projects are apart", projectsAreApart},
        {"leaving and coming back", leavingAndComingBack},
        {"sharing a state", sharingAState},
        {"changing several keys at once", changingSeveralKeysAtOnce},
        {"owning a key", owningAKey},
        {"changing what another one changed", changingWhatAnotherOneChanged},
        {"keys whose time is over", keysWhoseTimeIsOver},
        {"a state outlasts a loss", aStateOutlastsALoss},
    };
    for (const auto &[name, play] : plays)
        QTest::newRow(name) << play;
}

void tst_Contract::clientsSeeTheSame()
{
    QFETCH(Play, play);
    Transcript withKit;
    const auto kit = Stage::ofTestKit();
    play(*kit, withKit);
    Transcript withServer;
    const auto server = Stage::ofRealServer();
    play(*server, withServer);
    QCOMPARE(server->failures(), QStringList());
    QCOMPARE(kit->failures(), QStringList());
    QVERIFY(!withServer.lines().isEmpty());
    QCOMPARE(withKit.lines().join(u'\n'), withServer.lines().join(u'\n'));
}

QTEST_GUILESS_MAIN(tst_Contract)
#include "tst_contract.moc"
