// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "faultyservertest.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qpromise.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <stdexcept>

using namespace Qt::StringLiterals;

namespace {

using Token = QFuture<QString>;

QFuture<QString> ready(const QString &token)
{
    return QtFuture::makeReadyFuture(QString(token));
}

QString tokenThatEndsIn(int ms, const QString &name)
{
    const double end = double(QDateTime::currentMSecsSinceEpoch() + ms) / 1000;
    const QByteArray claims = QJsonDocument(QJsonObject{{u"exp"_s, end}, {u"jti"_s, name}})
                                  .toJson(QJsonDocument::Compact);
    return u"e30."_s
        + QString::fromLatin1(
               claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals))
        + u".c2ln"_s;
}

} // namespace

/// Where the client gets its token from, and where it sends it to.
class tst_Tokens : public FaultyServerTest {
    Q_OBJECT

private Q_SLOTS:
    void tokenGoesInAHeaderAndNowhereElse();
    void providerMayGiveATextOrAFuture_data();
    void providerMayGiveATextOrAFuture();
    void eachAttemptAsksAnew();
    void providerThatFailsIsAnErrorAndTheNextAttemptComes_data();
    void providerThatFailsIsAnErrorAndTheNextAttemptComes();
    void providerThatDoesNotAnswerIsGivenUp();
    void timeForTheTokenIsNotTakenFromTheAttempt();
    void answerAfterDisconnectIsNotUsed();
    void answerAfterTheClientsEndIsNotUsed();
    void secondAnswerIsNotUsed();
    void answerMayComeFromAnotherThread();
    void providerMayDoAnything_data();
    void providerMayDoAnything();
    void contextThatIsGoneLetsNobodyInWithoutAToken();
    void contextInAnotherThreadIsRefused();
    void refusedTokenIsNoReasonToGiveUp();
    void fixedTokenThatIsRefusedIs();
    void tokenIsRenewedBeforeItsEnd();
    void tokenThatIsGoodForYearsIsNotRenewed();
    void expiredTokenIsRenewedAtOnce();
    void refusedTokenIsNotSentAgain();
    void renewalThatFailsIsReportedAndTriedAgain();
    void connectionThatEndedForItsTokenComesBackWithAnother();
    void authorizationAndProviderGoTogether();
    void identifyStandsInUntilTheProviderIsAskedNext();
    void newProviderIsAskedAtOnce();
    void newProviderTakesOverAnAttemptThatWaits();
    void removedProviderIsNotAskedAnyMore();

private:
    QByteArray header(int connection) const
    {
        return m_server->peers().at(connection)->header("Authorization");
    }
    void sendError(const QString &code);
    QStringList identities() const;
};

void tst_Tokens::sendError(const QString &code)
{
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, code},
                                            {u"message"_s, u"Get a new one."_s},
                                            {u"closing"_s, false},
                                            {u"retry"_s, false}});
}

/// The tokens that came by IDENTIFY over the last connection.
QStringList tst_Tokens::identities() const
{
    QStringList tokens;
    for (const QJsonObject &message : m_server->last()->messages()) {
        if (message["eventName"_L1] == "@@KOJI_DISPATCH/IDENTIFY"_L1)
            tokens.append(message["payload"_L1]["token"_L1].toString());
    }
    return tokens;
}

void tst_Tokens::tokenGoesInAHeaderAndNowhereElse()
{
    QVERIFY(!m_client->hasTokenProvider());
    m_client->setTokenProvider([] { return u"secret"_s; });
    QVERIFY(m_client->hasTokenProvider());
    QVERIFY(join());
    QCOMPARE(header(0), "Bearer secret"_ba);
    QCOMPARE(m_server->last()->target(), u"/?maxConnectionsPerShard=100"_s);
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(m_server->last()->messages().size(), 1);
    QCOMPARE(m_server->last()->eventNames(), QStringList{u"x"_s});
}

void tst_Tokens::providerMayGiveATextOrAFuture_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("text") << 0;
    QTest::newRow("future") << 1;
    QTest::newRow("text, with a context") << 2;
    QTest::newRow("future, with a context") << 3;
    QTest::newRow("std::function") << 4;
    QTest::newRow("future that ends later") << 5;
}

