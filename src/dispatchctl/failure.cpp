// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "failure_p.h"

#include <array>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

ExitCode exitCodeOf(const DispatchError &error)
{
    switch (error.code()) {
    case DispatchError::Timeout:
        return ExitCode::TimedOut;
    case DispatchError::InsecureUrl:
    case DispatchError::InvalidEventName:
    case DispatchError::InvalidPayload:
    case DispatchError::MessageTooBig:
        return ExitCode::BadUsage;
    case DispatchError::InvalidUrl:
    case DispatchError::InvalidParameters:
        // The client's own objection has no code of the server.
        return error.reason().isEmpty() ? ExitCode::BadUsage : ExitCode::Refused;
    case DispatchError::NetworkError:
    case DispatchError::TlsError:
    case DispatchError::HeartbeatTimeout:
    case DispatchError::ProtocolError:
        return ExitCode::Unreachable;
    case DispatchError::ServerUnavailable:
        // A proxy that finds no server behind it says so without a code of ours.
        return error.reason().isEmpty() ? ExitCode::Unreachable : ExitCode::Refused;
    case DispatchError::Unauthorized:
    case DispatchError::ShardFull:
    case DispatchError::ClosedByServer:
    case DispatchError::RefusedByServer:
        return ExitCode::Refused;
    default:
        return ExitCode::Failed;
    }
}

QString adviceFor(const DispatchError &error)
{
    switch (error.code()) {
    case DispatchError::TlsError:
    case DispatchError::NetworkError:
    case DispatchError::ProtocolError:
    case DispatchError::Timeout:
        return u"'dispatchctl doctor' looks for the cause."_s;
    default:
        return {};
    }
}

struct Term {
    QLatin1StringView property;
    QLatin1StringView option;
};
constexpr std::array Terms{
    Term{"allowInsecure"_L1, "--insecure"_L1},
    Term{"caFile"_L1, "--ca-file"_L1},
    Term{"projectId"_L1, "--project"_L1},
    Term{"shardName"_L1, "--shard"_L1},
};

} // namespace

QString inOptions(QString message)
{
    for (const Term &term : Terms)
        message.replace(term.property, term.option);
    return message;
}

QString asSentence(const QString &text)
{
    // What the server adds to its sentences is in brackets.
    const QString ends = u".?!)"_s;
    return !text.isEmpty() && ends.contains(text.back()) ? text : text + u'.';
}

Failure failureOf(const DispatchError &error, const QUrl &url)
{
    const ExitCode exitCode = exitCodeOf(error);
    QString message = inOptions(error.message());
    if (exitCode == ExitCode::Unreachable || exitCode == ExitCode::TimedOut)
        message.prepend(displayed(url) + u": "_s);
    message = asSentence(message);
    if (const QString advice = adviceFor(error); !advice.isEmpty())
        message += u' ' + advice;
    return {exitCode, message, error.reason()};
}

QString displayed(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace Dispatch::Ctl
