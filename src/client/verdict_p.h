// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "instant_p.h"

#include <QtNetwork/qabstractsocket.h>
#include <QtNetwork/qsslerror.h>

#include <cstdint>
#include <optional>

namespace Dispatch {

/// Why an attempt or a connection ended, and whether another attempt can help.
struct Verdict {
    DispatchError::Code code = DispatchError::NoError;
    bool retry = false;
    QString message;
    QString reason; ///< the server's slug, or empty
    std::optional<Milliseconds> retryAfter{}; ///< that the server asked for

    DispatchError toError() const { return {code, message, retry, reason}; }
};

/// The join was answered with \a status instead of an upgrade. \a wasThere: this client was in
/// the shard before, so the seat that is missing may be held by its own ghost.
Verdict judgeHttpStatus(int status, bool wasThere);

/// Whether \a reason, the server's slug, means that the token is not good, or not any more.
bool isAboutToken(const QString &reason);

/// The connection ended. \a code is that of the close frame; nothing if none came.
Verdict judgeClose(std::optional<std::uint16_t> code, const QString &reason);

/// The connection ended with a close frame whose code QWebSocket has no word for.
Verdict judgeUnreadableClose();

/// No connection came about, or it broke.
Verdict judgeSocketError(QAbstractSocket::SocketError error, const QString &text);

/// The server broke a \a limit of DispatchIncomingLimits: \a how, as in "sends too much".
Verdict judgeBrokenLimit(const QString &how, const QString &limit);

/// The server's certificate has these faults.
Verdict judgeTlsErrors(const QList<QSslError> &errors);

} // namespace Dispatch
