// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "eventmodeltest.h"
#include "rowcounters.h"

#include <QtCore/qpointer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What the model of the events of one name shows.
class tst_EventModel : public EventModelTest {
    Q_OBJECT

private Q_SLOTS:
    void anEventHasARow();
    void whatComesInOneTurnIsOneRun();
    void aResumeBringsNothingTwice();
    void aHistoryBringsOnlyWhatIsMissing();
    void theOldestGoes();
    void aFloodInOneTurnKeepsTheLatest();
    void anotherShardClearsIt_data();
    void anotherShardClearsIt();
    void anotherNameOrClientBeginsAnew();
    void aHandlerMayEmit();
    void aHandlerMayDelete_data();
    void aHandlerMayDelete();
};

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
    QCOMPARE(at(*model, model->count() - 1, Model::ShardNameRole).toString(), u"t"_s);
    // Back where it was, with its history.
    greetWith(greeting({{u"replay"_s, 2}}));
    m_client->setShardName(u"s"_s);
    QTRY_COMPARE(m_client->currentShardName(), u"s"_s);
    sendFrom(u"ann"_s, 42, u"a"_s);
    sendFrom(u"ann"_s, 43, u"c"_s);
    QTRY_VERIFY(tell(*model).endsWith("c Received"_L1));
    QCOMPARE(tell(*model).count(u"a Received"_s), 1);
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