void tst_Tokens::providerMayGiveATextOrAFuture()
{
    QFETCH(int, kind);
    QPromise<QString> later;
    later.start();
    switch (kind) {
    case 0:
        m_client->setTokenProvider([] { return u"secret"_s; });
        break;
    case 1:
        m_client->setTokenProvider([] { return ready(u"secret"_s); });
        break;
    case 2:
        m_client->setTokenProvider(this, [] { return u"secret"_s; });
        break;
    case 3:
        m_client->setTokenProvider(this, [] { return ready(u"secret"_s); });
        break;
    case 4: {
        const std::function<Token()> provider = [] { return ready(u"secret"_s); };
        m_client->setTokenProvider(provider);
        break;
    }
    default:
        m_client->setTokenProvider([&] {
            QTimer::singleShot(20, this, [&] {
                later.addResult(u"secret"_s);
                later.finish();
            });
            return later.future();
        });
    }
    QVERIFY(join());
    QCOMPARE(header(0), "Bearer secret"_ba);
}

void tst_Tokens::eachAttemptAsksAnew()
{
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    QVERIFY(join());
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(header(0), "Bearer token-1"_ba);
    QCOMPARE(header(1), "Bearer token-2"_ba);
    QCOMPARE(asked, 2);
}

void tst_Tokens::providerThatFailsIsAnErrorAndTheNextAttemptComes_data()
{
    QTest::addColumn<std::function<Token()>>("provider");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, std::function<Token()> provider, const QString &says) {
        QTest::newRow(name) << std::move(provider) << says;
    };
    row(
        "empty", [] { return ready({}); }, u"empty token"_s);
    row(
        "line end", [] { return ready(u"secret\n"_s); }, u"line's end"_s);
    row(
        "too long", [] { return ready(QString(9'000, u's')); }, u"9000 bytes"_s);
    row(
        "cancelled", [] { return Token(); }, u"cancelled"_s);
    row(
        "promise that is dropped",
        [] {
            QPromise<QString> promise;
            promise.start();
            return promise.future();
        },
        u"cancelled"_s);
    row(
        "throws", []() -> Token { throw std::runtime_error("no network"); }, u"no network"_s);
    row(
        "throws a DispatchError",
        []() -> Token { throw DispatchError(DispatchError::NetworkError, u"no login"_s); },
        u"no login"_s);
    row(
        "throws anything", []() -> Token { throw 42; }, u"no std::exception"_s);
    row(
        "future with an exception",
        [] {
            QPromise<QString> promise;
            promise.start();
            promise.setException(std::make_exception_ptr(std::runtime_error("expired login")));
            promise.finish();
            return promise.future();
        },
        u"expired login"_s);
}

void tst_Tokens::providerThatFailsIsAnErrorAndTheNextAttemptComes()
{
    QFETCH(std::function<Token()>, provider);
    QFETCH(QString, says);
    int asked = 0;
    m_client->setTokenProvider([&] { return ++asked < 3 ? provider() : ready(u"good"_s); });
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QList<DispatchClient::State> states;
    connect(m_client.get(), &DispatchClient::stateChanged, this,
            [&](auto state) { states.append(state); });
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::NoError);
    QCOMPARE(errors.size(), 2);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::TokenUnavailable);
    QVERIFY(error.isRetryable());
    QVERIFY2(error.message().contains(says), qPrintable(error.message()));
    QVERIFY2(!error.message().contains(u"secret"_s), qPrintable(error.message()));
    using enum DispatchClient::State;
    QCOMPARE(states, (QList{Connecting, Waiting, Recovering, Waiting, Recovering, Connected}));
    // Nobody was bothered without a token.
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(header(0), "Bearer good"_ba);
}

void tst_Tokens::providerThatDoesNotAnswerIsGivenUp()
{
    QPromise<QString> never;
    never.start();
    int asked = 0;
    QCOMPARE(m_client->tokenTimeout(), 10'000);
    m_client->setTokenTimeout(20);
    m_client->setTokenProvider([&] { return ++asked < 2 ? never.future() : ready(u"good"_s); });
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    QVERIFY(join());
    QCOMPARE(errors.size(), 1);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::TokenUnavailable);
    QVERIFY2(error.message().contains(u"in time"_s), qPrintable(error.message()));
    // Too late.
    never.addResult(u"late"_s);
    never.finish();
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(m_server->last()->eventNames(), QStringList{u"x"_s});
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(header(0), "Bearer good"_ba);
}

void tst_Tokens::timeForTheTokenIsNotTakenFromTheAttempt()
{
    QPromise<QString> slow;
    slow.start();
    m_client->setAttemptTimeout(50);
    m_client->setTokenProvider([&] {
        QTimer::singleShot(100, this, [&] {
            slow.addResult(u"good"_s);
            slow.finish();
        });
        return slow.future();
    });
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    m_client->setActive(true);
    QTRY_VERIFY(slow.future().isFinished());
    QCOMPARE(errors.size(), 0);
    QTRY_VERIFY(m_server->count() >= 1);
}

void tst_Tokens::answerAfterDisconnectIsNotUsed()
{
    QPromise<QString> late;
    late.start();
    int asked = 0;
    m_client->setTokenProvider([&] {
        ++asked;
        return late.future();
    });
    const auto future = m_client->connectToServer();
    QTRY_COMPARE(asked, 1);
    QCOMPARE(m_client->state(), DispatchClient::Connecting);
    m_client->disconnectFromServer();
    late.addResult(u"late"_s);
    late.finish();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::Cancelled);
    QTest::qWait(0);
    QCOMPARE(m_client->state(), DispatchClient::Disconnected);
    QCOMPARE(m_server->count(), 0);
}

