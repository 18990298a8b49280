// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "backoff_p.h"
#include "dispatcherror.h"

#include <cstdint>
#include <optional>

namespace Dispatch {

/// When \a token ends, since the epoch: the `exp` of a JSON Web Token. Nothing if it is none, or
/// has none. Nothing is verified: this is no reason to trust it.
std::optional<Milliseconds> expiryOf(const QString &token);

/// Why \a token can't be sent to a server; empty if it can.
QString faultOf(const QString &token);

/// What the shell has to do.
struct TokenStep {
    enum Type {
        Nothing,
        Ask, ///< the provider; its answer has `question`
        Join, ///< go on with the attempt that waits for a token, with `token`
        Identify, ///< send `token` over the connection
        FailAttempt, ///< the attempt that waits for a token has none: `error`
        Report, ///< `error`; the connection goes on
    };
    Type type = Nothing;
    std::uint64_t question = 0;
    QString token = {};
    DispatchError error = {};
};

/// Decides when a token provider is asked, and what its answers are worth. Knows no provider and
/// no clock.
///
/// It is asked before each attempt, whose end, if no answer comes, is the session's; and while
/// joined, when the token nears its end or is refused. How often it is asked while joined is
/// bounded by a back-off, whatever provider and server do.
class TokenKeeper {
public:
    explicit TokenKeeper(Backoff::Random random);

    /// How long an answer may take while joined.
    void setTimeout(Milliseconds timeout) { m_timeout = timeout; }
    void setReconnectPolicy(const DispatchReconnectPolicy &policy);

    /// An attempt needs a token.
    TokenStep attempt();
    /// There is another provider, and a connection that its token is for.
    void renew(Moment now);
    /// Another token has taken the provider's place, until it is asked next.
    void given(const QString &token, Moment now);
    /// A question was answered. Only the first answer to the last question counts.
    TokenStep answered(std::uint64_t question, const QString &token, Moment now);
    TokenStep failed(std::uint64_t question, const QString &why);
    /// The attempt led to a connection.
    void joined();
    /// There is no attempt and no connection any more.
    void left();
    /// The server said that the token is not, or no longer, good.
    void refused(Moment now);
    TokenStep check(Moment now);

    /// When check() has something to do, unless the machine sleeps; nothing if never.
    std::optional<Instant> nextCheck() const;
    /// The last token that can be used; empty if there was none.
    QString token() const { return m_token; }

private:
    enum class Purpose { Attempt, Renewal };
    struct Question {
        std::uint64_t id;
        Purpose purpose;
        Instant deadline;
    };

    TokenStep ask(Purpose purpose, Instant deadline);
    TokenStep unusable(Purpose purpose, const QString &why);
    void use(const QString &token, Moment now);

    Backoff m_backoff;
    Backoff::Random m_random;
    Milliseconds m_timeout{10'000};
    std::uint64_t m_lastQuestion = 0;
    std::optional<Question> m_question;
    QString m_token;
    QString m_refused;
    bool m_joined = false;
    std::optional<Moment> m_due; ///< the next renewal
    Instant m_notBefore{}; ///< of the next renewal
};

} // namespace Dispatch
