// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokentest.h"

#include <QtCore/qpromise.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <stdexcept>

using namespace Qt::StringLiterals;

using Token = QFuture<QString>;

/// Where the client gets its token from, and where it sends it to.
class tst_TokenProvider : public TokenTest {
    Q_OBJECT

private Q_SLOTS:
    void tokenGoesInAHeaderAndNowhereElse();
    void authorizationAndProviderGoTogether();
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
};

void tst_TokenProvider::tokenGoesInAHeaderAndNowhereElse()
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

void tst_TokenProvider::authorizationAndProviderGoTogether()
{
    m_client->setTokenProvider([] { return u"user"_s; });
    m_client->connectToServer({.authorization = u"door"_s});
    QTRY_COMPARE(m_client->state(), DispatchClient::Connected);
    QCOMPARE(header(0), "Bearer door"_ba);
    QTRY_COMPARE(identities(), QStringList{u"user"_s});
}

void tst_TokenProvider::providerMayGiveATextOrAFuture_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("text") << 0;
    QTest::newRow("future") << 1;
    QTest::newRow("text, with a context") << 2;
    QTest::newRow("future, with a context") << 3;
    QTest::newRow("std::function") << 4;
    QTest::newRow("future that ends later") << 5;
}

void tst_TokenProvider::providerMayGiveATextOrAFuture()
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

void tst_TokenProvider::eachAttemptAsksAnew()
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

void tst_TokenProvider::providerThatFailsIsAnErrorAndTheNextAttemptComes_data()
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

void tst_TokenProvider::providerThatFailsIsAnErrorAndTheNextAttemptComes()
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

void tst_TokenProvider::providerThatDoesNotAnswerIsGivenUp()
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

void tst_TokenProvider::timeForTheTokenIsNotTakenFromTheAttempt()
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

void tst_TokenProvider::answerAfterDisconnectIsNotUsed()
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

void tst_TokenProvider::answerAfterTheClientsEndIsNotUsed()
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

void tst_TokenProvider::secondAnswerIsNotUsed()
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

void tst_TokenProvider::answerMayComeFromAnotherThread()
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

void tst_TokenProvider::providerMayDoAnything_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("delete the client") << 0;
    QTest::newRow("disconnect") << 1;
    QTest::newRow("remove itself") << 2;
    QTest::newRow("run an event loop") << 3;
    QTest::newRow("delete the client from an event loop") << 4;
}

void tst_TokenProvider::providerMayDoAnything()
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

void tst_TokenProvider::contextThatIsGoneLetsNobodyInWithoutAToken()
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

void tst_TokenProvider::contextInAnotherThreadIsRefused()
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

QTEST_GUILESS_MAIN(tst_TokenProvider)
#include "tst_tokenprovider.moc"
