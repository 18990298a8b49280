// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "enginetest.h"
#include "redistestcluster.h"

#include <QtCore/qfile.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qtest.h>

using namespace Dispatch;
using namespace Dispatch::Engine;

/// What is only to be seen with Redis.
class tst_Redis : public EngineTest {
    Q_OBJECT

private Q_SLOTS:
    void oneEventCostsOneRoundTrip();
    void scriptsThatRedisForgotAreSentAgain();
    void rightsOfTheManualAreEnough();
    void wrongPasswordIsComplainedOf();
    void prefixesShareNothing();
    void nobodyWaitsForAPausedRedis();
    void redisThatComesLaterIsReached();
    void restartFromAnOlderDumpBeginsANewLife();
    void keysOfTheDeadExpire();
    void quietStreamsLiveAsLongAsSomebodyIsThere();
    void costOfScriptsIsKnown();
    void whyItIsNotReachedIsSaidOnce();
    void pinsLiveAsLongAsTheySay();

private:
    RedisTestCluster &redis() { return static_cast<RedisTestCluster &>(*cluster); }
    static std::uint64_t calls(const std::string &command);
};

/// How often Redis was asked to do \a command, by us or by a script.
std::uint64_t tst_Redis::calls(const std::string &command)
{
    const std::string stats = sharedRedisServer()->text({"INFO", "commandstats"});
    const std::string begin = "cmdstat_" + command + ":calls=";
    const std::size_t found = stats.find(begin);
    return found == std::string::npos ? 0 : std::stoull(stats.substr(found + begin.size()));
}

void tst_Redis::oneEventCostsOneRoundTrip()
{
    Limits still = limits();
    still.beat = std::chrono::hours(1);
    QVERIFY(begin(3, still));
    std::vector<std::shared_ptr<StreamRecord>> records;
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        records.push_back(listen(room, node));
        QVERIFY(records.back());
    }
    sharedRedisServer()->ask({"CONFIG", "RESETSTAT"});
    for (int i = 0; i < 100; ++i)
        QVERIFY(publish(std::to_string(i), static_cast<std::size_t>(i) % 3).seq > 0);
    QVERIFY(cluster->waitFor([&] {
        return std::ranges::all_of(records,
                                   [](const auto &record) { return record->events.size() == 100; });
    }));
    QCOMPARE(calls("evalsha"), 100u);
    QCOMPARE(calls("spublish"), 100u); // in the script, for however many nodes
    for (const char *command : {"eval", "ssubscribe", "get", "set", "ping", "xrange"})
        QCOMPARE(calls(command), 0u);
}

void tst_Redis::scriptsThatRedisForgotAreSentAgain()
{
    QVERIFY(begin(1, limits()));
    QVERIFY(publish("1").seq > 0);
    sharedRedisServer()->ask({"SCRIPT", "FLUSH"});
    QCOMPARE(publish("2").seq, 2u);
    QCOMPARE(shardOf("a", "room"), "room");
    QVERIFY(nodes[0]->heard->complaints.empty());
}

