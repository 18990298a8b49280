// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchclient_p.h"

#include "../threadcheck/threadcheck_p.h"
#include "dispatchclientlog_p.h"
#include "eventnames_p.h"

#include <QtCore/qthread.h>

using namespace Qt::StringLiterals;
using namespace Dispatch;

void DispatchClient::identify(const QString &token)
{
    requireThreadOf(this, Q_FUNC_INFO);
    const Private::Hold hold(d.get());
    d->identify(token);
}

bool DispatchClient::hasTokenProvider() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return bool(d->tokenProvider);
}

void DispatchClient::setTokenProvider(std::function<QFuture<QString>()> provider)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setTokenProvider(std::move(provider));
}

void DispatchClient::setTokenProviderOf(QObject *context,
                                        std::function<QFuture<QString>()> provider)
{
    requireThreadOf(this, Q_FUNC_INFO);
    if (context && context->thread() != thread()) {
        qCWarning(lcClient) << this
                            << "can't call a token provider in another thread: give a context "
                               "object that lives in the client's";
        context = nullptr;
    }
    d->setTokenProvider([context = QPointer(context), provider = std::move(provider)] {
        if (!context)
            throw DispatchError(DispatchError::TokenUnavailable,
                                u"its context object is gone, or lives in another thread"_s, true);
        return provider();
    });
}

int DispatchClient::tokenTimeout() const
{
    requireThreadOf(this, Q_FUNC_INFO);
    return d->tokenTimeout;
}

void DispatchClient::setTokenTimeout(DispatchMilliseconds ms)
{
    requireThreadOf(this, Q_FUNC_INFO);
    d->setTokenTimeout(ms);
}

void DispatchClient::Private::identify(const QString &token)
{
    if (token.isEmpty())
        m_stream.forgetSecret(); // the session is that of who we were
    m_token = token;
    m_tokens.given(token, moment());
    if (m_flushed)
        sendIdentity(token);
    armTokenTimer();
}

void DispatchClient::Private::setTokenTimeout(int ms)
{
    tokenTimeout = usable(q, ms, tokenTimeout, Bounds{"tokenTimeout"_L1, 1});
    m_tokens.setTimeout(Milliseconds(tokenTimeout));
}

void DispatchClient::Private::setTokenProvider(TokenProvider provider)
{
    tokenProvider = std::move(provider);
    if (!tokenProvider)
        m_stream.forgetSecret();
    m_tokenQuestion.drop();
    if (session.isAsking()) {
        m_openDue = true;
        scheduleStep();
    } else if (m_flushed && tokenProvider) {
        m_tokens.renew(moment());
        armTokenTimer();
    }
}

void DispatchClient::Private::askForAttempt()
{
    perform(session.asking(now(), Milliseconds(tokenTimeout)));
    take(m_tokens.attempt());
}

/// The token that the connection was not opened with.
QString DispatchClient::Private::tokenToIdentifyWith() const
{
    if (!tokenProvider)
        return m_token;
    return m_joinedWish.authorization.isEmpty() ? QString() : m_tokens.token();
}

void DispatchClient::Private::sendIdentity(const QString &token)
{
    if (!token.isEmpty())
        sendPlatformEvent(EventName::Identify, {{u"token"_s, token}});
}

void DispatchClient::Private::take(const TokenStep &step)
{
    switch (step.type) {
    case TokenStep::Nothing:
        break;
    case TokenStep::Ask:
        m_tokenQuestion.ask(tokenProvider, [this, question = step.question](const auto &answer) {
            const Hold hold(this);
            take(answer.failure.isEmpty() ? m_tokens.answered(question, answer.token, moment())
                                          : m_tokens.failed(question, answer.failure));
        });
        break;
    case TokenStep::Join:
        openTransport(step.token);
        break;
    case TokenStep::Identify:
        sendIdentity(step.token);
        break;
    case TokenStep::FailAttempt:
        end({step.error.code(), true, step.error.message(), {}});
        break;
    case TokenStep::Report:
        report({step.error.code(), displayed(step.error.message()), true});
        break;
    }
    armTokenTimer();
}

void DispatchClient::Private::armTokenTimer()
{
    if (!q)
        return;
    if (const auto next = m_tokens.nextCheck(); next && tokenProvider)
        m_tokenTimer->start(delayUntil(*next, now()));
    else
        m_tokenTimer->stop();
}

void DispatchClient::Private::checkToken()
{
    take(tokenProvider ? m_tokens.check(moment()) : TokenStep());
}

/// The server said \a reason; if it is about the token, another one is needed.
void DispatchClient::Private::tokenRefused(const QString &reason)
{
    if (!isAboutToken(reason))
        return;
    m_tokens.refused(moment());
    armTokenTimer();
}
