// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

using namespace Qt::StringLiterals;

/// What outlives a connection, and what does not.
class tst_Resuming : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void whereTheClientGotToIsOffered();
    void theNewestSecretIsOffered();
    void withoutASecretNothingIsOffered();
    void leavingEndsTheSession_data();
    void leavingEndsTheSession();
    void theBaseProfileResumesNothing();
    void aRecoveredSessionSaysSo();
    void anotherClientIdIsAnotherSession();
    void aSessionWithAGapSaysSo();
    void whatWasMissedComesBeforeWhatIsNew();
    void aLossWaitsForTheHandlerOfAnEvent();
    void whatIsInFlightIsSentAgain();
    void whatWasRefusedMeanwhileFails();
    void whatTheServerForgotIsUncertain();
    void emitsGoOnAfterAGap();
    void aServerThatKnowsTooMuchIsLeft();
    void aServerThatKnowsOfEmitsBeforeTheFirstIsLeft();
    void aServerThatKnowsTooLittleIsLeft();
    void anEventThatEndsEachConnectionEndsTheSession();
    void aServerThatIsBusyKeepsTheSession();
    void aSessionThatNobodyUnderstandsIsForgotten();
    void whoIsNobodyAnyMoreResumesNothing();
    void whoLogsOutWhileItComesBackIsNobodyNextTime();

private:
    /// The client is lost, does not take the greeting that it comes back to, and joins anew.
    bool isLeft();
};

bool tst_Resuming::isLeft()
{
    QObject watch;
    bool isRefused = false;
    connect(m_client.get(), &DispatchClient::errorOccurred, &watch,
            [&](const DispatchError &error) {
                if (error.code() != DispatchError::ProtocolError)
                    return;
                isRefused = !offered().isEmpty();
                greetWith(session(3));
            });
    m_server->last()->drop();
    return QTest::qWaitFor([&] {
        return isRefused && m_client->state() == DispatchClient::Connected && offered().isEmpty();
    });
}

void tst_Resuming::whereTheClientGotToIsOffered()
{
    greetWith(session(1));
    QVERIFY(join());
    QCOMPARE(offered(), QByteArray());
    m_server->last()->sendText(eventText(42));
    m_server->last()->sendText(eventText(0));
    m_server->last()->sendText(eventText(43));
    m_server->last()->sendText(eventText(0));
    int heard = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    QTRY_COMPARE(heard, 4);
    QVERIFY(comeBack());
    QCOMPARE(offered(), "resume." + QByteArray(43, '1') + ".9f86d081884c7d65.43.2");
}

void tst_Resuming::theNewestSecretIsOffered()
{
    greetWith(session(1));
    QVERIFY(join());
    greetWith(session(2));
    QVERIFY(comeBack());
    greetWith(session(3));
    QVERIFY(comeBack());
    QVERIFY(offered().contains(QByteArray(43, '2')));
    QVERIFY(comeBack());
    QVERIFY(offered().contains(QByteArray(43, '3')));
}

void tst_Resuming::withoutASecretNothingIsOffered()
{
    greetWith(greeting());
    QVERIFY(join());
    QVERIFY(comeBack());
    QCOMPARE(offered(), QByteArray());
}

void tst_Resuming::leavingEndsTheSession_data()
{
    QTest::addColumn<bool>("moves");
    QTest::newRow("to nowhere") << false;
    QTest::newRow("to another shard") << true;
}

void tst_Resuming::leavingEndsTheSession()
{
    QFETCH(const bool, moves);
    greetWith(session(1));
    QVERIFY(join());
    if (moves) {
        m_client->setShardName(u"elsewhere"_s);
    } else {
        m_client->setActive(false);
        m_client->setActive(true);
    }
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(offered(), QByteArray());
}

