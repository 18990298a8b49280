// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "extendedservertest.h"

#include <QtCore/qjsonarray.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Options = DispatchEmitOptions;

/// What becomes of an event that can't be sent at once, as its options say.
class tst_EmitOptions : public ExtendedServerTest {
    Q_OBJECT

private Q_SLOTS:
    void theySayToWhom();
    void thoseThatContradictThemselvesAreRefused();
    void aVolatileEventHasNoNumber();
    void aVolatileEventIsOneAsOthersInTheBaseProfile();
    void aVolatileEventIsDroppedOffline();
    void aVolatileEventTakesNoRoomInFlightButNeedsIt();
    void aVolatileEventThatIsTooLongIsRefused();
    void aVolatileEventDoesNotComeAgain();
    void theLatestTakesTheLastPlace();
    void whatWasReplacedFails();
    void anAgeOfItsOwnEndsTheWait();
    void eachDropIsToldOnce();
    void anyThreadMayGiveThem();

private:
    static Options latest(const QString &key)
    {
        return {.ifDelayed = Options::KeepLatest, .key = key};
    }
    /// Payloads of "x" at the server on its last connection, with the numbers of their emits: as in
    /// "a/1 b".
    QString atServer() const;
    DispatchClient::SendStatus emitX(const QString &payload, const Options &options = {})
    {
        return m_client->emitEvent(u"x"_s, payload, options);
    }
    static QStringList tell(const QSignalSpy &drops);

    static const Options Volatile;
};

const Options tst_EmitOptions::Volatile{.ifDelayed = Options::Drop};

QString tst_EmitOptions::atServer() const
{
    QStringList told;
    for (const QJsonObject &message : m_server->last()->messages()) {
        if (message["eventName"_L1].toString() != "x"_L1)
            continue;
        const int number = message["emit"_L1].toInt();
        told.append(message["payload"_L1].toString()
                    + (number > 0 ? u"/%1"_s.arg(number) : QString()));
    }
    return told.join(u' ');
}

/// As in "a Expired".
QStringList tst_EmitOptions::tell(const QSignalSpy &drops)
{
    const auto codes = QMetaEnum::fromType<DispatchError::Code>();
    QStringList told;
    for (const QList<QVariant> &drop : drops) {
        told.append(drop[1].toJsonValue().toString() + u' '
                    + QString::fromLatin1(codes.valueToKey(drop[2].value<DispatchError>().code())));
    }
    return told;
}

void tst_EmitOptions::theySayToWhom()
{
    QVERIFY(join());
    emitX(u"a"_s, {.recipients = QStringList{u"ann"_s}});
    emitX(u"b"_s, {.recipients = QStringList()});
    emitX(u"c"_s, {});
    QTRY_COMPARE(atServer(), u"a b c"_s);
    const auto messages = m_server->last()->messages();
    QCOMPARE(messages[0]["recipients"_L1], QJsonValue(QJsonArray{u"ann"_s}));
    QCOMPARE(messages[1]["recipients"_L1], QJsonValue(QJsonArray()));
    QVERIFY(!messages[2].contains("recipients"_L1));
}

void tst_EmitOptions::thoseThatContradictThemselvesAreRefused()
{
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QCOMPARE(emitX(u"a"_s, latest({})), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::InvalidOptions);
    const auto ack = m_client->emitAcknowledged(u"x"_s, u"b"_s, Volatile);
    QTRY_VERIFY(ack.isFinished());
    QCOMPARE(errorOf(ack), DispatchError::InvalidOptions);
    QCOMPARE(errors.size(), 2);
    emitX(u"c"_s);
    QTRY_COMPARE(atServer(), u"c"_s);
}

void tst_EmitOptions::aVolatileEventHasNoNumber()
{
    greetWith(greeting());
    QVERIFY(join());
    emitX(u"a"_s);
    QCOMPARE(emitX(u"b"_s, Volatile), DispatchClient::Sent);
    emitX(u"c"_s, latest(u"k"_s));
    QTRY_COMPARE(atServer(), u"a/1 b c/2"_s);
    QVERIFY(!m_server->last()->messages()[1].contains("ack"_L1));
}

void tst_EmitOptions::aVolatileEventIsOneAsOthersInTheBaseProfile()
{
    QVERIFY(join());
    emitX(u"a"_s);
    QCOMPARE(emitX(u"b"_s, Volatile), DispatchClient::Sent);
    QTRY_COMPARE(atServer(), u"a b"_s);
}

void tst_EmitOptions::aVolatileEventIsDroppedOffline()
{
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    emitX(u"a"_s);
    QCOMPARE(emitX(u"b"_s, Volatile), DispatchClient::Dropped);
    QCOMPARE(tell(drops), QStringList{u"b NotConnected"_s});
    QCOMPARE(m_client->queuedEvents(), 1);
    QVERIFY(join());
    QTRY_COMPARE(atServer(), u"a"_s);
    QCOMPARE(drops.size(), 1);
    QCOMPARE(errors.size(), 0);
    QCOMPARE(m_client->error(), DispatchError::NoError);
}

void tst_EmitOptions::aVolatileEventTakesNoRoomInFlightButNeedsIt()
{
    greetWith(greeting());
    m_client->setQueuePolicy({.maxInFlight = 1});
    QVERIFY(join());
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    QCOMPARE(emitX(u"a"_s, Volatile), DispatchClient::Sent);
    QCOMPARE(emitX(u"b"_s, Volatile), DispatchClient::Sent);
    QCOMPARE(emitX(u"c"_s), DispatchClient::Sent);
    QCOMPARE(emitX(u"d"_s, Volatile), DispatchClient::Dropped);
    QCOMPARE(tell(drops), QStringList{u"d QueueFull"_s});
    QTRY_COMPARE(atServer(), u"a b c/1"_s);
    sendAck(1);
    QTRY_COMPARE(emitX(u"e"_s, Volatile), DispatchClient::Sent);
}

