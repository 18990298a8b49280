// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "rediskeys_p.h"
#include "redistestcluster.h"

#include <QtTest/qtest.h>

#include <set>

using namespace Dispatch;
using namespace Dispatch::Engine;

class tst_RedisKeys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysOfEachScriptShareASlot_data();
    void keysOfEachScriptShareASlot();
    void shardsSpreadOverSlots();
    void namesAreEscaped_data();
    void namesAreEscaped();
    void noTwoNamesMeet();
};

void tst_RedisKeys::keysOfEachScriptShareASlot_data()
{
    QTest::addColumn<QByteArray>("project");
    QTest::addColumn<QByteArray>("shard");
    QTest::newRow("plain") << QByteArray("project") << QByteArray("room");
    QTest::newRow("braces") << QByteArray("{}") << QByteArray("}{");
    QTest::newRow("tag") << QByteArray("{a}b") << QByteArray("{c}");
    QTest::newRow("empty tag") << QByteArray("a{}") << QByteArray("{}b");
    QTest::newRow("other letters") << QByteArray("größe") << QByteArray("部屋");
    QTest::newRow("control") << QByteArray("a\r\nb") << QByteArray("c\0d", 3);
}

void tst_RedisKeys::keysOfEachScriptShareASlot()
{
    QFETCH(QByteArray, project);
    QFETCH(QByteArray, shard);
    RedisServer *server = sharedRedisServer();
    QVERIFY(server);
    const RedisKeys keys("dispatch");
    const StreamId direct{project.toStdString()};
    const StreamId room{project.toStdString(), shard.toStdString()};
    std::vector<std::vector<std::string>> groups{keys.seats(direct.projectId),
                                                 keys.stream(direct),
                                                 keys.stream(room),
                                                 keys.state(room),
                                                 keys.members(room),
                                                 keys.session("0b5e1c2a-8f5c")};
    // What a script says it says on a channel of its slot.
    groups[1].push_back(keys.channel(direct));
    groups[2].push_back(keys.channel(room));
    groups[3].push_back(keys.channel(room));
    groups[4].push_back(keys.channel(room));
    groups.push_back(keys.pins(direct.projectId));
    groups.back().push_back(keys.channel(direct));
    for (const std::vector<std::string> &group : groups) {
        std::set<std::uint64_t> slots;
        for (const std::string &key : group)
            slots.insert(server->number({"CLUSTER", "KEYSLOT", key}));
        QCOMPARE(slots.size(), 1u);
        QCOMPARE(std::set<std::string>(group.begin(), group.end()).size(), group.size());
    }
}

void tst_RedisKeys::shardsSpreadOverSlots()
{
    RedisServer *server = sharedRedisServer();
    QVERIFY(server);
    const RedisKeys keys("dispatch");
    std::set<std::uint64_t> slots;
    for (int i = 0; i < 100; ++i)
        slots.insert(server->number(
            {"CLUSTER", "KEYSLOT", keys.stream({"project", std::to_string(i)}).front()}));
    QVERIFY(slots.size() > 90);
}

void tst_RedisKeys::namesAreEscaped_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("escaped");
    QTest::newRow("plain") << QByteArray("aZ09-._~") << QByteArray("aZ09-._~");
    QTest::newRow("punctuation") << QByteArray("{/:%}") << QByteArray("%7B%2F%3A%25%7D");
    QTest::newRow("other letters") << QByteArray("ä") << QByteArray("%C3%A4");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
}

void tst_RedisKeys::namesAreEscaped()
{
    QFETCH(QByteArray, name);
    QTEST(QByteArray::fromStdString(RedisKeys::escaped(name.toStdString())), "escaped");
}

void tst_RedisKeys::noTwoNamesMeet()
{
    const RedisKeys keys("dispatch");
    std::set<std::string> all;
    std::size_t count = 0;
    const auto add = [&](const std::string &key) {
        all.insert(key);
        ++count;
    };
    const std::vector<std::string> parts{"a", "b", "a/b", "a:b", "{a}", "a%2Fb", "%", "ä", "A"};
    for (const std::string &project : parts) {
        for (const std::string &shard : parts) {
            for (const std::string &key : keys.stream({project, shard}))
                add(key);
            add(keys.channel({project, shard}));
        }
        std::vector<std::string> seats = keys.seats(project);
        seats.pop_back(); // that of the project's stream
        for (const std::string &key : seats)
            add(key);
        for (const std::string &key : keys.pins(project))
            add(key); // those of its stream, too
        add(keys.channel({project}));
        add(keys.session(project).front());
        add(keys.secret(project));
        add(keys.nodeChannel(project));
    }
    QCOMPARE(all.size(), count);
}

QTEST_GUILESS_MAIN(tst_RedisKeys)
#include "tst_rediskeys.moc"