void tst_Resuming::theBaseProfileResumesNothing()
{
    greetWith(session(1));
    QVERIFY(join());
    m_client->setBaseProfileOnly(true);
    m_server->onRequest = nullptr;
    QVERIFY(comeBack());
    QCOMPARE(m_server->last()->header("sec-websocket-protocol"), QByteArray());
    m_client->setBaseProfileOnly(false);
    QVERIFY(comeBack());
    QCOMPARE(offered(), QByteArray());
}

void tst_Resuming::aRecoveredSessionSaysSo()
{
    QSignalSpy connected(m_client.get(), &DispatchClient::connected);
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    greetWith(session(1, {{u"recovered"_s, false}}));
    QVERIFY(join());
    greetWith(session(2, {{u"recovered"_s, true}}));
    QVERIFY(comeBack());
    QTRY_COMPARE(restored.size(), 1);
    QVERIFY(!connected[0][0].value<DispatchConnectionInfo>().recovered);
    const auto info = connected[1][0].value<DispatchConnectionInfo>();
    QVERIFY(info.recovered);
    QCOMPARE(info.clientId, u"me"_s);
    QCOMPARE(info.epoch, u"9f86d081884c7d65"_s);
    QCOMPARE(info.sequence, 41);
    QCOMPARE(restored[0][0].value<DispatchConnectionInfo>(), info);
}

void tst_Resuming::anotherClientIdIsAnotherSession()
{
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    greetWith(session(1));
    QVERIFY(join());
    greetWith(session(2, {{u"clientId"_s, u"another"_s}, {u"recovered"_s, true}}));
    QVERIFY(comeBack());
    QTRY_COMPARE(restored.size(), 1);
    QVERIFY(!restored[0][0].value<DispatchConnectionInfo>().recovered);
}

void tst_Resuming::aSessionWithAGapSaysSo()
{
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    greetWith(session(1));
    QVERIFY(join());
    greetWith(session(2, {{u"recovered"_s, false}, {u"seq"_s, 99}}));
    QVERIFY(comeBack());
    QTRY_COMPARE(restored.size(), 1);
    QVERIFY(!restored[0][0].value<DispatchConnectionInfo>().recovered);
    QCOMPARE(m_client->clientId(), u"me"_s);
    int heard = 0;
    m_client->on(u"x"_s, this, [&] { ++heard; });
    m_server->last()->sendText(eventText(100));
    QTRY_COMPARE(heard, 1);
}

void tst_Resuming::whatWasMissedComesBeforeWhatIsNew()
{
    greetWith(session(1));
    QVERIFY(join());
    QStringList heard;
    m_client->on(u"x"_s, this, [&](const QJsonValue &, const DispatchEventMetadata &about) {
        heard.append(QString::number(about.sequence) + (about.replayed ? u" again"_s : u""_s));
    });
    m_server->onRequest = [this](FakePeer *peer) {
        peer->acceptUpgrade("dispatch.v2");
        peer->sendEvent(m_connected, session(2, {{u"recovered"_s, true}, {u"replay"_s, 3}}));
        for (const int seq : {42, 0, 43, 44})
            peer->sendText(eventText(seq));
    };
    m_server->last()->drop();
    QTRY_COMPARE(heard, (QStringList{u"42 again"_s, u"0 again"_s, u"43 again"_s, u"44"_s}));
}

void tst_Resuming::aLossWaitsForTheHandlerOfAnEvent()
{
    greetWith(session(1));
    QVERIFY(join());
    // The connection is lost while the event is dealt with, which takes an event loop of its own.
    int heard = 0;
    m_client->on(u"x"_s, this, [&] {
        QSignalSpy gone(m_server->last(), &FakePeer::gone);
        m_server->last()->drop();
        QTRY_COMPARE(gone.size(), 1);
        QCOMPARE(m_client->state(), DispatchClient::Connected);
        ++heard;
    });
    m_server->last()->sendText(eventText(42));
    QTRY_COMPARE(heard, 1);
    QTRY_COMPARE(m_server->count(), 2);
    QVERIFY(offered().endsWith(".42.0"));
}

