// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "peer.h"
#include "plainverifier.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qdatetime.h>
#include <QtCore/qjsonarray.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qscopeguard.h>
#include <QtCore/qsemaphore.h>
#include <QtNetwork/qnetworkaccessmanager.h>
#include <QtNetwork/qnetworkreply.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <array>
#include <atomic>
#include <functional>

using namespace Qt::StringLiterals;

namespace {

/// Keeps the thread that looks at the token of the user "held" until it is told to go on.
class HoldingVerifier : public PlainVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &token, const QString &projectId) const override
    {
        DispatchTokenVerdict verdict = PlainVerifier::verify(token, projectId);
        if (verdict.userId == u"held"_s) {
            m_isHolding = true;
            m_goOn.acquire();
        }
        return verdict;
    }

    bool isHolding() const { return m_isHolding; }
    void goOn() const { m_goOn.release(); }

private:
    mutable std::atomic<bool> m_isHolding{false};
    mutable QSemaphore m_goOn;
};

} // namespace

/// What back ends are served by HTTP, over real sockets.
class tst_BackendApi : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();

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
    void disconnectsAClient();
    void disconnectsAllOfAUser();
    void bannedUserStaysOut();
    void bannedAddressStaysOut();
    void banOfAClientIsOneOfItsUserOrAddress();
    void bannedUserCannotIdentify();
    void whoIsBannedWhileHeJoinsStaysOut_data();
    void whoIsBannedWhileHeJoinsStaysOut();
    void backEndsGoWithNoUser();
    void bansAreListedAndTakenBack();
    void bansEnd();
    void bansAreBounded();
    void requestsAreLimitedPerProject();

private:
    struct Answer {
        int status = 0;
        QJsonObject body;
        QHash<QByteArray, QByteArray> headers;
        QByteArray text;

        QString code() const { return body["code"_L1].toString(); }
    };
    using Headers = QList<std::pair<QByteArray, QByteArray>>;

    Answer ask(const char *method, const QString &path, const QByteArray &body = {},
               const Headers &headers = {}, const QByteArray &token = "p/backend");
    void configure(std::function<void(DispatchServerSettings &)> change);
    QString client(const QString &more) const { return u"projectId=p&shardName="_s + more; }
    int statusOfJoin(const QByteArray &query);

    std::unique_ptr<DispatchServer> m_server;
    QNetworkAccessManager m_network;
};

void tst_BackendApi::init()
{
    m_server = std::make_unique<DispatchServer>();
    configure([](DispatchServerSettings &settings) { settings.threads = 2; });
    m_server->setTokenVerifier(std::make_shared<PlainVerifier>());
    QVERIFY(m_server->listen());
}

void tst_BackendApi::configure(std::function<void(DispatchServerSettings &)> change)
{
    DispatchServerSettings settings = m_server->settings();
    change(settings);
    m_server->setSettings(settings);
}

tst_BackendApi::Answer tst_BackendApi::ask(const char *method, const QString &path,
                                           const QByteArray &body, const Headers &headers,
                                           const QByteArray &token)
{
    QUrl url = m_server->url();
    url.setScheme(u"http"_s);
    QNetworkRequest request(QUrl(url.toString() + u"/api/v1/projects/"_s + path));
    if (!body.isNull())
        request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json");
    if (!token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + token);
    for (const auto &[name, value] : headers)
        request.setRawHeader(name, value);
    const std::unique_ptr<QNetworkReply> reply(m_network.sendCustomRequest(request, method, body));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 10'000))
        return {};
    Answer answer;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    for (const auto &[name, value] : reply->rawHeaderPairs())
        answer.headers.insert(name.toLower(), value);
    answer.text = reply->readAll();
    answer.body = QJsonDocument::fromJson(answer.text).object();
    return answer;
}

int tst_BackendApi::statusOfJoin(const QByteArray &query)
{
    RawPeer raw(m_server->port());
    raw.send(RawPeer::upgradeRequest("/?" + query));
    return raw.response().status;
}

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