void tst_Redis::rightsOfTheManualAreEnough()
{
    QFile manual(QStringLiteral(SOURCE_DIR "/docs/engine.md"));
    QVERIFY(manual.open(QIODevice::ReadOnly));
    const QString rights = QRegularExpression(QStringLiteral("ACL SETUSER .*"))
                               .match(QString::fromUtf8(manual.readAll()))
                               .captured();
    QVERIFY(!rights.isEmpty());
    std::vector<std::string> command;
    for (const QString &word : rights.split(u' ', Qt::SkipEmptyParts))
        command.push_back(word.toStdString());
    QVERIFY(begin(0, limits()));
    QCOMPARE(sharedRedisServer()->text(command), "OK");

    redis().settings.user = command[2];
    redis().settings.password = "secret";
    nodes.push_back(cluster->node());
    nodes.push_back(cluster->node());
    const auto record = listen(room, 1);
    QVERIFY(record);
    QCOMPARE(shardOf("a", "room"), "room");
    QVERIFY(succeeded(setMember("a", "")));
    QVERIFY(publish("event").seq > 0);
    QCOMPARE(read({room, {}, {}, 1}).entries.size(), 1u);
    Session session;
    session.clientId = "a";
    session.shard = room;
    QVERIFY(succeeded(createSession(session, "secret1")));
    QVERIFY(succeeded(claim("secret1", "secret2", 1)));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->takenSessions.empty(); }));
    QVERIFY(cluster->waitFor([&] { return !record->data.empty(); }));
    for (const milliseconds life : {milliseconds(60'000), milliseconds(0)}) {
        QVERIFY(succeeded(cluster->await<Pinned>([&](Reply<Pinned> reply) {
            engine().pin({{project}, "event"}, {"name", "data", life}, 1, std::move(reply));
        })));
    }
    QVERIFY(succeeded(cluster->await<PinList>(
        [&](Reply<PinList> reply) { engine().pins(project, std::move(reply)); })));
    QVERIFY(succeeded(cluster->await<std::vector<std::string>>(
        [&](auto reply) { engine().nodes(project, std::move(reply)); })));
    QVERIFY(succeeded(cluster->await<StreamId>(
        [&](auto reply) { engine().locate(project, "a", std::move(reply)); })));
    QVERIFY(nodes[0]->heard->complaints.empty());

    redis().settings.prefix = "another";
    nodes.push_back(cluster->node());
    QVERIFY(failedWith(publish({room, "event"}, 2), Failure::Rejected));
    QVERIFY(cluster->waitFor([&] { return !nodes[2]->heard->complaints.empty(); }));
    QVERIFY(nodes[2]->heard->complaints[0].starts_with("NOPERM"));
}

void tst_Redis::wrongPasswordIsComplainedOf()
{
    QVERIFY(begin(0, shortLeases()));
    redis().settings.user = "nobody";
    redis().settings.password = "wrong";
    nodes.push_back(cluster->node());
    QVERIFY(failedWith(publish({room, "event"}), Failure::Unavailable));
    QVERIFY(cluster->waitFor([&] { return !nodes[0]->heard->complaints.empty(); }));
    QVERIFY(nodes[0]->heard->complaints[0].starts_with("WRONGPASS"));
    QCOMPARE(nodes[0]->heard->timesReached, 0);
}

void tst_Redis::prefixesShareNothing()
{
    QVERIFY(begin(1, limits()));
    redis().settings.prefix = "another";
    nodes.push_back(cluster->node());
    const auto one = listen(room);
    const auto other = listen(room, 1);
    QVERIFY(one && other);
    QCOMPARE(shardOf("a", "room", 1), "room");
    QCOMPARE(shardOf("b", "room", 1, 1), "room");
    QCOMPARE(publish("one").seq, 1u);
    QCOMPARE(publish("other", 1).seq, 1u);
    QVERIFY(cluster->waitFor([&] { return !one->data.empty() && !other->data.empty(); }));
    QCOMPARE(one->data, std::vector<std::string>{"one"});
    QCOMPARE(other->data, std::vector<std::string>{"other"});
}

void tst_Redis::nobodyWaitsForAPausedRedis()
{
    Limits limits = shortLeases();
    limits.lease = std::chrono::minutes(5);
    QVERIFY(begin(1, limits));
    const auto record = listen(room);
    QVERIFY(record);
    constexpr milliseconds Pause{3'000};
    constexpr milliseconds Patience{1'500};
    cluster->pause();
    const TimePoint since = cluster->now();
    std::vector<TimePoint> made; // when calls were
    std::vector<std::string> succeededOnes;
    std::size_t ended = 0;
    QVERIFY(cluster->waitFor([&] {
        const std::string data = std::to_string(made.size());
        made.push_back(cluster->now());
        engine().publish(
            {room, data},
            {cluster->context.get_executor(), [&, data](const Outcome<Published> &outcome) {
                 ++ended;
                 if (succeeded(outcome))
                     succeededOnes.push_back(data);
             }});
        return cluster->now() - since > Pause;
    }));
    const auto old = std::ranges::count_if(
        made, [&](TimePoint when) { return cluster->now() - when > Patience; });
    QVERIFY(old > 0);
    QVERIFY(ended >= static_cast<std::size_t>(old));
    QVERIFY(succeededOnes.empty());
    cluster->goOn();
    QVERIFY(cluster->waitFor([&] { return ended == made.size(); }));
    QVERIFY(cluster->waitFor([&] { return publish("healed").seq > 0; }));
    QVERIFY(
        cluster->waitFor([&] { return !record->data.empty() && record->data.back() == "healed"; }));
    QVERIFY(record->isWithoutGaps());
    const std::set<std::string> heard(record->data.begin(), record->data.end());
    QCOMPARE(heard.size(), record->data.size());
    for (const std::string &data : succeededOnes)
        QVERIFY(heard.contains(data));
}

void tst_Redis::redisThatComesLaterIsReached()
{
    RedisServer server(RedisServer::Kind::Alone);
    cluster = std::make_unique<RedisTestCluster>(server, limits());
    nodes.push_back(cluster->node());
    std::optional<Outcome<Published>> outcome;
    engine().publish({room, "early"}, cluster->into(outcome));
    QVERIFY(server.start());
    QVERIFY(cluster->waitFor([&] { return outcome.has_value(); }));
    QVERIFY(succeeded(*outcome));
    cleanup();
}

void tst_Redis::restartFromAnOlderDumpBeginsANewLife()
{
    RedisServer server(RedisServer::Kind::Alone);
    QVERIFY(server.start());
    cluster = std::make_unique<RedisTestCluster>(server, limits());
    nodes.push_back(cluster->node());
    nodes.push_back(cluster->node());
    const auto record = listen(room);
    QVERIFY(record);
    publish("1");
    QCOMPARE(shardOf("a", "room"), "room");
    QCOMPARE(server.text({"SAVE"}), "OK");
    const Mark lost = publish("2");
    QCOMPARE(shardOf("b", "room"), "room");
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 2; }));
    server.stop();
    QVERIFY(server.start());
    // By a node that does not know of the event that was lost.
    const Mark after = publish("another 2", 1);
    QVERIFY(after.epoch != 0 && after.epoch != lost.epoch);
    QVERIFY(cluster->waitFor([&] { return record->data.size() == 3; }));
    QCOMPARE(record->resets.size(), 1u);
    QVERIFY(!read({room, lost}).isComplete);
    QVERIFY(cluster->waitFor([&] { return clients() == 2; }));
    cleanup();
}

