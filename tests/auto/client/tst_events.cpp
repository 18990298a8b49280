// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roomtest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Qt::StringLiterals;

namespace {

struct Note {
    QString author;
    int number = 0;
    static Note fromJson(const QJsonObject &json)
    {
        return {json["author"_L1].toString(), json["number"_L1].toInt()};
    }
};

} // namespace

/// emitEvent() and on(), against a real server.
class tst_Events : public RoomTest {
    Q_OBJECT

private Q_SLOTS:
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
    void emitsTheLargestMessage_data();
    void emitsTheLargestMessage();
    void onCallsTheHandlerUntilItIsUndone();
    void onEndsWithItsContext();
    void onGivesPayloadsOfManyKinds();
    void onWorksAcrossReconnects();
    void eventReceivedTellsAll();
    void unheardEventsAreNoProblem();
    void metadataHasNameAndLatency();
    void metadataTellsWhoEmittedAndWhen();
    void clientsOfBothProfilesShareAShard();
    void acknowledgedEventsTellTheirNumber();
    void refusedEventsTellWhy();
};

void tst_Events::emitsNameOnly()
{
    const auto client = join(u"s"_s);
    QList<QJsonValue> heard;
    client->on(u"new_tap"_s, this, [&](const QJsonValue &payload) { heard.append(payload); });
    QCOMPARE(client->emitEvent(u"new_tap"_s), DispatchClient::Sent);
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first(), QJsonValue(QJsonObject()));
}

void tst_Events::emitsAnyPayload_data()
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

void tst_Events::emitsAnyPayload()
{
    QFETCH(QJsonValue, payload);
    const auto client = join(u"s"_s);
    QList<QJsonValue> heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value); });
    client->emitEvent(u"x"_s, payload);
    QTRY_COMPARE(heard.size(), 1);
    QCOMPARE(heard.first(), payload);
}

void tst_Events::emitterHearsItself()
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

void tst_Events::emitsToRecipients()
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

void tst_Events::emitsToNobody()
{
    const auto client = join(u"s"_s);
    QList<int> heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    QCOMPARE(client->emitEvent(u"x"_s, 1, QStringList()), DispatchClient::Sent);
    client->emitEvent(u"x"_s, 2);
    QTRY_COMPARE(heard, QList<int>{2});
}

void tst_Events::emitsToUserIds()
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

void tst_Events::emitsFromAnotherThread()
{
    const auto client = join(u"s"_s);
    QList<int> heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard.append(value.toInt()); });
    QList<DispatchClient::SendStatus> answers;
    const QString self = client->clientId();
    std::thread thread([&] {
        for (int i = 0; i < 3; ++i)
            answers.append(client->emitEvent(u"x"_s, i));
        answers.append(client->emitEvent(u"x"_s, 3, {self}));
    });
    thread.join();
    QCOMPARE(answers, QList<DispatchClient::SendStatus>(4, DispatchClient::Queued));
    QTRY_COMPARE(heard, (QList<int>{0, 1, 2, 3}));
}

void tst_Events::refusesWhatIsNoEvent()
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

