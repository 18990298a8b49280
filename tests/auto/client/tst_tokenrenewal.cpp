// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokentest.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qjsondocument.h>
#include <QtCore/qpromise.h>
#include <QtCore/qregularexpression.h>
#include <QtTest/qsignalspy.h>
#include <QtTest/qtest.h>

#include <stdexcept>

using namespace Qt::StringLiterals;

namespace {

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

/// When another token takes the place of one: it nears its end, is refused, or there is another
/// provider.
class tst_TokenRenewal : public TokenTest {
    Q_OBJECT

private Q_SLOTS:
    void refusedTokenIsNoReasonToGiveUp();
    void fixedTokenThatIsRefusedIs();
    void tokenIsRenewedBeforeItsEnd();
    void tokenThatIsGoodForYearsIsNotRenewed();
    void expiredTokenIsRenewedAtOnce();
    void refusedTokenIsNotSentAgain();
    void renewalThatFailsIsReportedAndTriedAgain();
    void connectionThatEndedForItsTokenComesBackWithAnother();
    void identifyStandsInUntilTheProviderIsAskedNext();
    void newProviderIsAskedAtOnce();
    void newProviderTakesOverAnAttemptThatWaits();
    void removedProviderIsNotAskedAnyMore();
};

void tst_TokenRenewal::refusedTokenIsNoReasonToGiveUp()
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

void tst_TokenRenewal::fixedTokenThatIsRefusedIs()
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

void tst_TokenRenewal::tokenIsRenewedBeforeItsEnd()
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

void tst_TokenRenewal::tokenThatIsGoodForYearsIsNotRenewed()
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

void tst_TokenRenewal::expiredTokenIsRenewedAtOnce()
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

void tst_TokenRenewal::refusedTokenIsNotSentAgain()
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

void tst_TokenRenewal::renewalThatFailsIsReportedAndTriedAgain()
{
    QPromise<QString> never;
    never.start();
    int asked = 0;
    m_client->setTokenTimeout(20);
    m_client->setTokenProvider([&]() -> QFuture<QString> {
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

void tst_TokenRenewal::connectionThatEndedForItsTokenComesBackWithAnother()
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

void tst_TokenRenewal::identifyStandsInUntilTheProviderIsAskedNext()
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

void tst_TokenRenewal::newProviderIsAskedAtOnce()
{
    QVERIFY(join());
    QCOMPARE(header(0), ""_ba);
    m_client->setTokenProvider([] { return u"first"_s; });
    QTRY_COMPARE(identities(), QStringList{u"first"_s});
    m_client->setTokenProvider([] { return u"second"_s; });
    QTRY_COMPARE(identities(), (QStringList{u"first"_s, u"second"_s}));
    QCOMPARE(m_server->count(), 1);
}

void tst_TokenRenewal::newProviderTakesOverAnAttemptThatWaits()
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

void tst_TokenRenewal::removedProviderIsNotAskedAnyMore()
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

QTEST_GUILESS_MAIN(tst_TokenRenewal)
#include "tst_tokenrenewal.moc"