void tst_BackendApi::disconnectsAClient()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"a"_s)));
    // Ids of another project are none.
    QCOMPARE(ask("DELETE", u"q/clients/"_s + ann.clientId(), {}, {}, "q/backend").status, 404);
    const Answer answer = ask("DELETE", u"p/clients/"_s + ann.clientId());
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, (QJsonObject{{u"disconnected"_s, 1}}));
    QVERIFY(ann.waitForError(u"disconnected"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
    QCOMPARE(ann.socket().closeReason(), u"disconnected"_s);
    QVERIFY(ben.waitForClients(1));
    QCOMPARE(ask("DELETE", u"p/clients/"_s + ann.clientId()).status, 404);
}

void tst_BackendApi::disconnectsAllOfAUser()
{
    std::array<Peer, 3> peers;
    for (int i = 0; i < 3; ++i) {
        const QString token = i < 2 ? u"p/ann"_s : u"p/ben"_s;
        const QString place = QString::number(i) + u"&authorization="_s + token;
        QVERIFY(peers[i].join(m_server->url(), client(place)));
    }
    const Answer answer = ask("DELETE", u"p/users/ann"_s);
    QCOMPARE(answer.body, (QJsonObject{{u"disconnected"_s, 2}}));
    QVERIFY(peers[0].waitForClose());
    QVERIFY(peers[1].waitForClose());
    peers[2].emitEvent(u"alive"_s);
    QVERIFY(peers[2].waitFor(u"alive"_s));
}

void tst_BackendApi::bannedUserStaysOut()
{
    Peer ann;
    Peer ben;
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    QVERIFY(ben.join(m_server->url(), client(u"a&authorization=p%2Fben"_s)));
    const Answer answer = ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":60,"reason":"spam"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body["disconnected"_L1], QJsonValue(1));
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.messages(Error).last().payload["message"_L1].toString().contains(u"(spam)"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
    QVERIFY(ben.waitForClients(1));
    RawPeer again(m_server->port());
    again.send(RawPeer::upgradeRequest("/?projectId=p&authorization=p/ann"));
    const auto response = again.response();
    QCOMPARE(response.status, 403);
    QVERIFY(response.body.contains("\"banned\""));
    // Not in another project, and not without a name.
    QCOMPARE(statusOfJoin("projectId=q&authorization=q/ann"), 101);
    QCOMPARE(statusOfJoin("projectId=p"), 101);
}

void tst_BackendApi::bannedAddressStaysOut()
{
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    QCOMPARE(ask("PUT", u"p/bans/addresses/%3A%3Affff%3A127.0.0.1"_s, R"({"seconds":60})").status,
             200);
    QVERIFY(ann.waitForClose());
    QCOMPARE(statusOfJoin("projectId=p"), 403);
    QCOMPARE(statusOfJoin("projectId=q"), 101);
    // A back end is not kept out by its own ban.
    QCOMPARE(statusOfJoin("projectId=p&projectToken=p/backend"), 101);
    QCOMPARE(ask("DELETE", u"p/bans/addresses/127.0.0.1"_s).status, 200);
    QCOMPARE(statusOfJoin("projectId=p"), 101);
}

void tst_BackendApi::banOfAClientIsOneOfItsUserOrAddress()
{
    Peer ann;
    Peer guest;
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    QVERIFY(guest.join(m_server->url(), client(u"b"_s)));
    const QByteArray body = R"({"seconds":60})";
    const Answer user = ask("PUT", u"p/bans/clients/"_s + ann.clientId(), body);
    QCOMPARE(user.body["kind"_L1], QJsonValue(u"users"_s));
    QCOMPARE(user.body["name"_L1], QJsonValue(u"ann"_s));
    QVERIFY(ann.waitForClose());
    const Answer address = ask("PUT", u"p/bans/clients/"_s + guest.clientId(), body);
    QCOMPARE(address.body["kind"_L1], QJsonValue(u"addresses"_s));
    QCOMPARE(address.body["name"_L1], QJsonValue(u"127.0.0.1"_s));
    QVERIFY(guest.waitForClose());
}

void tst_BackendApi::bannedUserCannotIdentify()
{
    QCOMPARE(ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":60})").status, 200);
    Peer ann;
    QVERIFY(ann.join(m_server->url(), client(u"a"_s)));
    ann.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
}

void tst_BackendApi::whoIsBannedWhileHeJoinsStaysOut_data()
{
    QTest::addColumn<QString>("ban");
    QTest::newRow("by name") << u"users/ann"_s;
    QTest::newRow("by address") << u"addresses/127.0.0.1"_s;
}

void tst_BackendApi::whoIsBannedWhileHeJoinsStaysOut()
{
    QFETCH(QString, ban);
    const auto verifier = std::make_shared<HoldingVerifier>();
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(verifier);
    QVERIFY(m_server->listen());
    Peer ben;
    QVERIFY(ben.join(m_server->url(), client(u"a"_s)));
    QSignalSpy joined(m_server.get(), &DispatchServer::clientJoined);
    // The only worker stands still: Ann has a seat, and waits for it to look at her.
    const auto guard = qScopeGuard([&verifier] { verifier->goOn(); });
    ben.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/held"_s}});
    QTRY_VERIFY(verifier->isHolding());
    Peer ann;
    ann.open(m_server->url(), client(u"a&authorization=p%2Fann"_s));
    const auto clients = [this] {
        const QJsonArray shards = ask("GET", u"p/shards"_s).body["shards"_L1].toArray();
        return shards.first()["numConnectedClients"_L1].toInt();
    };
    QTRY_COMPARE(clients(), 2);
    RawPeer backEnd(m_server->port());
    const QByteArray body = R"({"seconds":60,"reason":"spam"})";
    backEnd.send(RawPeer::request("PUT", "/api/v1/projects/p/bans/" + ban.toLatin1(),
                                  "Authorization: Bearer p/backend\r\n"
                                  "Content-Type: application/json\r\nContent-Length: "
                                      + QByteArray::number(body.size()) + "\r\n")
                 + body);
    QTRY_COMPARE(ask("GET", u"p/bans/"_s + ban).status, 200);
    verifier->goOn();
    QVERIFY(ann.waitForError(u"banned"_s));
    QVERIFY(ann.messages(Error).last().payload["message"_L1].toString().contains(u"(spam)"_s));
    QVERIFY(ann.waitForClose());
    QCOMPARE(ann.closeCode(), 1000);
    QCOMPARE(ann.count(Connected), 0);
    QCOMPARE(joined.count(), 0);
}

void tst_BackendApi::backEndsGoWithNoUser()
{
    Peer backEnd;
    Peer ann;
    QVERIFY(backEnd.join(m_server->url(), u"projectId=p&projectToken=p%2Fbackend"_s));
    QVERIFY(ann.join(m_server->url(), client(u"a&authorization=p%2Fann"_s)));
    const auto identify = [&backEnd](const QString &event) {
        backEnd.emitEvent(Identify, QJsonObject{{u"token"_s, u"p/ann"_s}});
        backEnd.emitEvent(event, {}, QJsonArray{u"ann"_s});
        return backEnd.waitFor(event);
    };
    QVERIFY(identify(u"known"_s));
    QCOMPARE(ask("DELETE", u"p/users/ann"_s).body, (QJsonObject{{u"disconnected"_s, 1}}));
    const Answer ban = ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":60})");
    QCOMPARE(ban.body["disconnected"_L1], QJsonValue(0));
    QVERIFY(ann.waitForClose());
    QVERIFY(identify(u"still known"_s));
    QCOMPARE(backEnd.count(Error), 0);
}

