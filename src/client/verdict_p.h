// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"
#include "dispatcherror.h"
#include "instant_p.h"

#include <QtNetwork/qabstractsocket.h>
#include <QtNetwork/qsslerror.h>

#include <cstdint>
#include <optional>

namespace Dispatch {

/// Why an attempt or a connection ended, and whether the client makes another attempt by itself.
struct Verdict {
    DispatchError::Code code = DispatchError::NoError;
    bool retry = false;
    QString message;
    QString reason; ///< the server's slug, or empty
    std::optional<Milliseconds> retryAfter{}; ///< that the server asked for
    bool canHelpLater = false; ///< an attempt can, although the client makes none

    DispatchError toError() const { return {code, message, retry || canHelpLater, reason}; }
};

/// How an HTTP answer begins, as far as it says why something is refused.
struct StatusLine {
    int status = 0;
    QString code = {}; ///< of a refusal, if it is one of the server's; else anything
};

/// The status line in the error text of a QWebSocket whose handshake failed, which says it nowhere
/// else; nothing if there is none.
std::optional<StatusLine> statusLineIn(const QString &handshakeError);

/// The request was answered with \a answer instead of what it asked for. \a wasThere: this client
/// was in the shard before, so the seat that is missing may be held by its own ghost.
Verdict judgeHttpStatus(const StatusLine &answer, bool wasThere);

/// \a text with a full stop at its end, if it has none.
QString asSentence(const QString &text);

/// Whether \a reason, the server's slug, means that the token is not good, or not any more.
bool isAboutToken(const QString &reason);

/// The connection ended. \a code is that of the close frame; nothing if none came.
DISPATCH_CLIENT_EXPORT Verdict judgeClose(std::optional<std::uint16_t> code, const QString &reason);

/// The connection ended with a close frame whose code QWebSocket has no word for.
Verdict judgeUnreadableClose();

/// No connection came about, or it broke.
Verdict judgeSocketError(QAbstractSocket::SocketError error, const QString &errorString);

/// The server broke a \a limit of DispatchIncomingLimits: \a how, as in "sends too much".
Verdict judgeBrokenLimit(const QString &how, const QString &limit);

/// The server's certificate has these faults.
Verdict judgeTlsErrors(const QList<QSslError> &errors);

} // namespace Dispatch
