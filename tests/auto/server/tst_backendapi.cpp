// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "backendapitest.h"
#include "peer.h"
#include "rawpeer.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <array>

using namespace Qt::StringLiterals;

/// What back ends are served by HTTP, over real sockets.
class tst_BackendApi : public BackendApiTest {
    Q_OBJECT

private Q_SLOTS:
    void tokensAreDemanded_data();
    void tokensAreDemanded();
    void nobodySendsABodyForNothing_data();
    void nobodySendsABodyForNothing();
    void badRequestsAreRefused_data();
    void badRequestsAreRefused();
    void publishesToTheProject();
    void publishesToShards();
    void publishesToPeople();
    void payloadPassesAsItCame();
    void bodyIsLimitedLikeAMessage();
    void repeatIsPublishedOnce();
    void keysAreBounded();
    void listsShardsInParts();
    void listsClients();
    void listsClientsInParts();
    void requestsAreLimitedPerProject();
};

void tst_BackendApi::tokensAreDemanded_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::newRow("none") << QByteArray() << 401 << u"unauthorized"_s;
    QTest::newRow("unknown") << QByteArray("x") << 401 << u"unauthorized"_s;
    QTest::newRow("of another project") << QByteArray("q/backend") << 401 << u"unauthorized"_s;
    QTest::newRow("of a user") << QByteArray("p/ann") << 403 << u"no_back_end"_s;
}

void tst_BackendApi::tokensAreDemanded()
{
    QFETCH(QByteArray, token);
    QFETCH(int, status);
    for (const char *path : {"p/shards", "p/shards/a/clients", "p/bans", "p/bans/users/u"}) {
        const Answer answer = ask("GET", QString::fromLatin1(path), {}, {}, token);
        QCOMPARE(answer.status, status);
        QTEST(answer.code(), "code");
        QCOMPARE(answer.headers.contains("www-authenticate"), status == 401);
    }
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"e"})", {}, token).status, status);
    QCOMPARE(ask("DELETE", u"p/clients/c"_s, {}, {}, token).status, status);
    QCOMPARE(ask("DELETE", u"p/users/u"_s, {}, {}, token).status, status);
    QCOMPARE(ask("PUT", u"p/bans/users/u"_s, R"({"seconds":1})", {}, token).status, status);
    QCOMPARE(ask("DELETE", u"p/bans/users/u"_s, {}, {}, token).status, status);
}

void tst_BackendApi::nobodySendsABodyForNothing_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<int>("status");
    const QByteArray events = "/api/v1/projects/p/events";
    const QByteArray json = "Content-Type: application/json\r\n";
    const QByteArray token = "Authorization: Bearer p/backend\r\n";
    for (const QByteArray &expect : {QByteArray(), QByteArray("Expect: 100-continue\r\n")}) {
        const auto row = [expect](const char *name, const QByteArray &target,
                                  const QByteArray &headers, int status) {
            QTest::addRow("%s%s", name, expect.isEmpty() ? "" : ", if it asks")
                << target << headers + expect << status;
        };
        row("no token", events, json, 401);
        row("an unknown token", events, json + "Authorization: Bearer x\r\n", 401);
        row("a token of a user", events, json + "Authorization: Bearer p/ann\r\n", 403);
        row("no project", "/api/v1/projects/%20/events", json + token, 400);
        row("no JSON", events, token + "Content-Type: text/plain\r\n", 415);
        row("a ban, without a token", "/api/v1/projects/p/bans/users/ann", json, 401);
    }
}

void tst_BackendApi::nobodySendsABodyForNothing()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, headers);
    RawPeer raw(m_server->port());
    raw.send(RawPeer::request(target.endsWith("ann") ? "PUT" : "POST", target,
                              headers + "Content-Length: 100000\r\n"));
    QTEST(raw.response().status, "status");
    QVERIFY(raw.waitForClose());
}

