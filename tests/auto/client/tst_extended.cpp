// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qabstractitemmodeltester.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <cmath>

using namespace Qt::StringLiterals;

/// The extended profile, against a server that does in it what it should or should not.
class tst_Extended : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void theExtendedProfileIsOffered();
    void theBaseProfileAloneOffersNothing();
    void aServerThatChoosesNothingIsSpokenToInTheBaseProfile();
    void theListIsThereWhenConnected();
    void differencesChangeRowByRow();
    void aWholeListIsNotForExtendedClients();
    void aListWithoutOrderEndsTheConnection_data();
    void aListWithoutOrderEndsTheConnection();
    void rowsStayThroughAReconnect();
    void eventsSayWhereTheyAreFrom();
    void eventsFromBeforeAreReplayed();
    void theServersClockIsKnownByTheGreeting();
    void eventsTellTheTimeBetter();
    void theBaseProfileTellsNoTime();
    void anEventOutOfTurnEndsTheConnection_data();
    void anEventOutOfTurnEndsTheConnection();
    void aGreetingWithoutAListIsNone();

private:
    /// The sub-protocols that the latest connection offered.
    QByteArray offer() const { return m_server->last()->header("Sec-WebSocket-Protocol"); }
    QStringList names() const;
};

QStringList tst_Extended::names() const
{
    QStringList names;
    const DispatchClientsModel *model = m_client->clients();
    for (int row = 0; row < model->rowCount(); ++row)
        names.append(model->index(row).data().toString());
    return names;
}

void tst_Extended::theExtendedProfileIsOffered()
{
    greetWith(greeting());
    const auto info = m_client->connectToServer();
    QTRY_VERIFY(info.isFinished());
    QVERIFY(info.result().extended);
    QCOMPARE(info.result().clientId, u"me"_s);
    QCOMPARE(info.result().shardName, u"s"_s);
    QCOMPARE(m_server->last()->header("sec-websocket-protocol"), "dispatch.v2");
}

void tst_Extended::theBaseProfileAloneOffersNothing()
{
    QSignalSpy changes(m_client.get(), &DispatchClient::baseProfileOnlyChanged);
    QVERIFY(!m_client->isBaseProfileOnly());
    m_client->setBaseProfileOnly(true);
    m_client->setBaseProfileOnly(true);
    QCOMPARE(changes.size(), 1);
    const auto info = m_client->connectToServer();
    QTRY_VERIFY(info.isFinished());
    QVERIFY(!info.result().extended);
    QCOMPARE(m_server->last()->header("sec-websocket-protocol"), "");
}

void tst_Extended::aServerThatChoosesNothingIsSpokenToInTheBaseProfile()
{
    const auto info = m_client->connectToServer();
    QTRY_VERIFY(info.isFinished());
    QVERIFY(!info.result().extended);
    QTRY_COMPARE(m_client->clients()->count(), 1);
    DispatchEventMetadata about;
    m_client->on(u"x"_s, this, [&](const QJsonValue &, const DispatchEventMetadata &metadata) {
        about = metadata;
    });
    // Numbers and names are nothing that such a server would have to keep.
    m_server->last()->sendText(eventText(7, {{u"from"_s, m_client->clientId()}, {u"time"_s, 5}}));
    QTRY_COMPARE(about.eventName, u"x"_s);
    QCOMPARE(about.sequence, 0);
    QCOMPARE(about.senderId, QString());
    QVERIFY(!about.own);
    sendPresence({{u"revision"_s, 99}});
    m_client->emitEvent(u"x"_s);
    QTRY_VERIFY(about.latencyMs >= 3);
    QCOMPARE(m_server->count(), 1);
}

void tst_Extended::theListIsThereWhenConnected()
{
    greetWith(greeting());
    qsizetype there = 0;
    connect(m_client.get(), &DispatchClient::connected, this,
            [&] { there = m_client->connectedClients().size(); });
    QVERIFY(join());
    QCOMPARE(there, 2);
    const DispatchConnectedClient self = m_client->connectedClients().at(1);
    QCOMPARE(self.clientId, u"me"_s);
    QVERIFY(self.isSelf);
    QCOMPARE(self.userInfo, (QJsonObject{{u"name"_s, u"Me"_s}}));
    QTRY_COMPARE(names(), (QStringList{u"Ann"_s, u"Me"_s}));
}

void tst_Extended::differencesChangeRowByRow()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    const QAbstractItemModel *model = m_client->clients();
    QAbstractItemModelTester tester(m_client->clients(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy changed(model, &QAbstractItemModel::dataChanged);

    sendPresence({{u"revision"_s, 8}, {u"joined"_s, QJsonObject{{u"bob"_s, person(u"Bob"_s)}}}});
    QTRY_COMPARE(names(), (QStringList{u"Ann"_s, u"Me"_s, u"Bob"_s}));
    sendPresence({{u"revision"_s, 9}, {u"changed"_s, QJsonObject{{u"me"_s, person(u"Myself"_s)}}}});
    QTRY_COMPARE(names(), (QStringList{u"Ann"_s, u"Myself"_s, u"Bob"_s}));
    sendPresence({{u"revision"_s, 10}, {u"left"_s, QJsonArray{u"ann"_s}}});
    QTRY_COMPARE(names(), (QStringList{u"Myself"_s, u"Bob"_s}));
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().first().toModelIndex().row(), 1);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(resets.size(), 0);
}

