// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"
#include "rowcounters.h"

#include <DispatchEventModel>

#include <QtCore/qmetaobject.h>
#include <QtCore/qpointer.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

using Model = DispatchEventModel;

/// What the model of the events of one name shows.
class tst_EventModel : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void anEventHasARow();
    void whatComesInOneTurnIsOneRun();
    void anOwnEventWaitsForItsPlace();
    void anOwnEventThatIsNotFirstMoves();
    void theEchoMayComeBeforeTheAcknowledgement();
    void ownEventsWaitForAConnection();
    void whatHasNoRoomFailed();
    void whatTheServerRefusesCanBeSentAgain();
    void aFailedOneCanBeRemoved();
    void whatIsSentAgainElsewhereIsSentAgainHere();
    void whatIsReplacedHasNoRow();
    void whatGoesToRecipientsNeedsNoEcho();
    void aResumeBringsNothingTwice();
    void aHistoryBringsOnlyWhatIsMissing();
    void aHistoryKnowsWhatWasUncertain();
    void theOldestGoes();
    void aFloodInOneTurnKeepsTheLatest();
    void anotherShardClearsIt_data();
    void anotherShardClearsIt();
    void clearLeavesWhatIsOnItsWay();
    void anotherNameOrClientBeginsAnew();
    void aLateModelShowsWhatIsOnItsWay();
    void theBaseProfileTellsOwnEventsByTheirPayload();
    void theBaseProfileHearsNothingOfWhatGoesToRecipients();
    void theBaseProfileDoesNotKnowWhatALossTook();
    void aHandlerMayEmit();
    void aHandlerMayDelete_data();
    void aHandlerMayDelete();

private:
    /// A model of "x" of the client.
    std::unique_ptr<Model> makeModel();
    bool joinExtended(const QJsonObject &greeting = ExtendedServerTest::greeting());
    /// "ann" or "me" emitted \a payload as number \a seq.
    void sendFrom(const QString &sender, int seq, const QJsonValue &payload);
    /// As in "a Received, b Sending".
    static QString tell(const Model &model);
    static QVariant at(const Model &model, int row, int role)
    {
        return model.index(row).data(role);
    }
    static qint64 idAt(const Model &model, int row)
    {
        return at(model, row, Model::EventIdRole).toLongLong();
    }
};

std::unique_ptr<Model> tst_EventModel::makeModel()
{
    auto model = std::make_unique<Model>();
    new QAbstractItemModelTester(
        model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest, model.get());
    model->setEventName(u"x"_s);
    model->setClient(m_client.get());
    return model;
}

bool tst_EventModel::joinExtended(const QJsonObject &greeting)
{
    greetWith(greeting);
    return join();
}