void tst_BackendApi::badRequestsAreRefused_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *method, const QString &path, const QByteArray &body, int status,
                        const char *code, const Headers &headers = {}) {
        QTest::addRow("%s %s %s", method, qPrintable(path), body.left(40).constData())
            << QByteArray(method) << path << body << headers << status << QString::fromLatin1(code);
    };
    const QByteArray event = R"({"eventName":"e"})";
    row("GET", u"p"_s, {}, 404, "not_found");
    row("GET", u"p/nothing"_s, {}, 404, "not_found");
    row("GET", u"p/events"_s, {}, 405, "method_not_allowed");
    row("PATCH", u"p/bans/users/u"_s, {}, 405, "method_not_allowed");
    row("GET", u"p/shards?limit=0"_s, {}, 400, "bad_parameters");
    row("GET", u"p/shards/none/clients"_s, {}, 404, "no_such_shard");
    row("DELETE", u"p/clients/none"_s, {}, 404, "no_such_client");
    row("DELETE", u"p/users/none"_s, {}, 404, "no_such_client");
    row("GET", u"p/bans/users/none"_s, {}, 404, "no_such_ban");
    row("GET", u"p/bans/tribes/none"_s, {}, 404, "no_such_ban");
    row("DELETE", u"p/bans/users/none"_s, {}, 404, "no_such_ban");
    row("PUT", u"p/bans/users/u"_s, "{}", 422, "bad_ban");
    row("PUT", u"p/bans/tribes/u"_s, R"({"seconds":1})", 400, "bad_parameters");
    row("PUT", u"p/bans/addresses/u"_s, R"({"seconds":1})", 400, "bad_parameters");
    row("PUT", u"p/bans/clients/none"_s, R"({"seconds":1})", 404, "no_such_client");
    row("POST", u"p/events"_s, "", 422, "bad_message");
    row("POST", u"p/events"_s, "{", 422, "bad_message");
    row("POST", u"p/events"_s, "{}", 422, "bad_message");
    row("POST", u"p/events"_s, R"({"eventName":""})", 422, "bad_event_name");
    row("POST", u"p/events"_s, R"({"eventName":"@@KOJI_DISPATCH/CONNECTED"})", 422,
        "reserved_event");
    row("POST", u"p/events"_s, R"({"eventName":"e","shardName":"a","users":["u"]})", 422,
        "bad_target");
    row("POST", u"p/events"_s, R"({"eventName":"e","recipients":["u"]})", 422, "bad_target");
    row("POST", u"p/events"_s, R"({"eventName":"e","users":["1","2","3"]})", 422,
        "too_many_recipients");
    row("POST", u"p/events"_s, event, 415, "unsupported_media_type",
        {{"Content-Type", "text/plain"}});
    row("POST", u"p/events"_s, event, 400, "bad_parameters", {{"Idempotency-Key", "a b"}});
}

void tst_BackendApi::badRequestsAreRefused()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(Headers, headers);
    configure([](DispatchServerSettings &settings) { settings.maxRecipients = 2; });
    Peer neighbour;
    QVERIFY(neighbour.join(m_server->url(), client(u"a"_s)));
    const Answer answer = ask(method.constData(), path, body, headers);
    QTEST(answer.status, "status");
    QTEST(answer.code(), "code");
    QVERIFY(!answer.body["message"_L1].toString().isEmpty());
    QCOMPARE(answer.headers.value("content-type"), QByteArray("application/json"));
    QCOMPARE(answer.headers.contains("allow"), answer.status == 405);
    neighbour.emitEvent(u"alive"_s);
    QVERIFY(neighbour.waitFor(u"alive"_s));
    QCOMPARE(neighbour.count(u"e"_s), 0);
}