void tst_Extended::aWholeListIsNotForExtendedClients()
{
    greetWith(greeting());
    QVERIFY(join());
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/CONNECTED_CLIENTS_CHANGED"_s,
                                QJsonObject{{u"connectedClients"_s, QJsonObject()}});
    sendPresence({{u"revision"_s, 8}, {u"left"_s, QJsonArray{u"ann"_s}}});
    QTRY_COMPARE(names(), QStringList{u"Me"_s});
}

void tst_Extended::aListWithoutOrderEndsTheConnection_data()
{
    QTest::addColumn<QJsonValue>("payload");
    QTest::newRow("one was left out")
        << QJsonValue(QJsonObject{{u"revision"_s, 9}, {u"left"_s, QJsonArray{u"ann"_s}}});
    QTest::newRow("twice") << QJsonValue(QJsonObject{{u"revision"_s, 7}});
    QTest::newRow("no number") << QJsonValue(QJsonObject());
    QTest::newRow("no list") << QJsonValue(QJsonObject{{u"revision"_s, 8}, {u"left"_s, 1}});
    QTest::newRow("nothing") << QJsonValue(QJsonValue::Null);
}

void tst_Extended::aListWithoutOrderEndsTheConnection()
{
    QFETCH(const QJsonValue, payload);
    greetWith(greeting({{u"session"_s, u"secret"_s}}));
    QVERIFY(join());
    const auto peer = m_server->peers().last();
    QSignalSpy ends(m_client.get(), &DispatchClient::disconnected);
    peer->sendEvent(u"@@KOJI_DISPATCH/PRESENCE"_s, payload);
    QTRY_COMPARE(ends.size(), 1);
    QCOMPARE(ends.first().first().value<DispatchError>().code(), DispatchError::ProtocolError);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QTRY_COMPARE(peer->closeCode(), std::optional<quint16>(4010));
    QVERIFY(offer().endsWith("resume.secret.9f86d081884c7d65.41.0"));
    QTRY_COMPARE(names(), (QStringList{u"Ann"_s, u"Me"_s}));
}