void tst_Tokens::answerAfterTheClientsEndIsNotUsed()
{
    QPromise<QString> late;
    late.start();
    bool asked = false;
    m_client->setTokenProvider([&] {
        asked = true;
        return late.future();
    });
    m_client->setActive(true);
    QTRY_VERIFY(asked);
    m_client.reset();
    late.addResult(u"late"_s);
    late.finish();
    QTest::qWait(0);
    QCOMPARE(m_server->count(), 0);
}

void tst_Tokens::secondAnswerIsNotUsed()
{
    m_client->setTokenProvider([] {
        QPromise<QString> promise;
        promise.start();
        promise.addResult(u"first"_s);
        promise.addResult(u"second"_s);
        promise.finish();
        return promise.future();
    });
    QVERIFY(join());
    QCOMPARE(header(0), "Bearer first"_ba);
    QCOMPARE(m_server->count(), 1);
}

void tst_Tokens::answerMayComeFromAnotherThread()
{
    std::unique_ptr<QThread> thread;
    auto promise = std::make_shared<QPromise<QString>>();
    promise->start();
    m_client->setTokenProvider([&] {
        thread.reset(QThread::create([promise] {
            promise->addResult(u"far"_s);
            promise->finish();
        }));
        thread->start();
        return promise->future();
    });
    QThread *changedOn = nullptr;
    connect(
        m_client.get(), &DispatchClient::connected, this,
        [&] { changedOn = QThread::currentThread(); }, Qt::DirectConnection);
    QVERIFY(join());
    thread->wait();
    QCOMPARE(header(0), "Bearer far"_ba);
    QCOMPARE(changedOn, QThread::currentThread());
}

void tst_Tokens::providerMayDoAnything_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("delete the client") << 0;
    QTest::newRow("disconnect") << 1;
    QTest::newRow("remove itself") << 2;
    QTest::newRow("run an event loop") << 3;
    QTest::newRow("delete the client from an event loop") << 4;
}

void tst_Tokens::providerMayDoAnything()
{
    QFETCH(int, what);
    bool asked = false;
    m_client->setTokenProvider([&, token = u"good"_s] {
        asked = true;
        switch (what) {
        case 0:
            m_client.reset();
            break;
        case 1:
            m_client->disconnectFromServer();
            break;
        case 2:
            m_client->setTokenProvider(nullptr);
            break;
        case 3:
            QTest::qWait(20);
            break;
        default: {
            QEventLoop loop;
            QTimer::singleShot(0, &loop, [&] {
                m_client.reset();
                loop.quit();
            });
            loop.exec();
        }
        }
        return token;
    });
    m_client->setActive(true);
    QTRY_VERIFY(asked);
    if (what == 2 || what == 3) {
        QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
        QCOMPARE(header(0), what == 2 ? ""_ba : "Bearer good"_ba);
    } else {
        QTest::qWait(20);
        QCOMPARE(m_server->count(), 0);
        QCOMPARE(m_client == nullptr, what != 1);
    }
}

