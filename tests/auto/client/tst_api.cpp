// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include <DispatchClient>
#include <DispatchServer>
#include <DispatchTokenVerifier>

#include <QtCore/qjsonarray.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Qt::StringLiterals;

namespace {

/// Takes "user:<name>" for a token of <name>.
class Verifier : public DispatchTokenVerifier {
public:
    DispatchTokenVerdict verify(const QByteArray &token, const QString &) const override
    {
        if (token.startsWith("user:"))
            return {QString::fromUtf8(token.mid(5)), {}};
        return {{}, u"bad"_s};
    }
};

struct Note {
    QString author;
    int number = 0;
    static Note fromJson(const QJsonObject &json)
    {
        return {json["author"_L1].toString(), json["number"_L1].toInt()};
    }
};

/// The code of the error that \a future ends with.
template<typename T>
DispatchError::Code errorOf(QFuture<T> future)
{
    try {
        future.result();
    } catch (const DispatchError &error) {
        return error.code();
    }
    return DispatchError::NoError;
}

} // namespace

/// Every member of the API, against a real server.
class tst_Api : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    // connect
    void connectGivesClientIdAndShardName();
    void connectJoinsTheNamedShard();
    void connectTakesAnyShardName_data();
    void connectTakesAnyShardName();
    void connectTakesTheLimitAsNumberOrText_data();
    void connectTakesTheLimitAsNumberOrText();
    void connectRefusesALimitThatIsNoNumber();
    void connectSendsTheAuthorization();
    void connectAgainWithTheSameWishGivesTheSameInfo();
    void connectToAFullShardFails();
    void connectWithoutUrlFails();
    void connectWithWrongParametersFails_data();
    void connectWithWrongParametersFails();
    void qobjectsConnectAndDisconnectAreStillThere();
    // disconnect
    void disconnectLeavesTheShard();
    void disconnectEndsAPendingConnect();
    void eventsEmittedBeforeDisconnectArrive();
    // emitEvent
    void emitsNameOnly();
    void emitsAnyPayload_data();
    void emitsAnyPayload();
    void emitterHearsItself();
    void emitsToRecipients();
    void emitsToNobody();
    void emitsToUserIds();
    void emitsFromAnotherThread();
    void refusesWhatIsNoEvent();
    void refusesTooBigAMessage();
    void emitsTheLargestMessage();
    // identify
    void identifyTellsTheUserId();
    void badTokenIsReported();
    // info
    void infoListsShardsAndNumbers();
    void infoOfAnUnknownProjectIsEmpty();
    void infoWithoutServerFails();
    void infoEndsWithTheClient();
    // on
    void onCallsTheHandlerUntilItIsUndone();
    void onEndsWithItsContext();
    void onGivesPayloadsOfManyKinds();
    void onWorksAcrossReconnects();
    void eventReceivedTellsAll();
    void unheardEventsAreNoProblem();
    // presence
    void connectedClientsChangedListsAll();
    void clientsModelChangesRowByRow();
    // setProjectId, setUserInfo, properties
    void projectsAreApart();
    void setProjectIdMovesTheClient();
    void setShardNameMovesTheClientAndKeepsTheQueue();
    void manyChangesInOneTurnAreOneMove();
    void aWishThatIsTakenBackHoldsNothingUp();
    void setUserInfoIsSeenByOthers();
    void userInfoReplacesWhatWasThere();
    void activeIsTheWishAndStateTheFact();
    void metadataHasNameAndLatency();
    void latencyIsMeasured();

private:
    std::unique_ptr<DispatchClient> makeClient()
    {
        auto client = std::make_unique<DispatchClient>();
        client->setUrl(m_server->url());
        client->setProjectId(u"test"_s);
        client->setReconnectPolicy({.minDelay = 10, .maxDelay = 50});
        return client;
    }
    std::unique_ptr<DispatchClient> join(const QString &shard)
    {
        auto client = makeClient();
        const auto future = client->connectToServer({.shardName = shard});
        if (!QTest::qWaitFor([&] { return future.isFinished(); })
            || client->state() != DispatchClient::Connected)
            qWarning() << "could not join" << client->errorString();
        return client;
    }

    std::unique_ptr<DispatchServer> m_server;
};