void tst_Events::refusesTooBigAMessage()
{
    const auto client = join(u"s"_s);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    QCOMPARE(client->emitEvent(u"x"_s, QString(128'000, u'x')), DispatchClient::Refused);
    QCOMPARE(client->error(), DispatchError::MessageTooBig);
    QVERIFY(client->errorString().contains(u"128030"_s));
    QCOMPARE(errors.size(), 1);
}

void tst_Events::emitsTheLargestMessage_data()
{
    QTest::addColumn<bool>("baseProfileOnly");
    QTest::addColumn<int>("envelope");
    QTest::newRow("base profile") << true << 30;
    // It has a number.
    QTest::newRow("extended profile") << false << 39;
}

void tst_Events::emitsTheLargestMessage()
{
    QFETCH(const bool, baseProfileOnly);
    QFETCH(const int, envelope);
    const auto client = makeClient();
    client->setBaseProfileOnly(baseProfileOnly);
    WAIT(client->connectToServer({.shardName = u"s"_s}));
    QString heard;
    client->on(u"x"_s, this, [&](const QJsonValue &value) { heard = value.toString(); });
    const QString largest(128'000 - envelope, u'漢');
    QCOMPARE(client->emitEvent(u"x"_s, largest + u'x'), DispatchClient::Refused);
    QCOMPARE(client->emitEvent(u"x"_s, largest), DispatchClient::Sent);
    QTRY_VERIFY(heard == largest);
    QCOMPARE(client->state(), DispatchClient::Connected);
}

void tst_Events::onCallsTheHandlerUntilItIsUndone()
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

void tst_Events::onEndsWithItsContext()
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

void tst_Events::onGivesPayloadsOfManyKinds()
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

void tst_Events::onWorksAcrossReconnects()
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

void tst_Events::eventReceivedTellsAll()
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

void tst_Events::unheardEventsAreNoProblem()
{
    const auto client = join(u"s"_s);
    int calls = 0;
    client->on(u"heard"_s, this, [&] { ++calls; });
    for (int i = 0; i < 10; ++i)
        client->emitEvent(u"unheard"_s, i);
    client->emitEvent(u"heard"_s);
    QTRY_COMPARE(calls, 1);
}

void tst_Events::metadataHasNameAndLatency()
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

void tst_Events::metadataTellsWhoEmittedAndWhen()
{
    const auto ann = makeClient();
    WAIT(ann->connectToServer({.shardName = u"s"_s, .authorization = u"user:ann"_s}));
    const auto bob = join(u"s"_s);
    QList<DispatchEventMetadata> atAnn;
    QList<DispatchEventMetadata> atBob;
    ann->on(u"x"_s, this, [&](const DispatchEvent &event) { atAnn.append(event.metadata()); });
    bob->on(u"x"_s, this, [&](const DispatchEvent &event) { atBob.append(event.metadata()); });
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    ann->emitEvent(u"x"_s);
    ann->emitEvent(u"x"_s, 1, {bob->clientId()});
    ann->emitEvent(u"x"_s);
    QTRY_COMPARE(atBob.size(), 3);
    QTRY_COMPARE(atAnn.size(), 2);
    QVERIFY(atBob[0].sequence > 0);
    QCOMPARE(atBob[1].sequence, 0);
    QCOMPARE(atBob[2].sequence, atBob[0].sequence + 1);
    QCOMPARE(atAnn[0].sequence, atBob[0].sequence);
    for (const DispatchEventMetadata &metadata : atBob) {
        QCOMPARE(metadata.senderId, ann->clientId());
        QCOMPARE(metadata.senderUserId, u"ann"_s);
        QVERIFY(qAbs(metadata.serverTime - before) < 60'000);
        QVERIFY(!metadata.own && !metadata.replayed);
    }
    QVERIFY(atAnn[0].own && atAnn[1].own);
}

void tst_Events::clientsOfBothProfilesShareAShard()
{
    const auto plain = makeClient();
    plain->setBaseProfileOnly(true);
    const auto joined = plain->connectToServer({.shardName = u"s"_s});
    WAIT(joined);
    QVERIFY(!joined.result().extended);
    const auto other = join(u"s"_s);
    QTRY_COMPARE(plain->connectedClients().size(), 2);
    QCOMPARE(other->connectedClients().size(), 2);
    DispatchEventMetadata atPlain;
    DispatchEventMetadata atOther;
    plain->on(u"x"_s, this, [&](const DispatchEvent &event) { atPlain = event.metadata(); });
    other->on(u"x"_s, this, [&](const DispatchEvent &event) { atOther = event.metadata(); });
    plain->emitEvent(u"x"_s);
    QTRY_COMPARE(atPlain.eventName, u"x"_s);
    QTRY_COMPARE(atOther.senderId, plain->clientId());
    QCOMPARE(atPlain.senderId, QString());
    other->emitEvent(u"x"_s, 1, {plain->clientId()});
    plain->setUserInfo({{u"name"_s, u"Plain"_s}});
    QTRY_COMPARE(other->clients()->index(0).data().toString(), u"Plain"_s);
}

void tst_Events::acknowledgedEventsTellTheirNumber()
{
    const auto ann = join(u"s"_s);
    const auto bob = join(u"s"_s);
    QList<qint64> heard;
    bob->on(u"x"_s, this,
            [&](const DispatchEvent &event) { heard.append(event.metadata().sequence); });
    const auto toAll = ann->emitAcknowledged(u"x"_s, 1);
    WAIT(toAll);
    QTRY_COMPARE(heard, QList<qint64>{toAll.result().sequence});
    QVERIFY(heard.first() > 0);
    const auto toBob = ann->emitAcknowledged(u"x"_s, 2, QStringList{bob->clientId()});
    WAIT(toBob);
    QCOMPARE(toBob.result().sequence, 0);
    // Many at once: the server tells of all by the last.
    QList<QFuture<DispatchAcknowledgement>> many;
    for (int i = 0; i < 200; ++i)
        many.append(ann->emitAcknowledged(u"x"_s, i));
    for (const auto &ack : many)
        WAIT(ack);
    QTRY_COMPARE(heard.size(), 202);
    QCOMPARE(many.last().result().sequence, heard.last());
}

void tst_Events::refusedEventsTellWhy()
{
    const auto client = join(u"s"_s);
    QSignalSpy errors(client.get(), &DispatchClient::errorOccurred);
    QStringList tooMany;
    for (int i = 0; i <= m_server->settings().maxRecipients; ++i)
        tooMany.append(QString::number(i));
    const auto refused = client->emitAcknowledged(u"x"_s, 1, tooMany);
    const auto next = client->emitAcknowledged(u"x"_s, 2);
    WAIT(refused);
    WAIT(next);
    QCOMPARE(errorOf(refused), DispatchError::RefusedByServer);
    QCOMPARE(errorOf(next), DispatchError::NoError);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.first().first().value<DispatchError>().reason(), u"too_many_recipients"_s);
}

QTEST_GUILESS_MAIN(tst_Events)
#include "tst_events.moc"