void tst_Tokens::contextThatIsGoneLetsNobodyInWithoutAToken()
{
    auto context = std::make_unique<QObject>();
    int asked = 0;
    m_client->setTokenProvider(context.get(), [&] {
        ++asked;
        return u"good"_s;
    });
    QVERIFY(join());
    context.reset();
    m_server->last()->drop();
    QTRY_COMPARE(m_client->error(), DispatchError::TokenUnavailable);
    QVERIFY2(m_client->errorString().contains(u"context"_s), qPrintable(m_client->errorString()));
    QCOMPARE(asked, 1);
    QCOMPARE(m_server->count(), 1);
    m_client->setTokenProvider([] { return u"other"_s; });
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Tokens::contextInAnotherThreadIsRefused()
{
    QThread thread;
    QObject context;
    context.moveToThread(&thread);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"another thread"_s));
    m_client->setTokenProvider(&context, [] { return u"good"_s; });
    m_client->setActive(true);
    QTRY_COMPARE(m_client->error(), DispatchError::TokenUnavailable);
    QCOMPARE(m_server->count(), 0);
}

void tst_Tokens::refusedTokenIsNoReasonToGiveUp()
{
    m_server->onRequest = [&](FakePeer *peer) {
        peer->answerHttp(401);
        if (m_server->count() == 3)
            m_server->onRequest = nullptr;
    };
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    const auto future = m_client->connectToServer();
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::NoError);
    QCOMPARE(asked, 4);
    QCOMPARE(m_server->count(), 4);
    QCOMPARE(header(3), "Bearer token-4"_ba);
    QCOMPARE(errors.size(), 3);
    const auto error = errors.first().first().value<DispatchError>();
    QCOMPARE(error.code(), DispatchError::Unauthorized);
    QVERIFY(error.isRetryable());
}

void tst_Tokens::fixedTokenThatIsRefusedIs()
{
    m_server->onRequest = [](FakePeer *peer) { peer->answerHttp(401); };
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    const auto future = m_client->connectToServer({.authorization = u"fixed"_s});
    QTRY_VERIFY(future.isFinished());
    QCOMPARE(errorOf(future), DispatchError::Unauthorized);
    QCOMPARE(m_client->state(), DispatchClient::Failed);
    QCOMPARE(header(0), "Bearer fixed"_ba);
}

void tst_Tokens::tokenIsRenewedBeforeItsEnd()
{
    int asked = 0;
    QStringList tokens;
    m_client->setTokenProvider([&] {
        ++asked;
        tokens.append(tokenThatEndsIn(asked < 2 ? 1'500 : 600'000, u"t%1"_s.arg(asked)));
        return tokens.last();
    });
    QVERIFY(join());
    QTRY_COMPARE(identities().size(), 1);
    QCOMPARE(identities(), QStringList{tokens[1]});
    QCOMPARE(asked, 2);
    QCOMPARE(m_server->count(), 1);
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Tokens::tokenThatIsGoodForYearsIsNotRenewed()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
    int asked = 0;
    m_client->setTokenProvider([&] {
        ++asked;
        return u"e30.eyJleHAiOjQxMDI0NDQ4MDB9.c2ln"_s; // until 2100
    });
    QVERIFY(join());
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(m_server->last()->eventNames(), QStringList{u"x"_s});
    QCOMPARE(asked, 1);
}

void tst_Tokens::expiredTokenIsRenewedAtOnce()
{
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    sendError(u"token_expired"_s);
    QTRY_COMPARE(identities(), QStringList{u"token-2"_s});
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.first().first().value<DispatchError>().reason(), u"token_expired"_s);
    // Another error is no reason to ask.
    sendError(u"too_deep"_s);
    QTRY_COMPARE(errors.size(), 2);
    QTest::qWait(0);
    QCOMPARE(asked, 2);
}

void tst_Tokens::refusedTokenIsNotSentAgain()
{
    int asked = 0;
    m_client->setTokenProvider([&] {
        ++asked;
        return u"same"_s;
    });
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    sendError(u"invalid_token"_s);
    // It is asked again and again, but never without a delay.
    QTRY_VERIFY(asked >= 4);
    QVERIFY(errors.size() >= 3);
    QCOMPARE(errors.last().first().value<DispatchError>().code(), DispatchError::TokenUnavailable);
    QCOMPARE(identities(), QStringList());
    QCOMPARE(m_client->state(), DispatchClient::Connected);
}