// The expression is evaluated once.
#define WAIT(...)                                                                                  \
    do {                                                                                           \
        const auto future_ = (__VA_ARGS__);                                                        \
        QTRY_VERIFY(future_.isFinished());                                                         \
    } while (false)

void tst_Api::init()
{
    m_server = std::make_unique<DispatchServer>();
    m_server->setTokenVerifier(std::make_shared<Verifier>());
    auto settings = m_server->settings();
    settings.presenceInterval = 5;
    m_server->setSettings(settings);
    QVERIFY2(m_server->listen(), qPrintable(m_server->errorString()));
}

void tst_Api::cleanup()
{
    m_server.reset();
}

void tst_Api::connectGivesClientIdAndShardName()
{
    const auto client = makeClient();
    QSignalSpy connected(client.get(), &DispatchClient::connected);
    const auto future = client->connect();
    QCOMPARE(client->state(), DispatchClient::Connecting);
    WAIT(future);
    const DispatchConnectionInfo info = future.result();
    QVERIFY(!info.clientId.isEmpty());
    QVERIFY(!info.shardName.isEmpty());
    QCOMPARE(client->clientId(), info.clientId);
    QCOMPARE(client->currentShardName(), info.shardName);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(connected.size(), 1);
    QCOMPARE(connected.first().first().value<DispatchConnectionInfo>(), info);
}

void tst_Api::connectJoinsTheNamedShard()
{
    const auto client = makeClient();
    const auto future = client->connect(QVariantMap{{u"shardName"_s, u"blue"_s}});
    WAIT(future);
    QCOMPARE(future.result().shardName, u"blue"_s);
    QCOMPARE(client->shardName(), u"blue"_s);
}

void tst_Api::connectTakesAnyShardName_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : {u"a b"_s, u"1+1=2&x=y#z?"_s, u"100%"_s, u"größe 漢 😀"_s,
                                u"\"quoted\\"_s, QString(128, u'x')})
        QTest::addRow("%s", qPrintable(name.left(20))) << name;
}

void tst_Api::connectTakesAnyShardName()
{
    QFETCH(QString, name);
    QCOMPARE(join(name)->currentShardName(), name);
}

void tst_Api::connectTakesTheLimitAsNumberOrText_data()
{
    QTest::addColumn<QVariant>("limit");
    QTest::newRow("number") << QVariant(2);
    QTest::newRow("as JavaScript has it") << QVariant(2.0);
    QTest::newRow("text") << QVariant(u"2"_s);
}

void tst_Api::connectTakesTheLimitAsNumberOrText()
{
    QFETCH(QVariant, limit);
    QStringList shards;
    std::vector<std::unique_ptr<DispatchClient>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(makeClient());
        const auto future =
            clients.back()->connect(QVariantMap{{u"maxConnectionsPerShard"_s, limit}});
        WAIT(future);
        shards.append(future.result().shardName);
    }
    QCOMPARE(clients.front()->maxConnectionsPerShard(), 2);
    QCOMPARE(shards[0], shards[1]);
    QVERIFY(shards[2] != shards[1]);
}

void tst_Api::connectRefusesALimitThatIsNoNumber()
{
    const auto client = makeClient();
    for (const QVariant &limit : {QVariant(u"many"_s), QVariant(2.5), QVariant(QVariantList{1})}) {
        const auto future = client->connect(QVariantMap{{u"maxConnectionsPerShard"_s, limit}});
        WAIT(future);
        QCOMPARE(errorOf(future), DispatchError::InvalidParameters);
    }
    QVERIFY(!client->isActive());
}

void tst_Api::connectSendsTheAuthorization()
{
    const auto good = makeClient();
    const auto joined = good->connect(QVariantMap{{u"authorization"_s, u"user:ann"_s}});
    WAIT(joined);
    QVERIFY(!joined.result().clientId.isEmpty());
    QTRY_COMPARE(good->connectedClients().size(), 1);
    QTRY_COMPARE(good->connectedClients().first().userId, u"ann"_s);

    const auto bad = makeClient();
    const auto refused = bad->connect(QVariantMap{{u"authorization"_s, u"nonsense"_s}});
    WAIT(refused);
    QCOMPARE(errorOf(refused), DispatchError::Unauthorized);
    QCOMPARE(bad->state(), DispatchClient::Failed);
}

