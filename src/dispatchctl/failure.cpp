// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "failure_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

ExitCode exitCodeOf(const DispatchError &error)
{
    switch (error.code()) {
    case DispatchError::Timeout:
        return ExitCode::TimedOut;
    case DispatchError::InvalidUrl:
    case DispatchError::InsecureUrl:
    case DispatchError::InvalidEventName:
    case DispatchError::InvalidPayload:
    case DispatchError::MessageTooBig:
        return ExitCode::BadUsage;
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
        return u"If the certificate is from a CA of your own, name it with --ca-file."_s;
    case DispatchError::NetworkError:
    case DispatchError::ProtocolError:
    case DispatchError::Timeout:
        return u"'dispatchctl doctor' looks for the cause."_s;
    default:
        return {};
    }
}

} // namespace

Failure failureOf(const DispatchError &error, const QUrl &url)
{
    const ExitCode exitCode = exitCodeOf(error);
    QString message = error.message();
    if (exitCode == ExitCode::Unreachable || exitCode == ExitCode::TimedOut)
        message.prepend(displayed(url) + u": "_s);
    if (!message.endsWith(u'.') && !message.endsWith(u')'))
        message += u'.';
    if (const QString advice = adviceFor(error); !advice.isEmpty())
        message += u' ' + advice;
    return {exitCode, message, error.reason()};
}

QString displayed(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
}

} // namespace Dispatch::Ctl