void tst_BackendApi::publishesToTheProject()
{
    Peer ann;
    Peer ben;
    Peer stranger;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"b"_s)));
    QVERIFY(stranger.join(m_server->url(), u"projectId=q"_s));
    const Answer answer = ask("POST", u"p/events"_s, R"({"eventName":"news"})");
    QCOMPARE(answer.status, 202);
    QCOMPARE(answer.body, (QJsonObject{{u"accepted"_s, true}}));
    QVERIFY(ann.waitFor(u"news"_s));
    QVERIFY(ben.waitFor(u"news"_s));
    QCOMPARE(ann.messages(u"news"_s).first().payload, QJsonValue(QJsonObject()));
    stranger.emitEvent(u"end"_s);
    QVERIFY(stranger.waitFor(u"end"_s));
    QCOMPARE(stranger.count(u"news"_s), 0);
}

void tst_BackendApi::publishesToShards()
{
    std::array<Peer, 3> peers;
    for (int i = 0; i < 3; ++i)
        QVERIFY(peers[i].join(m_server->url(), client(QString::number(i))));
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"one","shardName":"1"})").status, 202);
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"two","shards":["2","0","none"]})").status,
             202);
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"none","shards":[]})").status, 202);
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"end"})").status, 202);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(peers[i].waitFor(u"end"_s));
        QCOMPARE(peers[i].count(u"one"_s), i == 1 ? 1 : 0);
        QCOMPARE(peers[i].count(u"two"_s), i == 1 ? 0 : 1);
        QCOMPARE(peers[i].count(u"none"_s), 0);
    }
}

void tst_BackendApi::publishesToPeople()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"b"_s)));
    const QByteArray both = R"({"eventName":"both","users":["ann"],"clients":[")"
        + ben.clientId().toUtf8() + "\",\"" + ann.clientId().toUtf8() + "\"]}";
    QCOMPARE(ask("POST", u"p/events"_s, both).status, 202);
    // A user's id is no client's id, and the other way round.
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"wrong","clients":["ann"]})").status, 202);
    const QByteArray wrong =
        R"({"eventName":"wrong","users":[")" + ben.clientId().toUtf8() + "\"]}";
    QCOMPARE(ask("POST", u"p/events"_s, wrong).status, 202);
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"end"})").status, 202);
    for (Peer *peer : {&ann, &ben}) {
        QVERIFY(peer->waitFor(u"end"_s));
        QCOMPARE(peer->count(u"both"_s), 1);
        QCOMPARE(peer->count(u"wrong"_s), 0);
    }
}

void tst_BackendApi::payloadPassesAsItCame()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    const QByteArray payload = R"({"b":1.0,"a":-0,"a":123456789012345678901,"c":"\u00e9"})";
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"e","payload": )" + payload + "}").status,
             202);
    QVERIFY(ann.waitFor(u"e"_s));
    QVERIFY(ann.messages(u"e"_s).first().text.contains(QString::fromUtf8(payload)));
}