void tst_EventModel::sendFrom(const QString &sender, int seq, const QJsonValue &payload)
{
    m_server->last()->sendText(
        eventText(seq, {{u"from"_s, sender}, {u"time"_s, 1'000 + seq}, {u"payload"_s, payload}}));
}

QString tst_EventModel::tell(const Model &model)
{
    QStringList rows;
    for (int row = 0; row < model.count(); ++row) {
        const auto status = Model::Status(at(model, row, Model::StatusRole).toInt());
        rows.append(at(model, row, Model::PayloadRole).toString() + u' '
                    + QString::fromLatin1(QMetaEnum::fromType<Model::Status>().valueToKey(status)));
    }
    return rows.join(u", "_s);
}

void tst_EventModel::anEventHasARow()
{
    const auto model = makeModel();
    QSignalSpy counts(model.get(), &Model::countChanged);
    QVERIFY(joinExtended());
    sendFrom(u"ann"_s, 42, QJsonObject{{u"body"_s, u"Hello!"_s}});
    m_server->last()->sendText(eventText(43, {{u"eventName"_s, u"y"_s}}));
    QTRY_COMPARE(model->count(), 1);
    QCOMPARE(counts.size(), 1);
    const QModelIndex row = model->index(0);
    QCOMPARE(row.data(Model::PayloadRole).toMap(), (QVariantMap{{u"body"_s, u"Hello!"_s}}));
    QCOMPARE(row.data().toString(), u"{\"body\":\"Hello!\"}"_s);
    QCOMPARE(row.data(Model::StatusRole).value<Model::Status>(), Model::Received);
    QCOMPARE(row.data(Model::EventIdRole).toLongLong(), 0);
    QVERIFY(!row.data(Model::OwnRole).toBool() && !row.data(Model::PendingRole).toBool());
    QVERIFY(!row.data(Model::ErrorRole).value<DispatchError>());
    QCOMPARE(row.data(Model::ErrorStringRole).toString(), QString());
    QCOMPARE(row.data(Model::SenderIdRole).toString(), u"ann"_s);
    QCOMPARE(row.data(Model::ServerTimeRole).toLongLong(), 1'042);
    QCOMPARE(row.data(Model::TimeRole).toDateTime().toMSecsSinceEpoch(), 1'042);
    QCOMPARE(row.data(Model::SequenceRole).toLongLong(), 42);
    QCOMPARE(row.data(Model::ShardNameRole).toString(), u"s"_s);
    QVERIFY(!row.data(Model::ReplayedRole).toBool());
    const QList<QByteArray> names = model->roleNames().values();
    for (const char *name :
         {"eventId", "payload", "status", "pending", "own", "error", "errorString", "tag", "time",
          "shardName", "senderId", "senderUserId", "serverTime", "sequence", "replayed"})
        QVERIFY2(names.contains(name), name);
    QVERIFY(!model->data({}, Qt::DisplayRole).isValid());
}

void tst_EventModel::whatComesInOneTurnIsOneRun()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    RowCounters counters(model.get());
    QByteArray frames;
    for (int seq = 42; seq < 52; ++seq)
        frames += FakePeer::frame(FakePeer::Text, eventText(seq));
    m_server->last()->sendRaw(frames);
    QTRY_COMPARE(model->count(), 10);
    QCOMPARE(counters.tell(), u"inserted 0-9"_s);
}

void tst_EventModel::anOwnEventWaitsForItsPlace()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    RowCounters counters(model.get());
    m_client->emitEvent(u"x"_s, u"mine"_s, DispatchEmitOptions{.tag = u"t"_s});
    QCOMPARE(tell(*model), u"mine Sending"_s);
    QVERIFY(at(*model, 0, Model::OwnRole).toBool() && at(*model, 0, Model::PendingRole).toBool());
    QVERIFY(idAt(*model, 0) > 0);
    QCOMPARE(at(*model, 0, Model::TagRole).toString(), u"t"_s);
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sending"_s);
    sendAck(1, 43);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sent"_s);
    sendFrom(u"me"_s, 43, u"mine"_s);
    QTRY_COMPARE(at(*model, 1, Model::SequenceRole).toLongLong(), 43);
    QCOMPARE(at(*model, 1, Model::SenderIdRole).toString(), u"me"_s);
    QCOMPARE(counters.tell(), u"inserted 0-0, inserted 0-0, changed 1-1, changed 1-1"_s);
    sendFrom(u"ann"_s, 44, u"again"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sent, again Received"_s);
}

void tst_EventModel::anOwnEventThatIsNotFirstMoves()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    RowCounters counters(model.get());
    // As if the first one was lost on a server that does wrong.
    sendFrom(u"me"_s, 42, u"b"_s);
    QTRY_COMPARE(tell(*model), u"b Sent, a Sending"_s);
    QCOMPARE(counters.tell(), u"moved 1-1 to 0, changed 0-0"_s);
}

void tst_EventModel::theEchoMayComeBeforeTheAcknowledgement()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"mine"_s);
    RowCounters counters(model.get());
    sendFrom(u"me"_s, 42, u"mine"_s);
    QTRY_COMPARE(tell(*model), u"mine Sent"_s);
    sendAck(1, 42);
    QVERIFY(waitUntilHeard());
    QCOMPARE(counters.tell(), u"changed 0-0"_s);
    // Its like is another one.
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QCOMPARE(tell(*model), u"mine Sent, mine Sending"_s);
}

void tst_EventModel::ownEventsWaitForAConnection()
{
    const auto model = makeModel();
    for (const QString &text : {u"a"_s, u"b"_s})
        m_client->emitEvent(u"x"_s, text);
    m_client->emitEvent(u"y"_s, u"other"_s);
    QCOMPARE(tell(*model), u"a Queued, b Queued"_s);
    RowCounters counters(model.get());
    QVERIFY(joinExtended());
    QTRY_COMPARE(tell(*model), u"a Sending, b Sending"_s);
    QCOMPARE(counters.tell(), u"changed 0-1"_s);
    QCOMPARE(counters.roles(), (QList<int>{Model::StatusRole, Model::PendingRole}));
    QTRY_COMPARE(emits().size(), 3);
    // What is shown is acknowledged at once.
    QVERIFY(emits()[0]["ack"_L1].toBool());
}

void tst_EventModel::whatHasNoRoomFailed()
{
    const auto model = makeModel();
    m_client->setQueuePolicy({.maxMessages = 1});
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    QCOMPARE(tell(*model), u"a Queued, b Failed"_s);
    QCOMPARE(at(*model, 1, Model::ErrorRole).value<DispatchError>().code(),
             DispatchError::QueueFull);
    QVERIFY(!at(*model, 1, Model::ErrorStringRole).toString().isEmpty());
    m_client->disconnectFromServer();
    m_client->setActive(true);
    m_client->disconnectFromServer();
    QCOMPARE(tell(*model), u"a Failed, b Failed"_s);
}

void tst_EventModel::whatTheServerRefusesCanBeSentAgain()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"mine"_s);
    sendRefusal(1, u"rate_limited"_s);
    QTRY_COMPARE(tell(*model), u"mine Failed"_s);
    QCOMPARE(at(*model, 0, Model::ErrorRole).value<DispatchError>().reason(), u"rate_limited"_s);
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(tell(*model), u"mine Failed, hers Received"_s);
    QVERIFY(!model->retry(0) && !model->retry(4'711));
    QVERIFY(model->retry(idAt(*model, 0)));
    QCOMPARE(tell(*model), u"hers Received, mine Sending"_s);
    QVERIFY(!model->retry(idAt(*model, 1)) && !model->remove(idAt(*model, 1)));
    sendFrom(u"me"_s, 43, u"mine"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, mine Sent"_s);
}

void tst_EventModel::aFailedOneCanBeRemoved()
{
    const auto model = makeModel();
    m_client->setQueuePolicy({.maxMessages = 0});
    m_client->emitEvent(u"x"_s, u"a"_s);
    QCOMPARE(tell(*model), u"a Failed"_s);
    QVERIFY(model->remove(idAt(*model, 0)));
    QCOMPARE(model->count(), 0);
}

void tst_EventModel::whatIsSentAgainElsewhereIsSentAgainHere()
{
    const auto model = makeModel();
    m_client->pendingEvents();
    m_client->setQueuePolicy({.maxMessages = 0});
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->setQueuePolicy({.maxMessages = 1});
    QVERIFY(m_client->pendingEvents()->retry(idAt(*model, 0)));
    QCOMPARE(tell(*model), u"a Queued"_s);
    QCOMPARE(m_client->pendingEvents()->count(), 1);
}

void tst_EventModel::whatIsReplacedHasNoRow()
{
    const auto model = makeModel();
    DispatchEmitOptions latest;
    latest.ifDelayed = DispatchEmitOptions::KeepLatest;
    latest.key = u"k"_s;
    m_client->emitEvent(u"x"_s, u"a"_s, latest);
    m_client->emitEvent(u"x"_s, u"b"_s, latest);
    QCOMPARE(tell(*model), u"b Queued"_s);
}

void tst_EventModel::whatGoesToRecipientsNeedsNoEcho()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    m_client->emitEvent(u"x"_s, u"mine"_s, QStringList{u"ann"_s});
    sendAck(1);
    QTRY_COMPARE(tell(*model), u"mine Sent"_s);
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(tell(*model), u"mine Sent, hers Received"_s);
    // One may be a recipient oneself.
    sendFrom(u"me"_s, 0, u"mine"_s);
    QVERIFY(waitUntilHeard());
    QCOMPARE(tell(*model), u"mine Sent, hers Received"_s);
}

void tst_EventModel::aResumeBringsNothingTwice()
{
    const auto model = makeModel();
    QVERIFY(joinExtended(session(1)));
    sendFrom(u"ann"_s, 42, u"a"_s);
    QTRY_COMPARE(model->count(), 1);
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(emits().size(), 1);
    greetWith(
        session(2, {{u"recovered"_s, true}, {u"seq"_s, 42}, {u"replay"_s, 2}, {u"lastEmit"_s, 1}}));
    QVERIFY(comeBack());
    sendFrom(u"me"_s, 43, u"mine"_s);
    sendFrom(u"ann"_s, 44, u"b"_s);
    QTRY_COMPARE(tell(*model), u"a Received, mine Sent, b Received"_s);
}

void tst_EventModel::aHistoryBringsOnlyWhatIsMissing()
{
    const auto model = makeModel();
    QVERIFY(joinExtended(session(1)));
    sendFrom(u"ann"_s, 42, u"a"_s);
    sendFrom(u"me"_s, 43, u"b"_s);
    QTRY_COMPARE(tell(*model), u"a Received, b Sent"_s);
    RowCounters counters(model.get());
    greetWith(session(2, {{u"clientId"_s, u"me2"_s}, {u"seq"_s, 41}, {u"replay"_s, 3}}));
    QVERIFY(comeBack());
    sendFrom(u"ann"_s, 42, u"a"_s);
    sendFrom(u"me"_s, 43, u"b"_s);
    sendFrom(u"me"_s, 44, u"c"_s);
    QTRY_COMPARE(tell(*model), u"a Received, b Sent, c Sent"_s);
    QVERIFY(at(*model, 2, Model::OwnRole).toBool() && at(*model, 2, Model::ReplayedRole).toBool());
    QCOMPARE(counters.tell(), u"inserted 2-2"_s);
    // Another life of the shard counts anew.
    greetWith(session(3, {{u"epoch"_s, u"0f86d081884c7d65"_s}, {u"seq"_s, 0}}));
    QVERIFY(comeBack());
    sendFrom(u"ann"_s, 1, u"d"_s);
    QTRY_COMPARE(tell(*model), u"a Received, b Sent, c Sent, d Received"_s);
}

void tst_EventModel::aHistoryKnowsWhatWasUncertain()
{
    const auto model = makeModel();
    QVERIFY(joinExtended(session(1)));
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(emits().size(), 1);
    greetWith(session(2, {{u"clientId"_s, u"me2"_s}, {u"replay"_s, 1}}));
    QVERIFY(comeBack());
    QTRY_COMPARE(tell(*model), u"mine Uncertain"_s);
    sendFrom(u"me"_s, 42, u"mine"_s);
    QTRY_COMPARE(tell(*model), u"mine Sent"_s);
    QCOMPARE(at(*model, 0, Model::ErrorStringRole).toString(), QString());
}

void tst_EventModel::theOldestGoes()
{
    const auto model = makeModel();
    QCOMPARE(model->limit(), 500);
    QSignalSpy limits(model.get(), &Model::limitChanged);
    model->setLimit(2);
    model->setLimit(2);
    QCOMPARE(limits.size(), 1);
    QVERIFY(joinExtended());
    for (int seq = 42; seq < 44; ++seq)
        sendFrom(u"ann"_s, seq, QString::number(seq));
    QTRY_COMPARE(model->count(), 2);
    RowCounters counters(model.get());
    sendFrom(u"ann"_s, 44, u"44"_s);
    QTRY_COMPARE(tell(*model), u"43 Received, 44 Received"_s);
    QCOMPARE(counters.tell(), u"removed 0-0, inserted 1-1"_s);
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    m_client->emitEvent(u"x"_s, u"c"_s);
    QCOMPARE(tell(*model), u"a Sending, b Sending, c Sending"_s);
    sendFrom(u"me"_s, 45, u"a"_s);
    QTRY_COMPARE(tell(*model), u"b Sending, c Sending"_s);
    model->setLimit(0);
    QCOMPARE(model->limit(), 1);
}

void tst_EventModel::aFloodInOneTurnKeepsTheLatest()
{
    const auto model = makeModel();
    model->setLimit(3);
    QVERIFY(joinExtended());
    sendFrom(u"ann"_s, 42, u"first"_s);
    QTRY_COMPARE(model->count(), 1);
    RowCounters counters(model.get());
    QByteArray frames;
    for (int seq = 43; seq < 53; ++seq)
        frames +=
            FakePeer::frame(FakePeer::Text, eventText(seq, {{u"payload"_s, QString::number(seq)}}));
    m_server->last()->sendRaw(frames);
    QTRY_COMPARE(tell(*model), u"50 Received, 51 Received, 52 Received"_s);
    QCOMPARE(counters.tell(), u"removed 0-0, inserted 0-2"_s);
}

void tst_EventModel::anotherShardClearsIt_data()
{
    QTest::addColumn<bool>("clears");
    QTest::newRow("by default") << true;
    QTest::newRow("unless that is not wished") << false;
}

void tst_EventModel::anotherShardClearsIt()
{
    QFETCH(const bool, clears);
    const auto model = makeModel();
    model->setClearOnMove(clears);
    QVERIFY(joinExtended());
    sendFrom(u"ann"_s, 42, u"a"_s);
    QTRY_COMPARE(model->count(), 1);
    greetWith(
        greeting({{u"shardName"_s, u"t"_s}, {u"epoch"_s, u"0f86d081884c7d65"_s}, {u"seq"_s, 0}}));
    m_client->setShardName(u"t"_s);
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(m_client->currentShardName(), u"t"_s);
    sendFrom(u"ann"_s, 1, u"b"_s);
    const QString now = u"b Received, mine Sending"_s;
    QTRY_COMPARE(tell(*model), clears ? now : u"a Received, "_s + now);
    QCOMPARE(at(*model, 0, Model::ShardNameRole).toString(), clears ? u"t"_s : u"s"_s);
    // Back where it was, with its history.
    greetWith(greeting({{u"replay"_s, 2}}));
    m_client->setShardName(u"s"_s);
    QTRY_COMPARE(m_client->currentShardName(), u"s"_s);
    sendFrom(u"ann"_s, 42, u"a"_s);
    sendFrom(u"ann"_s, 43, u"c"_s);
    QTRY_VERIFY(tell(*model).endsWith("c Received"_L1));
    QCOMPARE(tell(*model).count(u"a Received"_s), 1);
}

void tst_EventModel::clearLeavesWhatIsOnItsWay()
{
    const auto model = makeModel();
    QVERIFY(joinExtended());
    sendFrom(u"ann"_s, 42, u"hers"_s);
    QTRY_COMPARE(model->count(), 1);
    for (const QString &text : {u"a"_s, u"b"_s, u"c"_s})
        m_client->emitEvent(u"x"_s, text);
    sendRefusal(2, u"rate_limited"_s);
    QTRY_COMPARE(tell(*model), u"hers Received, a Sending, b Failed, c Sending"_s);
    model->clear();
    QCOMPARE(tell(*model), u"a Sending, c Sending"_s);
}

void tst_EventModel::anotherNameOrClientBeginsAnew()
{
    const auto model = makeModel();
    QSignalSpy clients(model.get(), &Model::clientChanged);
    QSignalSpy names(model.get(), &Model::eventNameChanged);
    QVERIFY(joinExtended());
    sendFrom(u"ann"_s, 42, u"a"_s);
    QTRY_COMPARE(model->count(), 1);
    model->setEventName(u"y"_s);
    QCOMPARE(model->count(), 0);
    m_client->emitEvent(u"x"_s, u"x"_s);
    m_client->emitEvent(u"y"_s, u"y"_s);
    QCOMPARE(tell(*model), u"y Sending"_s);
    DispatchClient other;
    model->setClient(&other);
    QCOMPARE(model->count(), 0);
    other.emitEvent(u"y"_s, u"z"_s);
    QCOMPARE(tell(*model), u"z Queued"_s);
    model->setClient(nullptr);
    QCOMPARE(model->count(), 0);
    model->setClient(m_client.get());
    QCOMPARE(tell(*model), u"y Sending"_s);
    m_client.reset();
    QCOMPARE(model->client(), nullptr);
    QCOMPARE(model->count(), 0);
    QCOMPARE(clients.size(), 4);
    QCOMPARE(names.size(), 1);
}

void tst_EventModel::aLateModelShowsWhatIsOnItsWay()
{
    QVERIFY(joinExtended());
    m_client->setQueuePolicy({.maxInFlight = 1});
    m_client->emitEvent(u"x"_s, u"a"_s);
    m_client->emitEvent(u"x"_s, u"b"_s);
    const auto model = makeModel();
    QCOMPARE(tell(*model), u"a Sending, b Queued"_s);
    QCOMPARE(m_client->pendingEvents()->count(), 2);
    QCOMPARE(tell(*model), u"a Sending, b Queued"_s);
    sendFrom(u"me"_s, 42, u"a"_s);
    QTRY_COMPARE(tell(*model), u"a Sent, b Queued"_s);
}

void tst_EventModel::theBaseProfileTellsOwnEventsByTheirPayload()
{
    const auto model = makeModel();
    m_server->relays = false;
    QVERIFY(join());
    m_client->emitEvent(u"x"_s, QJsonObject{{u"b"_s, 1}, {u"a"_s, 2}});
    m_client->emitEvent(u"x"_s);
    QCOMPARE(model->count(), 2);
    QVERIFY(at(*model, 0, Model::PendingRole).toBool());
    RowCounters counters(model.get());
    m_server->last()->sendText(message(u"x"_s, "\"hers\""));
    m_server->last()->sendText(message(u"x"_s, "{\"b\": 1, \"a\": 2}"));
    m_server->last()->sendText(message(u"x"_s, "{}"));
    QTRY_VERIFY(model->count() == 3 && !at(*model, 2, Model::PendingRole).toBool());
    QVERIFY(at(*model, 1, Model::OwnRole).toBool() && at(*model, 2, Model::OwnRole).toBool());
    QCOMPARE(at(*model, 0, Model::StatusRole).value<Model::Status>(), Model::Received);
    QCOMPARE(counters.tell(), u"inserted 0-0, changed 1-1, changed 2-2"_s);
}

void tst_EventModel::theBaseProfileHearsNothingOfWhatGoesToRecipients()
{
    const auto model = makeModel();
    m_client->emitEvent(u"x"_s, u"a"_s, QStringList{u"ann"_s});
    QCOMPARE(tell(*model), u"a Queued"_s);
    QVERIFY(join());
    QTRY_COMPARE(tell(*model), u"a Sent"_s);
    m_client->emitEvent(u"x"_s, u"b"_s, QStringList{u"ann"_s});
    QCOMPARE(tell(*model), u"a Sent, b Sent"_s);
}

void tst_EventModel::theBaseProfileDoesNotKnowWhatALossTook()
{
    const auto model = makeModel();
    m_server->relays = false;
    QVERIFY(join());
    m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(eventsAtServer(), QStringList{u"x"_s});
    QVERIFY(comeBack());
    QCOMPARE(tell(*model), u"mine Uncertain"_s);
    QVERIFY(model->retry(idAt(*model, 0)));
    QTRY_COMPARE(eventsAtServer().size(), 2);
    QCOMPARE(tell(*model), u"mine Sending"_s);
}

void tst_EventModel::aHandlerMayEmit()
{
    const auto model = makeModel();
    model->setLimit(2);
    QVERIFY(joinExtended());
    int emitted = 0;
    const auto reply = [&] {
        if (emitted < 3)
            m_client->emitEvent(u"x"_s, QString::number(++emitted));
    };
    connect(model.get(), &Model::rowsInserted, this, reply);
    connect(model.get(), &Model::rowsRemoved, this, reply);
    sendFrom(u"ann"_s, 42, u"a"_s);
    sendFrom(u"ann"_s, 43, u"b"_s);
    QTRY_COMPARE(emitted, 3);
    QVERIFY(waitUntilHeard());
    QCOMPARE(tell(*model), u"1 Sending, 2 Sending, 3 Sending"_s);
}

void tst_EventModel::aHandlerMayDelete_data()
{
    QTest::addColumn<bool>("deletesClient");
    QTest::addColumn<int>("when");
    for (const bool client : {true, false}) {
        const char *what = client ? "the client" : "the model";
        QTest::addRow("%s, at an own event", what) << client << 0;
        QTest::addRow("%s, at one of others", what) << client << 1;
        QTest::addRow("%s, at an echo", what) << client << 2;
        QTest::addRow("%s, when rows go", what) << client << 3;
        QTest::addRow("%s, when it fails", what) << client << 4;
    }
}

void tst_EventModel::aHandlerMayDelete()
{
    QFETCH(const bool, deletesClient);
    QFETCH(const int, when);
    auto model = makeModel();
    model->setLimit(1);
    QVERIFY(joinExtended());
    if (when == 3)
        sendFrom(u"ann"_s, 42, u"a"_s);
    else if (when == 2 || when == 4)
        m_client->emitEvent(u"x"_s, u"mine"_s);
    QTRY_COMPARE(model->count(), when < 2 ? 0 : 1);
    const QPointer<Model> there(model.get());
    const QPointer<DispatchClient> client(m_client.get());
    const auto end = [&] {
        if (deletesClient)
            m_client.reset();
        else
            model.reset();
    };
    connect(model.get(), &Model::rowsInserted, this, end);
    connect(model.get(), &Model::dataChanged, this, end);
    connect(model.get(), &Model::rowsRemoved, this, end);
    if (when == 0)
        m_client->emitEvent(u"x"_s, u"mine"_s);
    else if (when == 4)
        sendRefusal(1, u"rate_limited"_s);
    else
        sendFrom(when == 2 ? u"me"_s : u"ann"_s, when == 3 ? 43 : 42, u"mine"_s);
    QTRY_VERIFY(deletesClient ? !client : !there);
    if (deletesClient)
        QCOMPARE(model->count(), 0);
    else
        QVERIFY(waitUntilHeard());
}

QTEST_GUILESS_MAIN(tst_EventModel)
#include "tst_eventmodel.moc"