void tst_Api::connectAgainWithTheSameWishGivesTheSameInfo()
{
    const auto client = join(u"s"_s);
    const auto again = client->connectToServer({.shardName = u"s"_s});
    WAIT(again);
    QCOMPARE(again.result().clientId, client->clientId());

    const auto other = client->connectToServer({.shardName = u"t"_s});
    WAIT(other);
    QCOMPARE(other.result().shardName, u"t"_s);
    QCOMPARE(client->currentShardName(), u"t"_s);
}

void tst_Api::connectToAFullShardFails()
{
    const auto first = makeClient();
    WAIT(first->connectToServer({.shardName = u"tiny"_s, .maxConnectionsPerShard = 1}));
    const auto second = makeClient();
    QSignalSpy failed(second.get(), &DispatchClient::failed);
    const auto future =
        second->connectToServer({.shardName = u"tiny"_s, .maxConnectionsPerShard = 1});
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::ShardFull);
    QCOMPARE(second->state(), DispatchClient::Failed);
    QCOMPARE(second->error(), DispatchError::ShardFull);
    QCOMPARE(second->lastError().reason(), u"shard_full"_s);
    QCOMPARE(failed.size(), 1);
    // Another shard is another wish.
    second->setShardName(u"roomy"_s);
    QTRY_COMPARE(second->state(), DispatchClient::Connected);
    QCOMPARE(second->error(), DispatchError::NoError);
}

void tst_Api::connectWithoutUrlFails()
{
    DispatchClient client;
    const auto future = client.connectToServer();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::InvalidUrl);
    QCOMPARE(client.state(), DispatchClient::Failed);
}

void tst_Api::connectWithWrongParametersFails_data()
{
    QTest::addColumn<QString>("project");
    QTest::addColumn<QString>("shard");
    QTest::addColumn<int>("limit");
    QTest::newRow("project with a space") << u"a b"_s << u"s"_s << 10;
    QTest::newRow("shard too long") << u"p"_s << QString(129, u'x') << 10;
    QTest::newRow("shard with a control character") << u"p"_s << u"a\nb"_s << 10;
    QTest::newRow("limit 0") << u"p"_s << u"s"_s << 0;
    QTest::newRow("limit over 1000") << u"p"_s << u"s"_s << 1001;
}

void tst_Api::connectWithWrongParametersFails()
{
    QFETCH(QString, project);
    QFETCH(QString, shard);
    QFETCH(int, limit);
    const auto client = makeClient();
    client->setProjectId(project);
    const auto future =
        client->connectToServer({.shardName = shard, .maxConnectionsPerShard = limit});
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::InvalidParameters);
}

void tst_Api::qobjectsConnectAndDisconnectAreStillThere()
{
    DispatchClient client;
    int calls = 0;
    const auto connection =
        client.connect(&client, &DispatchClient::urlChanged, &client, [&] { ++calls; });
    client.setUrl(QUrl(u"ws://a"_s));
    client.disconnect(connection);
    client.setUrl(QUrl(u"ws://b"_s));
    QCOMPARE(calls, 1);
}

void tst_Api::disconnectLeavesTheShard()
{
    const auto stays = join(u"s"_s);
    const auto goes = join(u"s"_s);
    QTRY_COMPARE(stays->connectedClients().size(), 2);
    QSignalSpy disconnected(goes.get(), &DispatchClient::disconnected);
    goes->disconnect();
    QCOMPARE(goes->state(), DispatchClient::Disconnected);
    QVERIFY(goes->clientId().isEmpty());
    QVERIFY(goes->currentShardName().isEmpty());
    QVERIFY(goes->connectedClients().isEmpty());
    QCOMPARE(disconnected.size(), 1);
    QCOMPARE(disconnected.first().first().value<DispatchError>().code(), DispatchError::NoError);
    QTRY_COMPARE(stays->connectedClients().size(), 1);
}

void tst_Api::disconnectEndsAPendingConnect()
{
    const auto client = makeClient();
    const auto future = client->connectToServer();
    client->disconnectFromServer();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::Cancelled);
    QCOMPARE(client->state(), DispatchClient::Disconnected);
}