void tst_Tokens::renewalThatFailsIsReportedAndTriedAgain()
{
    QPromise<QString> never;
    never.start();
    int asked = 0;
    m_client->setTokenTimeout(20);
    m_client->setTokenProvider([&]() -> Token {
        switch (++asked) {
        case 2:
            throw std::runtime_error("no network");
        case 3:
            return never.future();
        default:
            return ready(u"token-%1"_s.arg(asked));
        }
    });
    QVERIFY(join());
    QSignalSpy errors(m_client.get(), &DispatchClient::errorOccurred);
    sendError(u"token_expired"_s);
    QTRY_COMPARE(identities(), QStringList{u"token-4"_s});
    QCOMPARE(errors.size(), 3);
    for (int i : {1, 2}) {
        const auto error = errors[i].first().value<DispatchError>();
        QCOMPARE(error.code(), DispatchError::TokenUnavailable);
        QVERIFY(error.isRetryable());
    }
    QCOMPARE(m_server->count(), 1);
}

void tst_Tokens::connectionThatEndedForItsTokenComesBackWithAnother()
{
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    QVERIFY(join());
    QSignalSpy disconnected(m_client.get(), &DispatchClient::disconnected);
    m_server->last()->sendEvent(u"@@KOJI_DISPATCH/ERROR"_s,
                                QJsonObject{{u"code"_s, u"token_not_renewed"_s},
                                            {u"message"_s, u"Come back with one."_s},
                                            {u"closing"_s, true},
                                            {u"retry"_s, true}});
    m_server->last()->sendClose(4003);
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(disconnected.size(), 1);
    QCOMPARE(asked, 2);
    QCOMPARE(header(1), "Bearer token-2"_ba);
}

void tst_Tokens::authorizationAndProviderGoTogether()
{
    m_client->setTokenProvider([] { return u"user"_s; });
    m_client->connectToServer({.authorization = u"door"_s});
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(header(0), "Bearer door"_ba);
    QTRY_COMPARE(identities(), QStringList{u"user"_s});
}

void tst_Tokens::identifyStandsInUntilTheProviderIsAskedNext()
{
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    QVERIFY(join());
    m_client->identify(u"mine"_s);
    QTRY_COMPARE(identities(), QStringList{u"mine"_s});
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(header(1), "Bearer token-2"_ba);
    m_client->emitEvent(u"x"_s);
    QTRY_COMPARE(m_server->last()->eventNames(), QStringList{u"x"_s});
}

void tst_Tokens::newProviderIsAskedAtOnce()
{
    QVERIFY(join());
    QCOMPARE(header(0), ""_ba);
    m_client->setTokenProvider([] { return u"first"_s; });
    QTRY_COMPARE(identities(), QStringList{u"first"_s});
    m_client->setTokenProvider([] { return u"second"_s; });
    QTRY_COMPARE(identities(), (QStringList{u"first"_s, u"second"_s}));
    QCOMPARE(m_server->count(), 1);
}

void tst_Tokens::newProviderTakesOverAnAttemptThatWaits()
{
    QPromise<QString> never;
    never.start();
    bool asked = false;
    m_client->setTokenProvider([&] {
        asked = true;
        return never.future();
    });
    m_client->setActive(true);
    QTRY_VERIFY(asked);
    m_client->setTokenProvider([] { return u"good"_s; });
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(header(0), "Bearer good"_ba);
    QCOMPARE(m_server->count(), 1);
}

void tst_Tokens::removedProviderIsNotAskedAnyMore()
{
    int asked = 0;
    m_client->setTokenProvider([&] { return u"token-%1"_s.arg(++asked); });
    QVERIFY(join());
    m_client->setTokenProvider(nullptr);
    QVERIFY(!m_client->hasTokenProvider());
    sendError(u"token_expired"_s);
    QTRY_COMPARE(m_client->lastError().reason(), u"token_expired"_s);
    m_server->last()->drop();
    QTRY_COMPARE(m_server->count(), 2);
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(header(1), ""_ba);
    QCOMPARE(asked, 1);
}

QTEST_GUILESS_MAIN(tst_Tokens)
#include "tst_tokens.moc"