void tst_BackendApi::bansAreListedAndTakenBack()
{
    for (const char *name : {"b", "a", "c%20%2F"}) {
        QCOMPARE(ask("PUT", u"p/bans/users/"_s + QString::fromLatin1(name),
                     R"({"seconds":60,"reason":"r"})")
                     .status,
                 200);
    }
    const auto names = [](const Answer &answer) {
        QStringList list;
        for (const QJsonValue &ban : answer.body["bans"_L1].toArray())
            list.append(ban["name"_L1].toString());
        return list;
    };
    QCOMPARE(names(ask("GET", u"p/bans"_s)), (QStringList{u"a"_s, u"b"_s, u"c /"_s}));
    const Answer part = ask("GET", u"p/bans?limit=2"_s);
    QCOMPARE(names(part), (QStringList{u"a"_s, u"b"_s}));
    const QString next =
        QString::fromLatin1(QUrl::toPercentEncoding(part.body["next"_L1].toString()));
    QCOMPARE(names(ask("GET", u"p/bans?limit=2&after="_s + next)), QStringList{u"c /"_s});
    QCOMPARE(names(ask("GET", u"q/bans"_s, {}, {}, "q/backend")), QStringList());

    const Answer one = ask("GET", u"p/bans/users/c%20%2F"_s);
    QCOMPARE(one.body["reason"_L1], QJsonValue(u"r"_s));
    QVERIFY(one.body["seconds"_L1].toInt() > 50 && one.body["seconds"_L1].toInt() <= 60);
    QCOMPARE(ask("DELETE", u"p/bans/users/c%20%2F"_s).status, 200);
    QCOMPARE(ask("GET", u"p/bans/users/c%20%2F"_s).status, 404);
}

void tst_BackendApi::bansEnd()
{
    QCOMPARE(ask("PUT", u"p/bans/users/ann"_s, R"({"seconds":1})").status, 200);
    QCOMPARE(statusOfJoin("projectId=p&authorization=p/ann"), 403);
    QTRY_COMPARE(statusOfJoin("projectId=p&authorization=p/ann"), 101);
}

void tst_BackendApi::bansAreBounded()
{
    configure([](DispatchServerSettings &settings) { settings.maxBansPerProject = 1; });
    QCOMPARE(ask("PUT", u"p/bans/users/a"_s, R"({"seconds":60})").status, 200);
    QCOMPARE(ask("PUT", u"p/bans/users/a"_s, R"({"seconds":90})").status, 200);
    const Answer full = ask("PUT", u"p/bans/users/b"_s, R"({"seconds":60})");
    QCOMPARE(full.status, 503);
    QCOMPARE(full.code(), u"server_full"_s);
    QCOMPARE(statusOfJoin("projectId=p&authorization=p/b"), 101);
    const auto ofAnother = [this](const QString &user) {
        return ask("PUT", u"q/bans/users/"_s + user, R"({"seconds":60})", {}, "q/backend").status;
    };
    QCOMPARE(ofAnother(u"a"_s), 200);
    configure([](DispatchServerSettings &settings) {
        settings.maxBansPerProject = 3;
        settings.maxBans = 3;
    });
    QCOMPARE(ofAnother(u"b"_s), 200);
    QCOMPARE(ofAnother(u"c"_s), 503);
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
