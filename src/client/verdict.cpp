// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "verdict_p.h"

#include "closecode_p.h"
#include "refusal_p.h"
#include "tlssettings_p.h"
#include "utf8_p.h"

#include <QtCore/qregularexpression.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Dispatch {

namespace {

struct StatusRow {
    int status;
    DispatchError::Code code;
    bool retry;
    /// The only thing that it can mean, also where the answer does not say so.
    std::optional<Refusal> refusal{};
};

// What is not here is judged by its class.
constexpr StatusRow Statuses[] = {
    {400, DispatchError::InvalidParameters, false},
    {401, DispatchError::Unauthorized, false, Refusal::Unauthorized},
    {403, DispatchError::Unauthorized, false},
    {404, DispatchError::InvalidParameters, false},
    {408, DispatchError::Timeout, true},
    {409, DispatchError::ShardFull, false, Refusal::ShardFull},
    {421, DispatchError::InvalidUrl, false},
    {422, DispatchError::InvalidParameters, false},
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

/// What is known of a refusal that the answer does not name: a proxy, or another server, gave it.
QString sentenceFor(const StatusRow &row)
{
    if (row.status == 400)
        return u"The server does not understand the request: look at the URL and what it asks for; "
               "if its port speaks TLS, the URL begins with wss://."_s;
    if (row.code == DispatchError::Unauthorized)
        return u"The server does not let this client in."_s;
    if (row.code == DispatchError::ServerUnavailable)
        return u"No server takes this client in at the moment."_s;
    return u"The answer is not that of a Dispatch server: is there one at the URL?"_s;
}

/// What the server closed for: the refusal that \a reason names, if it is closed with \a code.
const RefusalInfo *refusalClosedWith(std::uint16_t code, const QString &reason)
{
    const RefusalInfo *found = findRefusal(reason.toStdString());
    return found && found->closeCode == static_cast<CloseCode>(code) ? found : nullptr;
}

/// \a sentence with \a note in brackets before its end.
QString withNote(const QString &sentence, const QString &note)
{
    return u"%1 (%2)%3"_s.arg(sentence.chopped(1), note, sentence.last(1));
}

} // namespace

QString asSentence(const QString &text)
{
    return text.endsWith(u'.') || text.endsWith(u'?') || text.endsWith(u'!') ? text : text + u'.';
}

std::optional<StatusLine> statusLineIn(const QString &handshakeError)
{
    // QWebSocket puts the reason phrase in brackets, with the line's end, in whatever language.
    static const QRegularExpression status(u"\\b([1-5]\\d\\d) \\(([^)]*)"_s);
    if (const auto match = status.match(handshakeError); match.hasMatch())
        return StatusLine{match.captured(1).toInt(), match.captured(2).trimmed()};
    // What it makes of 400.
    if (handshakeError.contains("Unknown error condition"_L1))
        return StatusLine{400};
    return std::nullopt;
}

Verdict judgeHttpStatus(const StatusLine &answer, bool wasThere)
{
    const StatusRow row = rowOfStatus(answer.status);
    Verdict verdict{row.code, row.retry, {}, {}};
    if (row.code == DispatchError::ShardFull && wasThere)
        verdict.retry = true;

    const RefusalInfo *refusal = findRefusal(answer.code.toStdString(), answer.status);
    if (!refusal && row.refusal)
        refusal = &info(*row.refusal);
    if (refusal) {
        verdict.reason = toQString(refusal->slug);
        verdict.canHelpLater = refusal->retry;
    }
    verdict.message = withNote(refusal ? toQString(refusal->sentence) : sentenceFor(row),
                               u"HTTP status %1"_s.arg(answer.status));
    return verdict;
}

bool isAboutToken(const QString &reason)
{
    for (const Refusal refusal :
         {Refusal::Unauthorized, Refusal::TokenExpired, Refusal::InvalidToken,
          Refusal::TokenNotRenewed, Refusal::NoTokenKey}) {
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
    QString note = u"close code %1"_s.arg(judged);
    if (const RefusalInfo *refusal = refusalClosedWith(judged, reason))
        message = toQString(refusal->sentence);
    else if (!reason.isEmpty())
        note += u": "_s + reason;
    message = withNote(message, note);

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

Verdict judgeSocketError(QAbstractSocket::SocketError error, const QString &errorString)
{
    const QString text = asSentence(errorString);
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
