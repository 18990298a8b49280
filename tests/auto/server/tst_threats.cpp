// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "neighbour.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qrandom.h>
#include <QtCore/quuid.h>
#include <QtTest/qtest.h>

#include <array>
#include <set>
#include <vector>

using namespace Qt::StringLiterals;

/// What hostile clients try behind the handshake (docs/security.md), and that others don't notice.
class tst_Threats : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

    void hostileBytesHarmNobody_data();
    void hostileBytesHarmNobody();
    void hostileCrowdHarmsNobody();
    void recipientsTellNothing();
    void idsTellNothing();
    void nothingLeavesItsShard();
    void limitOfAShardIsNobodysToRaise_data();
    void limitOfAShardIsNobodysToRaise();
    void presenceDoesNotAmplify();

private:
    std::unique_ptr<DispatchServer> m_server;
};

namespace {

constexpr int Stays = 0;

/// What a hostile client sends, the code of the error that it gets, if any, and of its close frame.
struct Attack {
    const char *name;
    QByteArray bytes;
    QByteArray error;
    int closeCode = Stays;
};

QByteArray text(const QByteArray &message)
{
    return RawPeer::frame(RawPeer::Text, message);
}

QByteArray event(const QByteArray &payload)
{
    return text("{\"eventName\":\"x\",\"payload\":" + payload + "}");
}

QByteArray fragments(int count)
{
    return RawPeer::frame(RawPeer::Text, {}, false)
        + RawPeer::frame(RawPeer::Continuation, {}, false).repeated(count - 1);
}

QList<Attack> framesThatAreWrong()
{
    return {
        {"a frame that announces 1 TiB", QByteArray::fromHex("81ff000001000000000001020304"),
         "message_too_big", 1009},
        {"a frame that announces one byte too many",
         QByteArray::fromHex("81ff000000000005dc0101020304"), "message_too_big", 1009},
        {"a length with its highest bit",
         QByteArray::fromHex("81ffffffffffffffffff01020304"),
         {},
         1002},
        {"a length that could be shorter", QByteArray::fromHex("81fe000101020304") + 'x', {}, 1002},
        {"a compressed frame", QByteArray::fromHex("c18501020304") + "xxxxx", {}, 1002},
        {"an unknown kind of frame", QByteArray::fromHex("838001020304"), {}, 1002},
        {"a frame that is not masked", QByteArray("\x81\x02{}", 4), {}, 1002},
        {"a long ping", QByteArray::fromHex("89fe007e01020304"), {}, 1002},
        {"a ping in fragments", QByteArray::fromHex("098001020304"), {}, 1002},
        {"a message within a message",
         RawPeer::frame(RawPeer::Text, "{", false) + event("1"),
         {},
         1002},
        {"a fragment of nothing", RawPeer::frame(RawPeer::Continuation, "x"), {}, 1002},
        {"a close frame of one byte", RawPeer::frame(RawPeer::Close, "x"), {}, 1002},
        {"a close code that is none",
         RawPeer::frame(RawPeer::Close, QByteArray::fromHex("03ed")),
         {},
         1002},
        {"a binary message", RawPeer::frame(RawPeer::Binary, "x"), "binary_message", 1003},
        {"no UTF-8", text("{\"eventName\":\"\xc0\xaf\"}"), {}, 1007},
        {"half a surrogate pair in UTF-8", text("\"\xed\xa0\x80\""), {}, 1007},
        {"empty fragments", fragments(4'097), "too_many_fragments", 1008},
        {"pings without end", RawPeer::frame(RawPeer::Ping, "p").repeated(200),
         "too_many_control_frames", 1008},
        {"HTTP instead of frames", RawPeer::request("GET", "/info/p"), {}, 1002},
    };
}

QList<Attack> messagesThatAreWrong()
{
    const QByteArray deep = QByteArray(100'000, '[');
    return {
        {"a message that is too long", event('"' + QByteArray(130'000, 'x') + '"'),
         "message_too_big", 1009},
        {"more bytes than any message has", event('"' + QByteArray(384'001, 'x') + '"'),
         "message_too_big", 1009},
        {"nesting", event(QByteArray(64, '[') + QByteArray(64, ']')), "too_deep"},
        {"nesting that never ends", text("{\"eventName\":\"x\",\"payload\":" + deep),
         "bad_message"},
        {"very many values", event('[' + QByteArray("1,").repeated(20'000) + "1]"), "too_complex"},
        {"no JSON", text("hello"), "bad_message"},
        {"half of it", text("{\"eventName\":\"x\""), "bad_message"},
        {"JSON and more", text("{\"eventName\":\"x\"} x"), "bad_message"},
        {"no object", text("[\"x\"]"), "bad_message"},
        {"nothing", text({}), "bad_message"},
        {"a control character", text("{\"eventName\":\"x\",\"payload\":\"\x01\"}"), "bad_message"},
        {"a number that is none", event("1e"), "bad_message"},
        {"no name", text("{\"payload\":1}"), "bad_message"},
        {"an empty name", text("{\"eventName\":\"\"}"), "bad_event_name"},
        {"a name that is a number", text("{\"eventName\":1}"), "bad_message"},
        {"a long name", text("{\"eventName\":\"" + QByteArray(256, 'n') + "\"}"), "bad_event_name"},
        {"recipients that are none", text("{\"eventName\":\"x\",\"recipients\":\"all\"}"),
         "bad_recipients"},
        {"recipients that are numbers", text("{\"eventName\":\"x\",\"recipients\":[1]}"),
         "bad_recipients"},
        {"nonsense again and again", text("nonsense").repeated(10), "too_many_errors", 1008},
        {"user info that is none",
         text("{\"eventName\":\"@@KOJI_DISPATCH/SET_USER_INFO\",\"payload\":[]}"), "bad_user_info"},
        {"user info without end",
         text("{\"eventName\":\"@@KOJI_DISPATCH/SET_USER_INFO\",\"payload\":{\"a\":\""
              + QByteArray(100'000, 'x') + "\"}}"),
         "user_info_too_big"},
    };
}

QList<Attack> attacks()
{
    return framesThatAreWrong() + messagesThatAreWrong();
}

QString queryOf(const QString &project, const QString &shard)
{
    return u"projectId=%1&shardName=%2"_s.arg(project,
                                              QString::fromLatin1(QUrl::toPercentEncoding(shard)));
}

} // namespace

void tst_Threats::init()
{
    m_server = std::make_unique<DispatchServer>();
    DispatchServerSettings settings;
    settings.threads = 2;
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Threats::hostileBytesHarmNobody_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("error");
    QTest::addColumn<int>("closeCode");
    for (const Attack &attack : attacks())
        QTest::newRow(attack.name) << attack.bytes << attack.error << attack.closeCode;
}

void tst_Threats::hostileBytesHarmNobody()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, error);
    QFETCH(int, closeCode);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"shardName=s"_s));
    RawPeer hostile(m_server->port());
    QVERIFY(hostile.join("/?shardName=s"));
    hostile.send(bytes);
    if (!error.isEmpty())
        QVERIFY(hostile.waitForText("\"code\":\"" + error + '"'));
    if (closeCode == Stays) {
        hostile.sendText("{\"eventName\":\"still here\"}");
        QVERIFY(hostile.waitForText("\"still here\""));
    } else {
        QTRY_COMPARE_WITH_TIMEOUT(hostile.closeCode(), closeCode, 10'000);
    }
    QVERIFY(neighbour.isUnharmed());
    QCOMPARE(neighbour.peer().count(u"x"_s), 0);
}

void tst_Threats::hostileCrowdHarmsNobody()
{
    constexpr std::size_t Crowd = 200;
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"shardName=s&maxConnectionsPerShard=1000"_s));
    const QList<Attack> all = attacks();
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    std::vector<std::unique_ptr<RawPeer>> crowd;
    for (std::size_t i = 0; i < Crowd; ++i) {
        crowd.push_back(std::make_unique<RawPeer>(m_server->port()));
        crowd.back()->send(RawPeer::upgradeRequest("/?shardName=s&maxConnectionsPerShard=1000"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_server->statistics().connections, qint64(Crowd) + 1, 10'000);
    for (int round = 0; round < 3; ++round) {
        for (const auto &peer : crowd) {
            // Whole attacks, the beginning of one, and noise.
            const QByteArray bytes = all[random.bounded(int(all.size()))].bytes;
            QByteArray noise(random.bounded(1, 200), Qt::Uninitialized);
            random.generate(noise.begin(), noise.end());
            peer->send(random.bounded(2) ? bytes
                                         : bytes.left(random.bounded(int(bytes.size() + 1))));
            if (random.bounded(4) == 0)
                peer->send(noise);
        }
        QVERIFY(neighbour.isUnharmed());
    }
    crowd.clear();
    QTRY_COMPARE_WITH_TIMEOUT(m_server->statistics().connections, 1, 10'000);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Threats::recipientsTellNothing()
{
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    Peer stranger;
    QVERIFY(stranger.join(m_server->url(), u"projectId=q&shardName=s"_s));
    stranger.emitEvent(Identify, QJsonObject{{u"token"_s, u"q/eve"_s}});
    QTRY_VERIFY(stranger.messages(ClientsChanged).constLast().text.contains(u"\"eve\""_s));
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"projectId=p&shardName=s"_s));
    Peer peer;
    QVERIFY(peer.join(m_server->url(), u"projectId=p&shardName=s"_s));
    const QString nobody = QUuid::createUuid().toString(QUuid::WithoutBraces);
    for (const QString &recipient :
         {stranger.clientId(), u"eve"_s, nobody, u"nobody"_s, QString(), u"*"_s, u"s"_s, u"p"_s})
        peer.emitEvent(u"secret"_s, 1, QJsonArray{recipient});
    peer.emitEvent(u"end"_s);
    QVERIFY(peer.waitFor(u"end"_s));
    // Whether somebody is there or not, there or elsewhere: it looks the same.
    QCOMPARE(peer.count(Error), 0);
    QCOMPARE(peer.count(u"secret"_s), 0);
    stranger.emitEvent(u"end"_s);
    QVERIFY(stranger.waitFor(u"end"_s));
    QCOMPARE(stranger.count(u"secret"_s), 0);
    QVERIFY(neighbour.isUnharmed());
    QCOMPARE(neighbour.peer().count(u"secret"_s), 0);
}

void tst_Threats::idsTellNothing()
{
    std::set<QByteArray> beginnings;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 32; ++i) {
        peers.push_back(std::make_unique<Peer>());
        QVERIFY(peers.back()->join(m_server->url()));
        const QUuid id(peers.back()->clientId());
        QCOMPARE(id.version(), QUuid::Random);
        QCOMPARE(id.variant(), QUuid::DCE);
        beginnings.insert(id.toRfc4122().left(4));
    }
    // Of 32 random numbers of 32 bits two are the same once in nine million times.
    QCOMPARE(beginnings.size(), std::size_t(32));
}

void tst_Threats::nothingLeavesItsShard()
{
    const std::array projects{u"a"_s, u"A"_s, u"a.b"_s, u"a-b"_s, u"b"_s};
    const std::array shards{u"a"_s, u"b"_s,  u"a:b"_s,    u":b"_s,       u"a/b"_s, u"{a}"_s,
                            u"*"_s, u"%"_s,  u"\u00e9"_s, u"e\u0301"_s,  u"a b"_s, u"\u2028"_s,
                            u"?"_s, u"\""_s, u"..\\a"_s,  u"__proto__"_s};
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    struct Place {
        QString project;
        QString shard;
        std::unique_ptr<Peer> peer = std::make_unique<Peer>();
    };
    std::vector<Place> places;
    for (int i = 0; i < 60; ++i) {
        places.push_back({projects[random.bounded(quint32(projects.size()))],
                          shards[random.bounded(quint32(shards.size()))]});
        const Place &place = places.back();
        QVERIFY(place.peer->join(m_server->url(), queryOf(place.project, place.shard)));
        QCOMPARE(place.peer->shardName(), place.shard);
    }
    const auto shareShard = [&places](int one, int other) {
        return places[one].project == places[other].project
            && places[one].shard == places[other].shard;
    };
    for (int i = 0; i < int(places.size()); ++i) {
        const Peer &other = *places[random.bounded(quint32(places.size()))].peer;
        places[i].peer->emitEvent(u"to the shard"_s, i);
        places[i].peer->emitEvent(u"to one"_s, i, QJsonArray{other.clientId()});
        places[i].peer->emitEvent(u"to names"_s, i,
                                  QJsonArray{places[i].project, places[i].shard, u"*"_s});
        places[i].peer->emitEvent(u"end"_s, i);
    }
    for (int i = 0; i < int(places.size()); ++i) {
        Peer &peer = *places[i].peer;
        int members = 0;
        for (int j = 0; j < int(places.size()); ++j)
            members += shareShard(i, j) ? 1 : 0;
        QVERIFY(peer.waitFor(u"end"_s, members));
        QCOMPARE(peer.count(u"end"_s), members);
        QCOMPARE(peer.count(u"to the shard"_s), members);
        QCOMPARE(peer.count(u"to names"_s), 0);
        QTRY_COMPARE(peer.clients().size(), members); // lists are told a moment later
        for (const Peer::Message &message : peer.messages(u"to the shard"_s))
            QVERIFY(shareShard(i, message.payload.toInt()));
        for (const Peer::Message &message : peer.messages(u"to one"_s))
            QCOMPARE(places[message.payload.toInt()].project, places[i].project);
    }
}

void tst_Threats::limitOfAShardIsNobodysToRaise_data()
{
    QTest::addColumn<QByteArray>("wish");
    QTest::addColumn<int>("room"); // 0: it is refused
    for (const char *bad : {"0", "-1", "+1", "1.5", "1e3", "0x10", "many", "2147483648",
                            "99999999999999999999", "%201", "1%00"}) {
        QTest::newRow(bad) << QByteArray(bad) << 0;
    }
    QTest::newRow("one") << QByteArray("1") << 1;
    QTest::newRow("one less than there may be") << QByteArray("3") << 3;
    QTest::newRow("as many as there may be") << QByteArray("4") << 4;
    QTest::newRow("one more") << QByteArray("5") << 4;
    QTest::newRow("as many as there can be") << QByteArray("2147483647") << 4;
}

void tst_Threats::limitOfAShardIsNobodysToRaise()
{
    QFETCH(QByteArray, wish);
    QFETCH(int, room);
    DispatchServerSettings settings;
    settings.maxConnectionsPerShard = 4;
    m_server->setSettings(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"shardName=neighbour"_s));
    const auto statusOf = [this](const QByteArray &limit, std::unique_ptr<RawPeer> &peer) {
        peer = std::make_unique<RawPeer>(m_server->port());
        peer->send(RawPeer::upgradeRequest("/?shardName=s&maxConnectionsPerShard=" + limit));
        return peer->response(false).status;
    };
    std::vector<std::unique_ptr<RawPeer>> members(std::size_t(room) + 1);
    for (int i = 0; i < room; ++i)
        QCOMPARE(statusOf(i == 0 ? wish : QByteArray("1000"), members[std::size_t(i)]), 101);
    QCOMPARE(statusOf(room > 0 ? QByteArray("1000") : wish, members.back()), room > 0 ? 409 : 400);
    QVERIFY(neighbour.isUnharmed());
}

void tst_Threats::presenceDoesNotAmplify()
{
    DispatchServerSettings settings;
    settings.userInfoPerSecond = 0;
    settings.messagesPerSecond = 0;
    settings.bytesPerSecond = 0;
    settings.presenceInterval = 500;
    m_server->setSettings(settings);
    Neighbour neighbour;
    QVERIFY(neighbour.join(m_server->url(), u"shardName=s"_s));
    RawPeer hostile(m_server->port());
    QVERIFY(hostile.join("/?shardName=s"));
    const auto before = neighbour.peer().count(ClientsChanged);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 1'000; ++i) {
        hostile.sendText("{\"eventName\":\"@@KOJI_DISPATCH/SET_USER_INFO\",\"payload\":{\"n\":"
                         + QByteArray::number(i) + "}}");
    }
    QTRY_VERIFY(
        neighbour.peer().messages(ClientsChanged).constLast().text.contains(u"\"n\":999"_s));
    const qint64 most = timer.elapsed() / settings.presenceInterval + 2;
    QVERIFY2(neighbour.peer().count(ClientsChanged) - before <= most,
             qPrintable(QString::number(neighbour.peer().count(ClientsChanged) - before)));
    QVERIFY(neighbour.isUnharmed());
}

QTEST_GUILESS_MAIN(tst_Threats)
#include "tst_threats.moc"