void tst_Api::eventsEmittedBeforeDisconnectArrive()
{
    const auto hears = join(u"s"_s);
    int calls = 0;
    hears->on(u"n"_s, this, [&] { ++calls; });
    const auto goes = join(u"s"_s);
    const QJsonValue large = QString(100'000, u'x');
    int sent = 0;
    for (int i = 0; i < 9; ++i)
        sent += goes->emitEvent(u"n"_s, large) == DispatchClient::Sent;
    goes->disconnectFromServer();
    QCOMPARE(sent, 9);
    QTRY_COMPARE(calls, sent);
}

void tst_Api::emitsNameOnly()
{
    const auto client = join(u"s"_s);
    QList<QJsonValue> heard;
    client->on(u"new_tap"_s, this, [&](const QJsonValue &payload) { heard.append(payload); });
    QCOMPARE(client->emitEvent(u"new_tap"_s), DispatchClient::Sent);
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first(), QJsonValue(QJsonObject()));
}

void tst_Api::emitsAnyPayload_data()
{
    QTest::addColumn<QJsonValue>("payload");
    QTest::newRow("object") << QJsonValue(
        QJsonObject{{u"a"_s, QJsonArray{1, true, QJsonValue::Null}}, {u"é"_s, u"😀\n\"\\"_s}});
    QTest::newRow("array") << QJsonValue(QJsonArray{1, 2.5, u"x"_s});
    QTest::newRow("string") << QJsonValue(u"x"_s);
    QTest::newRow("number") << QJsonValue(-0.25);
    QTest::newRow("large integer") << QJsonValue(qint64(9007199254740993));
    QTest::newRow("false") << QJsonValue(false);
    QTest::newRow("null") << QJsonValue(QJsonValue::Null);
}

void tst_Api::emitsAnyPayload()
{
    QFETCH(QJsonValue, payload);
    const auto client = join(u"s"_s);
    QList<QJsonValue> heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value); });
    client->emitEvent(u"x"_s, payload);
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first(), payload);
}

void tst_Api::emitterHearsItself()
{
    const auto a = join(u"s"_s);
    const auto b = join(u"s"_s);
    QString heard;
    a->on(u"x"_s, this, [&] { heard += u'a'; });
    b->on(u"x"_s, this, [&] { heard += u'b'; });
    a->emitEvent(u"x"_s);
    QTRY_COMPARE(heard.size(), 2);
    QVERIFY(heard.contains(u'a') && heard.contains(u'b'));
}

void tst_Api::emitsToRecipients()
{
    const auto a = join(u"s"_s);
    const auto b = join(u"s"_s);
    const auto elsewhere = join(u"t"_s);
    QString heard;
    a->on(u"x"_s, this, [&] { heard += u'a'; });
    b->on(u"x"_s, this, [&] { heard += u'b'; });
    elsewhere->on(u"x"_s, this, [&] { heard += u'e'; });
    a->emitEvent(u"x"_s, 1, {b->clientId(), elsewhere->clientId(), u"nobody"_s});
    QTRY_COMPARE(heard.size(), 2);
    // What is emitted after it shows that nothing else is on its way.
    a->emitEvent(u"x"_s, 1, {a->clientId()});
    QTRY_COMPARE(heard.size(), 3);
    QVERIFY(heard.endsWith(u'a'));
    QVERIFY(heard.contains(u'b') && heard.contains(u'e'));
}

void tst_Api::emitsToNobody()
{
    const auto client = join(u"s"_s);
    QList<int> heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    QCOMPARE(client->emitEvent(u"x"_s, 1, {}), DispatchClient::Sent);
    client->emitEvent(u"x"_s, 2);
    QTRY_COMPARE(heard, QList<int>{2});
}

void tst_Api::emitsToUserIds()
{
    const auto a = join(u"s"_s);
    const auto ann1 = join(u"t"_s);
    const auto ann2 = join(u"u"_s);
    ann1->identify(u"user:ann"_s);
    ann2->identify(u"user:ann"_s);
    QTRY_VERIFY(!ann1->connectedClients().isEmpty()
                && !ann1->connectedClients().first().userId.isEmpty());
    QTRY_VERIFY(!ann2->connectedClients().isEmpty()
                && !ann2->connectedClients().first().userId.isEmpty());
    int heard = 0;
    ann1->on(u"x"_s, this, [&] { heard += 1; });
    ann2->on(u"x"_s, this, [&] { heard += 10; });
    a->emitEvent(u"x"_s, 1, {u"ann"_s});
    QTRY_COMPARE(heard, 11);
}