void tst_Redis::keysOfTheDeadExpire()
{
    Limits brief = shortLeases();
    brief.retention = milliseconds(2'500);
    brief.sessionLife = milliseconds(2'500);
    QVERIFY(begin(1, brief));
    QVERIFY(!shardOf("a", "room").empty());
    QVERIFY(succeeded(setMember("a", "")));
    QVERIFY(succeeded(publish({room, "event", "a", 1})));
    Session session;
    session.clientId = "a";
    session.shard = room;
    QVERIFY(succeeded(createSession(session, "secret1")));
    const Pin ban{"users/ann", "data", brief.retention};
    QVERIFY(succeeded(cluster->await<Pinned>([&](Reply<Pinned> reply) {
        engine().pin({{project}, "event"}, ban, 10, std::move(reply));
    })));
    QVERIFY(sharedRedisServer()->number({"DBSIZE"}) > 0);
    kill(0);
    QVERIFY(cluster->waitFor([] { return sharedRedisServer()->number({"DBSIZE"}) == 0; }));
}

void tst_Redis::quietStreamsLiveAsLongAsSomebodyIsThere()
{
    Limits brief = shortLeases();
    brief.retention = milliseconds(2'500);
    QVERIFY(begin(1, brief));
    QVERIFY(!shardOf("a", "room").empty());
    QVERIFY(succeeded(setMember("a", "")));
    const auto toShard = publish({room, "event"});
    const auto toProject = publish({{project}, "event"});
    QVERIFY(succeeded(toShard) && succeeded(toProject));
    const TimePoint since = cluster->now();
    QVERIFY(cluster->waitFor([&] { return cluster->now() - since > 2 * brief.retention; }));
    QVERIFY(read({room}).top == std::get<Published>(toShard).mark);
    QVERIFY(read({{project}}).top == std::get<Published>(toProject).mark);
}

void tst_Redis::costOfScriptsIsKnown()
{
    QVERIFY(begin(1, limits()));
    sharedRedisServer()->ask({"CONFIG", "RESETSTAT"});
    for (int i = 0; i < 100; ++i)
        QVERIFY(publish(std::to_string(i)).seq > 0);
    QVERIFY(cluster->waitFor([&] { return engine().figures().scriptCalls >= 100; }));
    QVERIFY(engine().figures().scriptMicroseconds > 0);
}

void tst_Redis::whyItIsNotReachedIsSaidOnce()
{
    RedisServer server(RedisServer::Kind::Alone);
    cluster = std::make_unique<RedisTestCluster>(server, limits());
    nodes.push_back(cluster->node());
    QVERIFY(cluster->waitFor([&] { return nodes[0]->heard->timesLost > 0; }));
    QVERIFY(!nodes[0]->heard->whyLost.empty());
    QVERIFY(!engine().figures().wasReached);
    QVERIFY(server.start());
    QVERIFY(cluster->waitFor([&] { return engine().figures().isReached; }));
    QCOMPARE(nodes[0]->heard->timesLost, 1);
    cleanup();
}

void tst_Redis::pinsLiveAsLongAsTheySay()
{
    Limits brief = shortLeases();
    brief.retention = milliseconds(1'500);
    QVERIFY(begin(1, brief));
    const auto list = [this] {
        return cluster->await<PinList>(
            [this](Reply<PinList> reply) { engine().pins(project, std::move(reply)); });
    };
    const Pin ban{"users/ann", "data", std::chrono::minutes(5)};
    const auto pinned = cluster->await<Pinned>([&](Reply<Pinned> reply) {
        engine().pin({{project}, "event"}, ban, 10, std::move(reply));
    });
    QVERIFY(succeeded(pinned));
    // Nobody listens to the project, whose stream is forgotten.
    QVERIFY(cluster->waitFor([] {
        return sharedRedisServer()->number({"EXISTS", "dispatch:project:{project}:meta"}) == 0;
    }));
    const auto found = list();
    QVERIFY(succeeded(found));
    QCOMPARE(std::get<PinList>(found).pins.size(), 1u);
    QVERIFY(std::get<PinList>(found).top.epoch != std::get<Pinned>(pinned).mark.epoch);
    // That has begun a new life of the stream, and no new time for the pins.
    QVERIFY(sharedRedisServer()->number({"PTTL", "dispatch:project:{project}:pins"}) > 60'000);
    QVERIFY(succeeded(list()));
}

QTEST_GUILESS_MAIN(tst_Redis)
#include "tst_redis.moc"
