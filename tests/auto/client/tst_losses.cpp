// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What is told of a loss of the connection, and of what was lost with it.
class tst_Losses : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void aBlinkIsNotTold();
    void aLongLossIsTold();
    void leavingIsNoLoss();
    void aLossIsOverInAnotherShardToo();
    void whatBecameOfEventsIsOpenForAsLongAsTheSession_data();
    void whatBecameOfEventsIsOpenForAsLongAsTheSession();
    void deletingTheClientIsFineIn_data();
    void deletingTheClientIsFineIn();

private:
    /// A client that is in a shard loses its server, and tells people.
    bool isLostForLong();
};

bool tst_Losses::isLostForLong()
{
    QSignalSpy lost(m_client.get(), &DispatchClient::lostConnection);
    m_client->setLossGrace(1);
    if (!join())
        return false;
    m_server->stop();
    return QTest::qWaitFor([&] { return lost.size() == 1; });
}

void tst_Losses::aBlinkIsNotTold()
{
    QSignalSpy lost(m_client.get(), &DispatchClient::lostConnection);
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    QCOMPARE(m_client->lossGrace(), 2'000);
    m_client->setLossGrace(60'000);
    greetWith(session(1));
    QVERIFY(join());
    QCOMPARE(restored.size(), 0);
    QVERIFY(comeBack());
    QTRY_COMPARE(restored.size(), 1);
    QCOMPARE(lost.size(), 0);
}

void tst_Losses::aLongLossIsTold()
{
    QSignalSpy lost(m_client.get(), &DispatchClient::lostConnection);
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    QVERIFY(isLostForLong());
    QCOMPARE(lost.size(), 1);
    QVERIFY(m_client->state() != DispatchClient::Connected);
    QVERIFY(m_server->listen(m_server->port()));
    QTRY_COMPARE(restored.size(), 1);
    QVERIFY(!restored[0][0].value<DispatchConnectionInfo>().recovered);
    QCOMPARE(lost.size(), 1);
}

void tst_Losses::leavingIsNoLoss()
{
    QSignalSpy lost(m_client.get(), &DispatchClient::lostConnection);
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    m_client->setLossGrace(0);
    QVERIFY(join());
    m_client->setShardName(u"elsewhere"_s);
    QTRY_COMPARE(m_client->currentShardName(), u"elsewhere"_s);
    m_client->setActive(false);
    QTest::qWait(0);
    QCOMPARE(lost.size() + restored.size(), 0);
}

void tst_Losses::aLossIsOverInAnotherShardToo()
{
    QSignalSpy lost(m_client.get(), &DispatchClient::lostConnection);
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    QVERIFY(isLostForLong());
    QCOMPARE(lost.size(), 1);
    m_client->setShardName(u"elsewhere"_s);
    QVERIFY(m_server->listen(m_server->port()));
    QTRY_COMPARE(restored.size(), 1);
    QCOMPARE(restored[0][0].value<DispatchConnectionInfo>().shardName, u"elsewhere"_s);
}

void tst_Losses::whatBecameOfEventsIsOpenForAsLongAsTheSession_data()
{
    QTest::addColumn<QJsonObject>("fields");
    QTest::addColumn<bool>("logsOut");
    QTest::newRow("not at all") << QJsonObject{{u"windowMs"_s, 0}} << false;
    QTest::newRow("there is none") << QJsonObject{{u"session"_s, QString()}} << false;
    QTest::newRow("it was left") << QJsonObject() << true;
}

void tst_Losses::whatBecameOfEventsIsOpenForAsLongAsTheSession()
{
    QFETCH(const QJsonObject, fields);
    QFETCH(const bool, logsOut);
    QJsonObject all = session(1, fields);
    if (fields.contains("session"_L1))
        all.remove("session"_L1);
    greetWith(all);
    QVERIFY(join());
    if (logsOut)
        m_client->identify({});
    const auto ack = m_client->emitAcknowledged(u"x"_s);
    QTRY_COMPARE(emitsAtServer().size(), 1);
    m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(503); };
    m_server->last()->drop();
    QTRY_VERIFY(ack.isFinished());
    QVERIFY(m_client->state() != DispatchClient::Connected);
    QCOMPARE(errorOf(ack), DispatchError::FateUnknown);
}

void tst_Losses::deletingTheClientIsFineIn_data()
{
    QTest::addColumn<QString>("where");
    for (const char *name :
         {"errorOccurred", "eventDropped", "eventUncertain", "lostConnection", "connectionRestored",
          "the future of one taken", "the future of one refused"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void tst_Losses::deletingTheClientIsFineIn()
{
    QFETCH(const QString, where);
    m_client->setLossGrace(0);
    greetWith(session(1));
    QVERIFY(join());
    const auto in = [&](QLatin1StringView name, auto signal) {
        if (where == name)
            connect(m_client.get(), signal, this, [this] { m_client.reset(); });
    };
    in("errorOccurred"_L1, &DispatchClient::errorOccurred);
    in("eventDropped"_L1, &DispatchClient::eventDropped);
    in("eventUncertain"_L1, &DispatchClient::eventUncertain);
    in("lostConnection"_L1, &DispatchClient::lostConnection);
    in("connectionRestored"_L1, &DispatchClient::connectionRestored);
    const auto taken = m_client->emitAcknowledged(u"x"_s, 1);
    if (where == "the future of one taken"_L1)
        QFuture(taken).then(this, [this](const DispatchAcknowledgement &) { m_client.reset(); });
    auto refused =
        m_client->emitAcknowledged(u"x"_s, 2).then(this, [](const DispatchAcknowledgement &) {});
    if (where == "the future of one refused"_L1)
        refused.onFailed(this, [this](const DispatchError &) { m_client.reset(); });
    m_client->emitEvent(u"x"_s, 3);
    QTRY_COMPARE(emitsAtServer().size(), 3);

    const QJsonObject refusal{{u"emit"_s, 2}, {u"code"_s, u"rate_limited"_s}};
    greetWith(session(
        2, {{u"recovered"_s, true}, {u"lastEmit"_s, 2}, {u"refused"_s, QJsonArray{refusal}}}));
    m_server->last()->drop();
    QTRY_VERIFY(!m_client
                || (m_server->count() == 2 && m_client->state() == DispatchClient::Connected));
    greetWith(session(3, {{u"clientId"_s, u"somebody else"_s}}));
    if (m_client)
        m_server->last()->drop();
    QTRY_VERIFY2(!m_client, "the signal did not come");
}

QTEST_GUILESS_MAIN(tst_Losses)
#include "tst_losses.moc"