void tst_BackendApi::bodyIsLimitedLikeAMessage()
{
    const auto event = [](qsizetype length) {
        const QByteArray frame = R"({"eventName":"e","payload":""})";
        return R"({"eventName":"e","payload":")" + QByteArray(length - frame.size(), 'x') + "\"}";
    };
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QCOMPARE(ask("POST", u"p/events"_s, event(128'000)).status, 202);
    QVERIFY(ann.waitFor(u"e"_s));
    const Answer more = ask("POST", u"p/events"_s, event(128'001));
    QCOMPARE(more.status, 413);
    QCOMPARE(more.code(), u"message_too_big"_s);
    configure([](DispatchServerSettings &settings) { settings.maxMessageBytes = 1'000; });
    QCOMPARE(ask("POST", u"p/events"_s, event(1'000)).status, 202);
    QCOMPARE(ask("POST", u"p/events"_s, event(1'001)).status, 413);
    QCOMPARE(ask("POST", u"p/events"_s, event(400'000)).status, 413);
}

void tst_BackendApi::repeatIsPublishedOnce()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    const Headers key{{"Idempotency-Key", "k1"}};
    const QByteArray body = R"({"eventName":"e","payload":1})";
    const Answer first = ask("POST", u"p/events"_s, body, key);
    const Answer again = ask("POST", u"p/events"_s, body, key);
    QCOMPARE(first.status, 202);
    QCOMPARE(again.status, 202);
    QCOMPARE(again.text, first.text);
    QVERIFY(!first.headers.contains("idempotency-replayed"));
    QCOMPARE(again.headers.value("idempotency-replayed"), QByteArray("true"));
    const Answer other = ask("POST", u"p/events"_s, R"({"eventName":"e","payload":2})", key);
    QCOMPARE(other.status, 422);
    QCOMPARE(other.code(), u"idempotency_key_reused"_s);
    // What was refused may be corrected.
    const Headers second{{"Idempotency-Key", "k2"}};
    QCOMPARE(ask("POST", u"p/events"_s, "{", second).status, 422);
    QCOMPARE(ask("POST", u"p/events"_s, body, second).status, 202);
    QCOMPARE(ask("POST", u"p/events"_s, R"({"eventName":"end"})").status, 202);
    QVERIFY(ann.waitFor(u"end"_s));
    QCOMPARE(ann.count(u"e"_s), 2);
}

void tst_BackendApi::keysAreBounded()
{
    configure([](DispatchServerSettings &settings) { settings.maxIdempotencyKeysPerProject = 1; });
    const QByteArray body = R"({"eventName":"e"})";
    QCOMPARE(ask("POST", u"p/events"_s, body, {{"Idempotency-Key", "1"}}).status, 202);
    const Answer full = ask("POST", u"p/events"_s, body, {{"Idempotency-Key", "2"}});
    QCOMPARE(full.status, 503);
    QCOMPARE(full.code(), u"server_full"_s);
    QCOMPARE(ask("POST", u"p/events"_s, body, {{"Idempotency-Key", "1"}}).status, 202);
    QCOMPARE(ask("POST", u"p/events"_s, body).status, 202);
    const auto ofAnother = [&] {
        return ask("POST", u"q/events"_s, body, {{"Idempotency-Key", "1"}}, "q/backend").status;
    };
    QCOMPARE(ofAnother(), 202);
    // Forgotten in time.
    configure([](DispatchServerSettings &settings) {
        settings.maxIdempotencyKeysPerProject = 2;
        settings.idempotencyWindow = 1;
    });
    QCOMPARE(ask("POST", u"p/events"_s, body, {{"Idempotency-Key", "3"}}).status, 202);
    QTRY_COMPARE(
        ask("POST", u"p/events"_s, R"({"eventName":"f"})", {{"Idempotency-Key", "3"}}).status, 202);
}

void tst_BackendApi::listsShardsInParts()
{
    QCOMPARE(ask("GET", u"p/shards"_s).text, QByteArray(R"({"shards":[],"next":null})"));
    std::array<Peer, 4> peers;
    for (int i = 0; i < 4; ++i)
        QVERIFY(peers[i].join(m_server->url(), client(u"s%201-%1"_s.arg(i / 2 * 2))));
    QVERIFY(peers[0].waitForClients(2));
    const auto entry = [](const QString &name) {
        return QJsonObject{{u"shardName"_s, name}, {u"numConnectedClients"_s, 2}};
    };
    const Answer all = ask("GET", u"p/shards"_s);
    QCOMPARE(all.body["shards"_L1], QJsonValue(QJsonArray{entry(u"s 1-0"_s), entry(u"s 1-2"_s)}));
    QVERIFY(all.body["next"_L1].isNull());
    const Answer one = ask("GET", u"p/shards?limit=1"_s);
    QCOMPARE(one.body["shards"_L1], QJsonValue(QJsonArray{entry(u"s 1-0"_s)}));
    QCOMPARE(one.body["next"_L1], QJsonValue(u"s 1-0"_s));
    const Answer rest = ask("GET", u"p/shards?limit=1&after=s+1-0"_s);
    QCOMPARE(rest.body["shards"_L1], QJsonValue(QJsonArray{entry(u"s 1-2"_s)}));
    QVERIFY(rest.body["next"_L1].isNull());
}

void tst_BackendApi::listsClients()
{
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a%20%2F&authorization=p%2Fann"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"a%20%2F"_s)));
    ann.emitEvent(SetUserInfo, QJsonObject{{u"name"_s, u"Ann \"A\""_s}});
    QTRY_COMPARE(ben.clients()[ann.clientId()]["name"_L1].toString(), u"Ann \"A\""_s);
    const Answer answer = ask("GET", u"p/shards/a%20%2F/clients"_s);
    QCOMPARE(answer.status, 200);
    const QJsonArray clients = answer.body["clients"_L1].toArray();
    QCOMPARE(clients.size(), 2);
    for (const QJsonValue &entry : clients) {
        const bool isAnn = entry["clientId"_L1].toString() == ann.clientId();
        QCOMPARE(entry["clientId"_L1].toString(), isAnn ? ann.clientId() : ben.clientId());
        QCOMPARE(entry["userId"_L1], isAnn ? QJsonValue(u"ann"_s) : QJsonValue());
        QCOMPARE(entry["userInfo"_L1].toObject()["name"_L1].toString(),
                 isAnn ? u"Ann \"A\""_s : QString());
        for (const auto &time : {entry["connectedSince"_L1], entry["lastPing"_L1]}) {
            QVERIFY(time.toInteger() >= before);
            QVERIFY(time.toInteger() <= QDateTime::currentMSecsSinceEpoch());
        }
        QCOMPARE(entry.toObject().size(), 5);
    }
}

void tst_BackendApi::listsClientsInParts()
{
    std::array<Peer, 3> peers;
    QStringList expected;
    for (Peer &peer : peers) {
        QVERIFY(peer.join(m_server->url(), client(u"a"_s)));
        expected.append(peer.clientId());
    }
    expected.sort();
    QStringList found;
    QString next;
    do {
        const Answer answer = ask("GET", u"p/shards/a/clients?limit=2&after="_s + next);
        QCOMPARE(answer.status, 200);
        const QJsonArray clients = answer.body["clients"_L1].toArray();
        QVERIFY(clients.size() <= 2);
        for (const QJsonValue &entry : clients)
            found.append(entry["clientId"_L1].toString());
        next = answer.body["next"_L1].toString();
    } while (!next.isEmpty());
    QCOMPARE(found, expected);
}

void tst_BackendApi::requestsAreLimitedPerProject()
{
    configure([](DispatchServerSettings &settings) {
        settings.apiRequestsPerSecond = 1;
        settings.apiRequestBurst = 2;
    });
    QCOMPARE(ask("GET", u"p/shards"_s).status, 200);
    QCOMPARE(ask("GET", u"p/shards"_s).status, 200);
    const Answer refused = ask("GET", u"p/shards"_s);
    QCOMPARE(refused.status, 429);
    QCOMPARE(refused.code(), u"too_many_requests"_s);
    QCOMPARE(refused.body["retry"_L1], QJsonValue(true));
    QCOMPARE(refused.headers.value("retry-after"), QByteArray("1"));
    QCOMPARE(ask("GET", u"q/shards"_s, {}, {}, "q/backend").status, 200);
    // Strangers don't use the project's share up.
    QCOMPARE(ask("GET", u"p/shards"_s, {}, {}, "x").status, 401);
    configure([](DispatchServerSettings &settings) { settings.apiRequestsPerSecond = 0; });
    QCOMPARE(ask("GET", u"p/shards"_s).status, 200);
}

QTEST_GUILESS_MAIN(tst_BackendApi)
#include "tst_backendapi.moc"