void tst_Api::emitsFromAnotherThread()
{
    const auto client = join(u"s"_s);
    QList<int> heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    QList<DispatchClient::SendStatus> answers;
    std::thread thread([&] {
        for (int i = 0; i < 3; ++i)
            answers.append(client->emitEvent(u"x"_s, i));
        answers.append(client->emitEvent(u"x"_s, 3, {client->clientId()}));
    });
    thread.join();
    QCOMPARE(answers, QList<DispatchClient::SendStatus>(4, DispatchClient::Queued));
    QTRY_COMPARE(heard, (QList<int>{0, 1, 2, 3}));
}

void tst_Api::refusesWhatIsNoEvent()
{
    const auto client = join(u"s"_s);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    for (const QString &name : {u""_s, u"@@KOJI_DISPATCH/CONNECTED"_s, QString(256, u'x')}) {
        QCOMPARE(client->emitEvent(name, 1), DispatchClient::Refused);
        QCOMPARE(client->error(), DispatchError::InvalidEventName);
    }
    QCOMPARE(client->emitEvent(u"x"_s, std::numeric_limits<double>::quiet_NaN()),
             DispatchClient::Refused);
    QCOMPARE(client->error(), DispatchError::InvalidPayload);
    QCOMPARE(errors.size(), 4);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_Api::refusesTooBigAMessage()
{
    const auto client = join(u"s"_s);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    QCOMPARE(client->emitEvent(u"x"_s, QString(128'000, u'x')), DispatchClient::Refused);
    QCOMPARE(client->error(), DispatchError::MessageTooBig);
    QVERIFY(client->errorString().contains(u"128030"_s));
    QCOMPARE(errors.size(), 1);
}

void tst_Api::emitsTheLargestMessage()
{
    const auto client = join(u"s"_s);
    QString heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard = value.toString(); });
    const QString largest(128'000 - 30, u'漢');
    QCOMPARE(client->emitEvent(u"x"_s, largest), DispatchClient::Sent);
    QTRY_VERIFY(heard == largest);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_Api::identifyTellsTheUserId()
{
    const auto client = join(u"s"_s);
    QTRY_COMPARE(client->connectedClients().size(), 1);
    QVERIFY(client->connectedClients().first().userId.isEmpty());
    client->identify(u"user:ann"_s);
    QTRY_COMPARE(client->connectedClients().first().userId, u"ann"_s);
}

void tst_Api::badTokenIsReported()
{
    const auto client = join(u"s"_s);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    client->identify(u"nonsense"_s);
    QTRY_COMPARE(errors.size(), 1);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::RefusedByServer);
    QCOMPARE(error.reason(), u"invalid_token"_s);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_Api::infoListsShardsAndNumbers()
{
    const auto a = join(u"größe 1"_s);
    const auto b = join(u"größe 1"_s);
    const auto c = join(u"other"_s);
    const auto future = a->info();
    WAIT(future);
    auto shards = future.result();
    std::ranges::sort(shards, {}, &DispatchShardInfo::shardName);
    QCOMPARE(shards.size(), 2);
    QCOMPARE(shards[0].shardName, u"größe 1"_s);
    QCOMPARE(shards[0].numConnectedClients, 2);
    QCOMPARE(shards[1].shardName, u"other"_s);
    QCOMPARE(shards[1].numConnectedClients, 1);
}

void tst_Api::infoOfAnUnknownProjectIsEmpty()
{
    const auto client = makeClient();
    client->setProjectId(u"nobody-ever-came"_s);
    const auto future = client->info();
    WAIT(future);
    QCOMPARE(future.result(), QList<DispatchShardInfo>());
}

void tst_Api::infoWithoutServerFails()
{
    const auto client = makeClient();
    m_server->close();
    const auto gone = client->info();
    WAIT(gone);
    QCOMPARE(errorOf(gone), DispatchError::NetworkError);
    client->setUrl({});
    const auto nowhere = client->info();
    WAIT(nowhere);
    QCOMPARE(errorOf(nowhere), DispatchError::InvalidUrl);
}

void tst_Api::infoEndsWithTheClient()
{
    auto client = makeClient();
    const auto future = client->info();
    client.reset();
    WAIT(future);
    QCOMPARE(errorOf(future), DispatchError::Cancelled);
}

void tst_Api::onCallsTheHandlerUntilItIsUndone()
{
    const auto client = join(u"s"_s);
    int first = 0;
    int second = 0;
    auto undo = client->on(u"x"_s, this, [&] { ++first; });
    client->on(u"x"_s, this, [&] { ++second; });
    QVERIFY(undo.isActive());
    client->emitEvent(u"x"_s);
    QTRY_COMPARE(second, 1);
    QCOMPARE(first, 1);
    undo();
    QVERIFY(!undo.isActive());
    client->emitEvent(u"x"_s);
    QTRY_COMPARE(second, 2);
    QCOMPARE(first, 1);
}

void tst_Api::onEndsWithItsContext()
{
    const auto client = join(u"s"_s);
    int first = 0;
    int second = 0;
    auto context = std::make_unique<QObject>();
    const auto subscription = client->on(u"x"_s, context.get(), [&] { ++first; });
    client->on(u"x"_s, this, [&] { ++second; });
    context.reset();
    QVERIFY(!subscription.isActive());
    client->emitEvent(u"x"_s);
    QTRY_COMPARE(second, 1);
    QCOMPARE(first, 0);
}

void tst_Api::onGivesPayloadsOfManyKinds()
{
    const auto client = join(u"s"_s);
    int seen = 0;
    const auto check = [&](bool right) { seen += right ? 1 : 100; };
    client->on(u"x"_s, this, [&](const DispatchEvent &e) {
        check(e.name() == u"x"_s && e.rawPayload() == R"({"author":"ann","number":7})"_ba);
    });
    client->on(u"x"_s, this, [&](const QJsonValue &v) { check(v["number"_L1].toInt() == 7); });
    client->on(u"x"_s, this, [&](const QJsonObject &o) { check(o["number"_L1].toInt() == 7); });
    client->on(u"x"_s, this,
               [&](const QVariantMap &m) { check(m.value(u"number"_s).toInt() == 7); });
    client->on(u"x"_s, this, [&](const QJsonValue &v, const DispatchEventMetadata &m) {
        check(v.isObject() && m.eventName == u"x"_s);
    });
    client->on(u"x"_s, this, [&](const QJsonObject &o, const DispatchEventMetadata &m) {
        check(!o.isEmpty() && m.eventName == u"x"_s);
    });
    client->on(u"x"_s, this, [&](const QVariantMap &v, const DispatchEventMetadata &m) {
        check(!v.isEmpty() && m.eventName == u"x"_s);
    });
    client->on<Note>(u"x"_s, this,
                     [&](const Note &n) { check(n.author == u"ann"_s && n.number == 7); });
    client->on<Note>(u"x"_s, this, [&](const Note &n, const DispatchEventMetadata &m) {
        check(n.number == 7 && m.latencyMs >= 0);
    });
    client->on(u"x"_s, this, [&] { check(true); });
    client->emitEvent(u"x"_s, QJsonObject{{u"author"_s, u"ann"_s}, {u"number"_s, 7}});
    QTRY_COMPARE(seen, 10);
}

void tst_Api::onWorksAcrossReconnects()
{
    const auto client = join(u"s"_s);
    int calls = 0;
    client->on(u"x"_s, this, [&] { ++calls; });
    const quint16 port = m_server->port();
    m_server->close();
    QTRY_VERIFY(client->state() != DispatchClient::Connected);
    QVERIFY(m_server->listen(QHostAddress(QHostAddress::LocalHost), port));
    QTRY_COMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(client->currentShardName(), u"s"_s);
    client->emitEvent(u"x"_s);
    QTRY_COMPARE(calls, 1);
}

void tst_Api::eventReceivedTellsAll()
{
    const auto client = join(u"s"_s);
    QSignalSpy events(client.get(), &DispatchClient::eventReceived);
    client->emitEvent(u"a"_s, 1);
    client->emitEvent(u"b"_s, u"two"_s);
    QTRY_COMPARE(events.size(), 2);
    QCOMPARE(events[0][0].toString(), u"a"_s);
    QCOMPARE(events[0][1].toJsonValue(), QJsonValue(1));
    QCOMPARE(events[1][1].toJsonValue(), QJsonValue(u"two"_s));
    QCOMPARE(events[1][2].value<DispatchEventMetadata>().eventName, u"b"_s);
}

void tst_Api::unheardEventsAreNoProblem()
{
    const auto client = join(u"s"_s);
    int calls = 0;
    client->on(u"heard"_s, this, [&] { ++calls; });
    for (int i = 0; i < 10; ++i)
        client->emitEvent(u"unheard"_s, i);
    client->emitEvent(u"heard"_s);
    QTRY_COMPARE(calls, 1);
}

void tst_Api::connectedClientsChangedListsAll()
{
    const auto a = makeClient();
    a->setUserInfo(
        {{u"name"_s, u"Ann"_s}, {u"lastPing"_s, u"forged"_s}, {u"clientId"_s, u"forged"_s}});
    QSignalSpy changes(a.get(), &DispatchClient::connectedClientsChanged);
    WAIT(a->connectToServer({.shardName = u"s"_s}));
    const auto b = join(u"s"_s);
    QTRY_COMPARE(a->connectedClients().size(), 2);
    QTRY_VERIFY(!changes.isEmpty()
                && changes.last().first().value<QList<DispatchConnectedClient>>().size() == 2);
    const auto list = changes.last().first().value<QList<DispatchConnectedClient>>();
    QCOMPARE(list, a->connectedClients());
    const auto self = std::ranges::find(list, true, &DispatchConnectedClient::isSelf);
    QVERIFY(self != list.end());
    QCOMPARE(self->clientId, a->clientId());
    QCOMPARE(self->userInfo, (QJsonObject{{u"name"_s, u"Ann"_s}}));
    QVERIFY(qAbs(self->lastPing.msecsTo(QDateTime::currentDateTimeUtc())) < 60'000);
    QVERIFY(std::ranges::find(list, b->clientId(), &DispatchConnectedClient::clientId)
            != list.end());
}

void tst_Api::clientsModelChangesRowByRow()
{
    const auto a = join(u"s"_s);
    DispatchClientsModel *model = a->clients();
    QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model->rowCount(), 1);
    QSignalSpy inserts(model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removals(model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy resets(model, &QAbstractItemModel::modelReset);

    auto b = join(u"s"_s);
    QTRY_COMPARE(model->rowCount(), 2);
    QCOMPARE(inserts.size(), 1);
    QCOMPARE(inserts.first()[1].toInt(), 1);
    b->setUserInfo({{u"name"_s, u"Bob"_s}});
    QTRY_COMPARE(model->index(1).data().toString(), u"Bob"_s);
    b.reset();
    QTRY_COMPARE(model->rowCount(), 1);
    QCOMPARE(inserts.size(), 1);
    QCOMPARE(removals.size(), 1);
    QCOMPARE(resets.size(), 0);
}

void tst_Api::projectsAreApart()
{
    const auto a = join(u"s"_s);
    const auto b = makeClient();
    b->setProjectId(u"other"_s);
    WAIT(b->connectToServer({.shardName = u"s"_s}));
    int heardByB = 0;
    int heardByA = 0;
    b->on(u"x"_s, this, [&] { ++heardByB; });
    a->on(u"x"_s, this, [&] { ++heardByA; });
    a->emitEvent(u"x"_s);
    QTRY_COMPARE(heardByA, 1);
    b->emitEvent(u"x"_s);
    QTRY_COMPARE(heardByB, 1);
    QCOMPARE(heardByA, 1);
    QTRY_COMPARE(b->connectedClients().size(), 1);
}

void tst_Api::setProjectIdMovesTheClient()
{
    const auto client = join(u"s"_s);
    const QString before = client->clientId();
    client->setProjectId(u"other"_s);
    QTRY_VERIFY(client->state() == DispatchClient::Connected && client->clientId() != before);
    const auto future = client->info();
    WAIT(future);
    QCOMPARE(future.result().size(), 1);
    QCOMPARE(client->projectId(), u"other"_s);
}

void tst_Api::setShardNameMovesTheClientAndKeepsTheQueue()
{
    const auto client = join(u"s"_s);
    const auto listener = join(u"t"_s);
    QList<int> heard;
    listener->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    client->setShardName(u"t"_s);
    QCOMPARE(client->emitEvent(u"x"_s, 1), DispatchClient::Queued);
    QTRY_COMPARE(client->currentShardName(), u"t"_s);
    QTRY_COMPARE(heard, QList<int>{1});
}

void tst_Api::aWishThatIsTakenBackHoldsNothingUp()
{
    const auto client = join(u"a"_s);
    int heard = 0;
    client->on(u"x"_s, client.get(), [&] { ++heard; });
    const QString id = client->clientId();
    client->setShardName(u"b"_s);
    QCOMPARE(client->emitEvent(u"x"_s), DispatchClient::Queued);
    client->setShardName(u"a"_s);
    QTRY_COMPARE(heard, 1);
    QCOMPARE(client->clientId(), id);
    QCOMPARE(client->queuedEvents(), 0);
}

void tst_Api::manyChangesInOneTurnAreOneMove()
{
    const auto client = join(u"s"_s);
    QSignalSpy connected(client.get(), &DispatchClient::connected);
    QSignalSpy disconnected(client.get(), &DispatchClient::disconnected);
    client->setShardName(u"x"_s);
    client->setProjectId(u"y"_s);
    client->setMaxConnectionsPerShard(7);
    client->setShardName(u"z"_s);
    QTRY_COMPARE(client->currentShardName(), u"z"_s);
    QCOMPARE(connected.size(), 1);
    QCOMPARE(disconnected.size(), 1);
    // There and back again is no move.
    client->setShardName(u"w"_s);
    client->setShardName(u"z"_s);
    client->emitEvent(u"x"_s);
    QTest::qWait(0);
    QCOMPARE(client->state(), DispatchClient::Connected);
    QCOMPARE(connected.size(), 1);
}

void tst_Api::setUserInfoIsSeenByOthers()
{
    const auto a = join(u"s"_s);
    const auto b = join(u"s"_s);
    QSignalSpy changed(a.get(), &DispatchClient::userInfoChanged);
    a->setUserInfo({{u"name"_s, u"Ann"_s}});
    QCOMPARE(changed.size(), 1);
    const auto infoSeenByB = [&] {
        for (const auto &client : b->connectedClients()) {
            if (client.clientId == a->clientId())
                return client.userInfo;
        }
        return QJsonObject();
    };
    QTRY_COMPARE(infoSeenByB(), (QJsonObject{{u"name"_s, u"Ann"_s}}));
}

void tst_Api::userInfoReplacesWhatWasThere()
{
    const auto client = join(u"s"_s);
    client->setUserInfo({{u"name"_s, u"Ann"_s}, {u"age"_s, 3}});
    QTRY_VERIFY(!client->connectedClients().isEmpty()
                && client->connectedClients().first().userInfo.size() == 2);
    client->setUserInfo({{u"name"_s, u"Bea"_s}});
    QTRY_COMPARE(client->connectedClients().first().userInfo, (QJsonObject{{u"name"_s, u"Bea"_s}}));
}

void tst_Api::activeIsTheWishAndStateTheFact()
{
    const auto client = makeClient();
    QSignalSpy active(client.get(), &DispatchClient::activeChanged);
    QSignalSpy states(client.get(), &DispatchClient::stateChanged);
    client->setActive(true);
    client->setActive(true);
    QVERIFY(client->isActive());
    QCOMPARE(active.size(), 1);
    QCOMPARE(client->state(), DispatchClient::Connecting);
    QTRY_COMPARE(client->state(), DispatchClient::Connected);
    client->setActive(false);
    QCOMPARE(client->state(), DispatchClient::Disconnected);
    QCOMPARE(active.size(), 2);
    QCOMPARE(states.size(), 3);
}

void tst_Api::metadataHasNameAndLatency()
{
    const auto client = join(u"s"_s);
    QTRY_VERIFY(client->latency() >= 0);
    DispatchEventMetadata metadata;
    client->on(u"x"_s, this, [&](const DispatchEvent &event) { metadata = event.metadata(); });
    client->emitEvent(u"x"_s);
    QTRY_COMPARE(metadata.eventName, u"x"_s);
    QVERIFY(metadata.latencyMs >= client->latency());
    QVERIFY(metadata.latencyMs < 5'000);
}

void tst_Api::latencyIsMeasured()
{
    const auto client = makeClient();
    QSignalSpy changes(client.get(), &DispatchClient::latencyChanged);
    QCOMPARE(client->latency(), -1.0);
    client->setActive(true);
    QTRY_VERIFY(!changes.isEmpty());
    QVERIFY(client->latency() >= 0 && client->latency() < 1'000);
}

QTEST_GUILESS_MAIN(tst_Api)
#include "tst_api.moc"