void tst_Resuming::whatIsInFlightIsSentAgain()
{
    greetWith(session(1));
    QVERIFY(join());
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    const auto first = m_client->emitAcknowledged(u"x"_s, 1);
    const auto second = m_client->emitAcknowledged(u"x"_s, 2);
    m_client->emitEvent(u"x"_s, 3);
    QTRY_COMPARE(emitsAtServer().size(), 3);
    greetWith(session(2, {{u"recovered"_s, true}, {u"lastEmit"_s, 1}}));
    QVERIFY(comeBack());
    QTRY_VERIFY(first.isFinished());
    QCOMPARE(first.result().sequence, 0);
    QCOMPARE(m_client->emitEvent(u"x"_s, 4), DispatchClient::Sent);
    QTRY_COMPARE(emitsAtServer(), (QList<QJsonValue>{2, 3, 4}));
    QVERIFY(!second.isFinished());
    sendAck(2, 50);
    QTRY_VERIFY(second.isFinished());
    QCOMPARE(second.result().sequence, 50);
    QCOMPARE(uncertain.size(), 0);
}

void tst_Resuming::whatWasRefusedMeanwhileFails()
{
    greetWith(session(1));
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    const auto first = m_client->emitAcknowledged(u"x"_s);
    const auto second = m_client->emitAcknowledged(u"x"_s);
    QTRY_COMPARE(emitsAtServer().size(), 2);
    const QJsonObject refused{{u"emit"_s, 1}, {u"code"_s, u"rate_limited"_s}};
    greetWith(session(2, {{u"lastEmit"_s, 2}, {u"refused"_s, QJsonArray{refused}}}));
    QVERIFY(comeBack());
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(errorOf(first), DispatchError::RefusedByServer);
    QCOMPARE(errorOf(second), DispatchError::NoError);
    const auto isAboutIt = [](const QList<QVariant> &signal) {
        const auto error = signal.first().value<DispatchError>();
        return error.reason() == "rate_limited"_L1 && error.isRetryable();
    };
    QCOMPARE(std::ranges::count_if(errors, isAboutIt), 1);
}

void tst_Resuming::whatTheServerForgotIsUncertain()
{
    greetWith(session(1));
    QVERIFY(join());
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    const auto first = m_client->emitAcknowledged(u"x"_s);
    const auto second = m_client->emitAcknowledged(u"x"_s);
    QTRY_COMPARE(emitsAtServer().size(), 2);
    greetWith(session(2, {{u"lastEmit"_s, 2}, {u"refusedSince"_s, 2}}));
    QVERIFY(comeBack());
    QTRY_VERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(errorOf(first), DispatchError::FateUnknown);
    QCOMPARE(errorOf(second), DispatchError::NoError);
    QCOMPARE(uncertain.size(), 1);
}

void tst_Resuming::emitsGoOnAfterAGap()
{
    greetWith(session(1));
    QVERIFY(join());
    m_client->emitEvent(u"x"_s);
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(emitsAtServer().size(), 2);
    greetWith(session(2, {{u"recovered"_s, false}, {u"lastEmit"_s, 1}, {u"seq"_s, 90}}));
    QVERIFY(comeBack());
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(emitsAtServer(), (QList<QJsonValue>{2, 3}));
}

void tst_Resuming::aServerThatKnowsTooMuchIsLeft()
{
    greetWith(session(1));
    QVERIFY(join());
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(emitsAtServer().size(), 1);
    greetWith(session(2, {{u"lastEmit"_s, 2}}));
    QVERIFY(isLeft());
}

