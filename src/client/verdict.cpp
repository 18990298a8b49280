// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "verdict_p.h"

#include "closecode_p.h"
#include "refusal_p.h"
#include "tlssettings_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

struct StatusRow {
    int status;
    DispatchError::Code code;
    bool retry;
};

// What is not here is judged by its class.
constexpr StatusRow Statuses[] = {
    {400, DispatchError::InvalidParameters, false},
    {401, DispatchError::Unauthorized, false},
    {403, DispatchError::Unauthorized, false},
    {404, DispatchError::InvalidParameters, false},
    {408, DispatchError::Timeout, true},
    {409, DispatchError::ShardFull, false},
    {425, DispatchError::ServerUnavailable, true},
    {429, DispatchError::ServerUnavailable, true},
};

StatusRow rowOfStatus(int status)
{
    const auto *row = std::ranges::find(Statuses, status, &StatusRow::status);
    if (row != std::end(Statuses))
        return *row;
    if (status >= 500)
        return {status, DispatchError::ServerUnavailable, true};
    // A page or a redirection is what a captive portal answers: it goes away.
    return {status, DispatchError::ProtocolError, status < 400};
}

} // namespace

Verdict judgeHttpStatus(int status, bool wasThere)
{
    const StatusRow row = rowOfStatus(status);
    Verdict verdict{row.code, row.retry, {}, {}};
    if (row.code == DispatchError::ShardFull && wasThere)
        verdict.retry = true;

    const auto known = std::ranges::find(refusals(), status, &RefusalInfo::httpStatus);
    if (known != refusals().end()) {
        verdict.reason = toQString(known->slug);
        verdict.message = u"%1 (HTTP status %2)"_s.arg(toQString(known->sentence)).arg(status);
    } else {
        verdict.message =
            u"The server answered with HTTP status %1 instead of a connection."_s.arg(status);
    }
    return verdict;
}

bool isAboutToken(const QString &reason)
{
    for (const Refusal refusal : {Refusal::Unauthorized, Refusal::TokenExpired,
                                  Refusal::InvalidToken, Refusal::TokenNotRenewed}) {
        if (reason == toQString(info(refusal).slug))
            return true;
    }
    return false;
}

Verdict judgeClose(std::optional<std::uint16_t> code, const QString &reason)
{
    const auto of = [](CloseCode c) { return static_cast<std::uint16_t>(c); };
    std::uint16_t judged = code.value_or(of(CloseCode::Abnormal));
    // QWebSocket says 1000 for a close frame that is empty, too (RFC 6455: 1005). A server that
    // means 'do not come back' says why.
    if (judged == of(CloseCode::Normal) && reason.isEmpty())
        judged = of(CloseCode::NoStatus);

    const auto known =
        std::ranges::find(closeCodes(), static_cast<CloseCode>(judged), &CloseCodeInfo::code);
    QString message = known != closeCodes().end() ? toQString(known->meaning)
                                                  : u"The server closed the connection."_s;
    message += u" (close code %1"_s.arg(judged);
    message += reason.isEmpty() ? u")"_s : u": %1)"_s.arg(reason);

    const bool retry = isRetryable(judged);
    DispatchError::Code error =
        code ? DispatchError::ServerUnavailable : DispatchError::NetworkError;
    if (!retry)
        error = DispatchError::ClosedByServer;
    return {error, retry, message, reason};
}

Verdict judgeUnreadableClose()
{
    return {DispatchError::ServerUnavailable,
            true,
            u"The server closed the connection with a code that Qt can't read: most likely it "
            "restarts (1012) or is overloaded (1013)."_s,
            {}};
}

Verdict judgeBrokenLimit(const QString &how, const QString &limit)
{
    return {DispatchError::ProtocolError,
            true,
            u"The server %1 (incomingLimits.%2)."_s.arg(how, limit),
            {}};
}

Verdict judgeTlsErrors(const QList<QSslError> &errors)
{
    // A captive portal shows a wrong certificate for a while, and certificates get renewed.
    return {DispatchError::TlsError, true, describeTlsErrors(errors), {}};
}

Verdict judgeSocketError(QAbstractSocket::SocketError error, const QString &text)
{
    switch (error) {
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return {DispatchError::TlsError, true, text, {}};
    case QAbstractSocket::SocketTimeoutError:
        return {DispatchError::Timeout, true, text, {}};
    case QAbstractSocket::UnsupportedSocketOperationError:
        return {DispatchError::InvalidUrl, false, text, {}};
    default:
        return {DispatchError::NetworkError, true, text, {}};
    }
}

} // namespace Dispatch