void tst_EmitOptions::aVolatileEventThatIsTooLongIsRefused()
{
    greetWith(greeting({{u"limits"_s, QJsonObject{{u"messageUtf16Units"_s, 100}}}}));
    QVERIFY(join());
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    QCOMPARE(emitX(QString(100, u'x'), Volatile), DispatchClient::Refused);
    QCOMPARE(m_client->error(), DispatchError::MessageTooBig);
    QCOMPARE(drops.size(), 0);
}

void tst_EmitOptions::aVolatileEventDoesNotComeAgain()
{
    const QJsonObject secret{{u"session"_s, QString(43, u'1')}};
    greetWith(greeting(secret));
    QVERIFY(join());
    const auto first = m_client->emitAcknowledged(u"x"_s, u"a"_s);
    emitX(u"b"_s, Volatile);
    const auto second = m_client->emitAcknowledged(u"x"_s, u"c"_s);
    emitX(u"d"_s, Volatile);
    emitX(u"e"_s);
    QTRY_COMPARE(atServer(), u"a/1 b c/2 d e/3"_s);

    QJsonObject resumed = secret;
    resumed[u"recovered"_s] = true;
    resumed[u"lastEmit"_s] = 1;
    greetWith(greeting(resumed));
    QSignalSpy restored(m_client.get(), &DispatchClient::connectionRestored);
    m_server->last()->drop();
    QTRY_COMPARE(restored.size(), 1);
    emitX(u"f"_s, Volatile);
    emitX(u"g"_s);
    QTRY_COMPARE(atServer(), u"c/2 e/3 f g/4"_s);
    QTRY_VERIFY(first.isFinished());
    sendAck(2, 50);
    QTRY_VERIFY(second.isFinished());
    QCOMPARE(errorOf(first), DispatchError::NoError);
    QCOMPARE(second.result().sequence, 50);
}

void tst_EmitOptions::theLatestTakesTheLastPlace()
{
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    emitX(u"a"_s);
    QCOMPARE(emitX(u"b"_s, latest(u"k"_s)), DispatchClient::Queued);
    emitX(u"c"_s);
    emitX(u"d"_s, latest(u"other"_s));
    emitX(u"e"_s, latest(u"k"_s));
    QCOMPARE(tell(drops), QStringList{u"b Superseded"_s});
    QCOMPARE(m_client->queuedEvents(), 4);
    QVERIFY(join());
    QCOMPARE(emitX(u"f"_s, latest(u"k"_s)), DispatchClient::Sent);
    QTRY_COMPARE(atServer(), u"a c d e f"_s);
    QCOMPARE(drops.size(), 1);
}

void tst_EmitOptions::whatWasReplacedFails()
{
    const auto first = m_client->emitAcknowledged(u"x"_s, u"a"_s, latest(u"k"_s));
    const auto second = m_client->emitAcknowledged(u"x"_s, u"b"_s, latest(u"k"_s));
    QTRY_VERIFY(first.isFinished());
    QCOMPARE(errorOf(first), DispatchError::Superseded);
    QVERIFY(!second.isFinished());
}

void tst_EmitOptions::anAgeOfItsOwnEndsTheWait()
{
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    emitX(u"a"_s);
    emitX(u"b"_s, {.maxAge = 1ms});
    emitX(u"c"_s, {.maxAge = 1h});
    QTRY_COMPARE(tell(drops), QStringList{u"b Expired"_s});
    QVERIFY(drops.first()[2].value<DispatchError>().message().contains(u"1 ms"_s));
    QVERIFY(join());
    QTRY_COMPARE(atServer(), u"a c"_s);
    QCOMPARE(drops.size(), 1);
}

void tst_EmitOptions::eachDropIsToldOnce()
{
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    m_client->setQueuePolicy({.maxMessages = 3, .overflow = DispatchQueuePolicy::DropOldest});
    emitX(u"a"_s);
    emitX(u"b"_s, latest(u"k"_s));
    emitX(u"c"_s, Volatile);
    emitX(u"d"_s, latest(u"k"_s));
    emitX(u"e"_s);
    emitX(u"f"_s);
    emitX(u"g"_s, latest(u"k"_s));
    m_client->disconnectFromServer();
    m_client->disconnectFromServer();
    QCOMPARE(
        tell(drops),
        (QStringList{u"c NotConnected"_s, u"b Superseded"_s, u"a QueueFull"_s, u"d Superseded"_s,
                     u"e Discarded"_s, u"f Discarded"_s, u"g Discarded"_s}));
}

void tst_EmitOptions::anyThreadMayGiveThem()
{
    QSignalSpy drops(m_client.get(), &DispatchClient::eventDropped);
    QList<DispatchClient::SendStatus> answers;
    std::thread([&] {
        answers.append(emitX(u"a"_s, latest(u"k"_s)));
        answers.append(emitX(u"b"_s, latest(u"k"_s)));
        answers.append(emitX(u"c"_s, Volatile));
    }).join();
    QCOMPARE(answers, QList<DispatchClient::SendStatus>(3, DispatchClient::Queued));
    QTRY_COMPARE(tell(drops), (QStringList{u"a Superseded"_s, u"c NotConnected"_s}));
    QVERIFY(join());
    QTRY_COMPARE(atServer(), u"b"_s);
}

QTEST_GUILESS_MAIN(tst_EmitOptions)
#include "tst_emitoptions.moc"