void tst_Resuming::aServerThatKnowsOfEmitsBeforeTheFirstIsLeft()
{
    greetWith(session(1, {{u"lastEmit"_s, 1}}));
    m_client->setActive(true);
    QTRY_COMPARE(m_client->error(), DispatchError::ProtocolError);
    greetWith(session(1));
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Resuming::aServerThatKnowsTooLittleIsLeft()
{
    greetWith(session(1));
    QVERIFY(join());
    const auto first = m_client->emitAcknowledged(u"x"_s);
    QTRY_COMPARE(emitsAtServer().size(), 1);
    sendAck(1);
    QTRY_VERIFY(first.isFinished());
    // It has forgotten what it acknowledged.
    greetWith(session(2, {{u"recovered"_s, true}, {u"lastEmit"_s, 0}}));
    QVERIFY(isLeft());
}

void tst_Resuming::anEventThatEndsEachConnectionEndsTheSession()
{
    greetWith(session(1, {{u"recovered"_s, true}}));
    QVERIFY(join());
    QSignalSpy uncertain(m_client.get(), &DispatchClient::eventUncertain);
    m_client->emitEvent(u"x"_s, 1);
    m_client->emitEvent(u"x"_s, 2);
    for (int ends = 1; ends <= 3; ++ends) {
        QTRY_COMPARE(emitsAtServer().size(), 2);
        QCOMPARE(uncertain.size(), 0);
        if (ends == 3)
            greetWith(session(2, {{u"clientId"_s, u"somebody else"_s}}));
        const int before = m_server->count();
        m_server->last()->sendClose(1009, "message_too_big");
        QTRY_VERIFY(m_server->count() > before && m_client->state() == DispatchClient::Connected);
    }
    QVERIFY(offered().isEmpty());
    QCOMPARE(uncertain.size(), 2);
    QCOMPARE(m_client->emitEvent(u"x"_s, 3), DispatchClient::Sent);
    QTRY_COMPARE(emitsAtServer(), QList<QJsonValue>{1});
}

void tst_Resuming::aServerThatIsBusyKeepsTheSession()
{
    greetWith(session(1));
    QVERIFY(join());
    m_client->emitEvent(u"x"_s, 1);
    QTRY_COMPARE(emitsAtServer().size(), 1);
    int refusals = 0;
    const auto greets = m_server->onRequest;
    m_server->onRequest = [&](FakePeer *peer) {
        if (++refusals > 5)
            return greets(peer);
        peer->answerHttp(503);
    };
    QVERIFY(comeBack());
    QVERIFY(refusals > 5);
    QVERIFY(!offered().isEmpty());
}

void tst_Resuming::aSessionThatNobodyUnderstandsIsForgotten()
{
    greetWith(session(1));
    QVERIFY(join());
    int refusals = 0;
    const auto greets = m_server->onRequest;
    m_server->onRequest = [&](FakePeer *peer) {
        if (!peer->header("sec-websocket-protocol").contains("resume."))
            return greets(peer);
        ++refusals;
        peer->answerHttp(400);
    };
    QVERIFY(comeBack());
    QCOMPARE(refusals, 1);
    QVERIFY(offered().isEmpty());
}

void tst_Resuming::whoIsNobodyAnyMoreResumesNothing()
{
    greetWith(session(1));
    m_client->identify(u"ann's token"_s);
    QVERIFY(join());
    m_client->identify({});
    // It still knows where it is.
    m_server->last()->sendText(eventText(42));
    QSignalSpy heard(m_client.get(), &DispatchClient::eventReceived);
    QTRY_COMPARE(heard.size(), 1);
    QVERIFY(comeBack());
    QVERIFY(offered().isEmpty());
}

void tst_Resuming::whoLogsOutWhileItComesBackIsNobodyNextTime()
{
    greetWith(session(1, {{u"recovered"_s, true}}));
    m_client->identify(u"ann's token"_s);
    QVERIFY(join());
    const auto greets = m_server->onRequest;
    m_server->onRequest = [&](FakePeer *peer) {
        m_client->identify({});
        greets(peer);
    };
    QVERIFY(comeBack());
    QVERIFY(!offered().isEmpty());
    QVERIFY(comeBack());
    QVERIFY(offered().isEmpty());
}

QTEST_GUILESS_MAIN(tst_Resuming)
#include "tst_resuming.moc"