void tst_Extended::rowsStayThroughAReconnect()
{
    greetWith(greeting());
    QVERIFY(join());
    QTRY_COMPARE(m_client->clients()->count(), 2);
    QSignalSpy resets(m_client->clients(), &QAbstractItemModel::modelReset);
    QSignalSpy removed(m_client->clients(), &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(m_client->clients(), &QAbstractItemModel::rowsInserted);
    QJsonObject next = greeting();
    next[u"revision"_s] = 20;
    next[u"connectedClients"_s] = QJsonObject{
        {u"ann"_s, person(u"Anna"_s)}, {u"me"_s, person(u"Me"_s)}, {u"bob"_s, person(u"Bob"_s)}};
    greetWith(next);
    m_server->last()->drop();
    QTRY_COMPARE(names(), (QStringList{u"Anna"_s, u"Me"_s, u"Bob"_s}));
    QCOMPARE(resets.size() + removed.size(), 0);
    QCOMPARE(inserted.size(), 1);
    sendPresence({{u"revision"_s, 21}, {u"left"_s, QJsonArray{u"bob"_s}}});
    QTRY_COMPARE(m_client->clients()->count(), 2);
    QCOMPARE(m_server->count(), 2);
}

void tst_Extended::eventsSayWhereTheyAreFrom()
{
    greetWith(greeting());
    QVERIFY(join());
    QList<DispatchEventMetadata> heard;
    m_client->on(u"x"_s, this, [&](const QJsonValue &, const DispatchEventMetadata &metadata) {
        heard.append(metadata);
    });
    FakePeer *server = m_server->last();
    server->sendText(eventText(42,
                               {{u"from"_s, u"ann"_s},
                                {u"fromUser"_s, u"user:17"_s},
                                {u"time"_s, qint64(1767225601000)}}));
    server->sendText(eventText(43, {{u"from"_s, u"me"_s}, {u"time"_s, qint64(1767225602000)}}));
    server->sendText(eventText(0, {{u"from"_s, u"ann"_s}, {u"time"_s, qint64(1767225603000)}}));
    server->sendText(eventText(44, {{u"time"_s, qint64(1767225604000)}}));
    QTRY_COMPARE(heard.size(), 4);
    QCOMPARE(heard[0].sequence, 42);
    QCOMPARE(heard[0].senderId, u"ann"_s);
    QCOMPARE(heard[0].senderUserId, u"user:17"_s);
    QCOMPARE(heard[0].serverTime, qint64(1767225601000));
    QVERIFY(!heard[0].own && !heard[0].replayed);
    QCOMPARE(heard[1].senderId, u"me"_s);
    QCOMPARE(heard[1].senderUserId, QString());
    QVERIFY(heard[1].own);
    QCOMPARE(heard[2].sequence, 0);
    QCOMPARE(heard[2].senderId, u"ann"_s);
    QCOMPARE(heard[3].sequence, 44);
    QCOMPARE(heard[3].senderId, QString());
    QVERIFY(!heard[3].own);
}

void tst_Extended::eventsFromBeforeAreReplayed()
{
    m_server->onRequest = [this](FakePeer *peer) {
        peer->acceptUpgrade("dispatch.v2");
        peer->sendEvent(m_connected, greeting({{u"replay"_s, 2}}));
        peer->sendText(eventText(42));
        peer->sendText(eventText(43));
        peer->sendText(eventText(44));
    };
    QList<bool> replayed;
    m_client->on(u"x"_s, this, [&](const QJsonValue &, const DispatchEventMetadata &metadata) {
        replayed.append(metadata.replayed);
    });
    QVERIFY(join());
    QTRY_COMPARE(replayed, (QList<bool>{true, true, false}));
}

void tst_Extended::theServersClockIsKnownByTheGreeting()
{
    constexpr qint64 Hour = 3'600'000;
    QVERIFY(std::isnan(m_client->clockOffset()));
    QSignalSpy changes(m_client.get(), &DispatchClient::clockOffsetChanged);
    // The time is that of the greeting's going, and it may take a while.
    m_server->onRequest = [this](FakePeer *peer) {
        peer->acceptUpgrade("dispatch.v2");
        peer->sendEvent(m_connected,
                        greeting({{u"serverTime"_s, QDateTime::currentMSecsSinceEpoch() + Hour}}));
    };
    QVERIFY(join());
    QTRY_VERIFY(!changes.isEmpty());
    const double offset = m_client->clockOffset();
    QVERIFY2(offset <= Hour + 60'000 && offset > Hour - 60'000,
             qPrintable(QString::number(offset)));
}

void tst_Extended::eventsTellTheTimeBetter()
{
    constexpr qint64 Hour = 3'600'000;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    greetWith(greeting({{u"serverTime"_s, now - Hour}}));
    QVERIFY(join());
    QTRY_VERIFY(m_client->latency() >= 0);
    QVERIFY(m_client->clockOffset() < -Hour / 2);
    // What seems to be later was not so long on its way.
    m_server->last()->sendText(eventText(42, {{u"time"_s, now + Hour}}));
    QTRY_VERIFY(m_client->clockOffset() > Hour / 2);
    m_server->last()->sendText(eventText(43, {{u"time"_s, now}}));
    int heard = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    QTRY_VERIFY(heard > 0);
    QVERIFY(m_client->clockOffset() > Hour / 2);
}

void tst_Extended::theBaseProfileTellsNoTime()
{
    greetWith(greeting({{u"serverTime"_s, 1'000}}));
    QVERIFY(join());
    QVERIFY(!std::isnan(m_client->clockOffset()));
    m_client->setBaseProfileOnly(true);
    m_server->onRequest = nullptr;
    QSignalSpy changes(m_client.get(), &DispatchClient::clockOffsetChanged);
    m_server->last()->drop();
    QTRY_VERIFY(std::isnan(m_client->clockOffset()));
    QTRY_VERIFY(!changes.isEmpty());
}

void tst_Extended::anEventOutOfTurnEndsTheConnection_data()
{
    QTest::addColumn<int>("seq");
    QTest::newRow("one was left out") << 43;
    QTest::newRow("one came twice") << 41;
}

void tst_Extended::anEventOutOfTurnEndsTheConnection()
{
    QFETCH(const int, seq);
    greetWith(greeting({{u"session"_s, u"secret"_s}}));
    QVERIFY(join());
    const auto peer = m_server->peers().last();
    int heard = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    QSignalSpy ends(m_client.get(), &DispatchClient::disconnected);
    peer->sendText(eventText(seq));
    peer->sendText(eventText(42));
    QTRY_COMPARE(ends.size(), 1);
    QCOMPARE(ends.first().first().value<DispatchError>().code(), DispatchError::ProtocolError);
    QVERIFY(ends.first().first().value<DispatchError>().isRetryable());
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QTRY_COMPARE(peer->closeCode(), std::optional<quint16>(4010));
    QVERIFY(offer().endsWith("resume.secret.9f86d081884c7d65.41.0"));
    QCOMPARE(heard, 0);
    m_server->last()->sendText(eventText(42));
    QTRY_COMPARE(heard, 1);
}

void tst_Extended::aGreetingWithoutAListIsNone()
{
    QJsonObject bare = greeting();
    bare.remove(u"connectedClients"_s);
    greetWith(bare);
    m_client->setReconnectPolicy({.maxAttempts = 0});
    m_client->setActive(true);
    QTRY_COMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(m_server->count(), 1);
    QVERIFY(m_client->errorString().contains(u"greeting"_s));
}

QTEST_GUILESS_MAIN(tst_Extended)
#include "tst_extended.moc"
