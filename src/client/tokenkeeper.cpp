// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tokenkeeper_p.h"

#include "limits_p.h"

#include <QtCore/qjsondocument.h>
#include <QtCore/qjsonobject.h>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Dispatch {

namespace {

/// How long before its end a token is renewed: long enough to ask twice, also for a token that is
/// good for minutes only.
constexpr Milliseconds LeastLead = 30s;
constexpr int LeadDivisor = 10;
/// So that a provider whose tokens end at once is not asked without a pause.
constexpr Milliseconds LeastWait = 1s;
/// The year 5138; beyond it seconds are taken for milliseconds by mistake.
constexpr double LastSecond = 1e11;

} // namespace

std::optional<Milliseconds> expiryOf(const QString &token)
{
    const QList<QByteArray> parts = token.toLatin1().split('.');
    if (parts.size() != 3)
        return std::nullopt;
    const auto json = QByteArray::fromBase64Encoding(
        parts[1], QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!json)
        return std::nullopt;
    const QJsonValue end = QJsonDocument::fromJson(*json).object().value("exp"_L1);
    if (!end.isDouble() || !(end.toDouble() > 0) || end.toDouble() > LastSecond)
        return std::nullopt;
    return Milliseconds(qint64(end.toDouble() * 1000));
}

QString faultOf(const QString &token)
{
    if (token.isEmpty())
        return u"it gave an empty token"_s;
    if (token.size() > qsizetype(Limits::TokenBytes))
        return u"its token has %1 bytes; the limit is %2"_s.arg(token.size())
            .arg(Limits::TokenBytes);
    const auto isVisible = [](QChar c) { return c > u' ' && c <= u'~'; };
    if (!std::ranges::all_of(token, isVisible))
        return u"its token has a character that no token has, as a space or a line's end"_s;
    return {};
}

TokenKeeper::TokenKeeper(Backoff::Random random)
    : m_backoff(random)
    , m_random(std::move(random))
{
}

void TokenKeeper::setReconnectPolicy(const DispatchReconnectPolicy &policy)
{
    DispatchReconnectPolicy endless = policy;
    endless.maxAttempts = -1;
    m_backoff.setPolicy(endless);
}

TokenStep TokenKeeper::ask(Purpose purpose, Instant deadline)
{
    m_question = {++m_lastQuestion, purpose, deadline};
    return {.type = TokenStep::Ask, .question = m_lastQuestion};
}

TokenStep TokenKeeper::attempt()
{
    return ask(Purpose::Attempt, {});
}

void TokenKeeper::renew(Moment now)
{
    m_question.reset();
    m_due = now;
}

void TokenKeeper::given(const QString &token, Moment now)
{
    if (!token.isEmpty())
        use(token, now);
}

void TokenKeeper::joined()
{
    m_joined = true;
    m_refused.clear();
}

void TokenKeeper::left()
{
    m_joined = false;
    m_question.reset();
    m_due.reset();
}

void TokenKeeper::refused(Moment now)
{
    m_refused = m_token;
    if (m_joined)
        m_due = Moment{std::max(now.steady, m_notBefore), Milliseconds::max()};
}

/// Takes \a token over, and plans when the next one is needed. Clients whose tokens end together
/// do not ask together.
void TokenKeeper::use(const QString &token, Moment now)
{
    m_token = token;
    m_due.reset();
    const auto end = expiryOf(token);
    if (!end || *end <= now.wall)
        return;
    const Milliseconds left = *end - now.wall;
    const Milliseconds lead = std::min(std::max(LeastLead, left / LeadDivisor), left / 2);
    const double jitter = std::clamp(m_random(), 0.0, 1.0) / 2;
    const auto early = lead + Milliseconds(qint64(jitter * double(lead.count())));
    const Milliseconds wait = std::max(left - early, LeastWait);
    m_due = Moment{now.steady + wait, now.wall + wait};
}

TokenStep TokenKeeper::answered(std::uint64_t question, const QString &token, Moment now)
{
    if (!m_question || m_question->id != question)
        return {};
    const Purpose purpose = m_question->purpose;
    m_question.reset();
    if (const QString fault = faultOf(token); !fault.isEmpty())
        return unusable(purpose, fault);
    if (purpose == Purpose::Attempt) {
        use(token, now);
        return {.type = TokenStep::Join, .token = token};
    }
    // Sent again, it would only bring the end of the connection nearer.
    if (token == m_refused)
        return unusable(purpose, u"it gave the token again that the server has refused"_s);
    if (token == m_token) {
        m_due = Moment{m_notBefore, Milliseconds::max()};
        return {};
    }
    use(token, now);
    return {.type = TokenStep::Identify, .token = token};
}

TokenStep TokenKeeper::failed(std::uint64_t question, const QString &why)
{
    if (!m_question || m_question->id != question)
        return {};
    const Purpose purpose = m_question->purpose;
    m_question.reset();
    return unusable(purpose, why);
}

TokenStep TokenKeeper::unusable(Purpose purpose, const QString &why)
{
    const DispatchError error(DispatchError::TokenUnavailable,
                              u"The token provider is of no help: %1."_s.arg(why), true);
    if (purpose == Purpose::Attempt)
        return {.type = TokenStep::FailAttempt, .error = error};
    m_due = Moment{m_notBefore, Milliseconds::max()};
    return {.type = TokenStep::Report, .error = error};
}

TokenStep TokenKeeper::check(Moment now)
{
    if (!m_joined)
        return {};
    if (m_question) {
        if (now.steady < m_question->deadline)
            return {};
        m_question.reset();
        return unusable(Purpose::Renewal, u"it did not answer in time"_s);
    }
    if (!m_due || (now.steady < m_due->steady && now.wall < m_due->wall))
        return {};
    m_due.reset();
    // A time in which nobody had to be asked starts the delays anew.
    m_backoff.connectionEnded(now.steady - m_notBefore);
    m_notBefore = now.steady + m_backoff.next().value_or(LeastWait);
    return ask(Purpose::Renewal, now.steady + m_timeout);
}

std::optional<Instant> TokenKeeper::nextCheck() const
{
    if (!m_joined)
        return std::nullopt;
    if (m_question)
        return m_question->deadline;
    return m_due ? std::optional(m_due->steady) : std::nullopt;
}

} // namespace Dispatch
