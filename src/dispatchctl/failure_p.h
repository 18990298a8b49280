// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "exitcode_p.h"

#include <DispatchError>

#include <QtCore/qstring.h>
#include <QtCore/qurl.h>

namespace Dispatch::Ctl {

/// Why a command did not do what it was told.
struct Failure {
    ExitCode exitCode = ExitCode::Failed;
    QString message; ///< a sentence that says what to do
    QString code = {}; ///< the server's code of a refusal ("shard_full"), or empty
};

/// What \a error of a client of the server at \a url means.
Failure failureOf(const DispatchError &error, const QUrl &url);

/// \a message of the library or the server, with options in the place of the properties in it.
QString inOptions(QString message);

/// \a text with a full stop at its end, if nothing else ends it.
QString asSentence(const QString &text);

/// \a url without what may be secret: user, password and query.
QString displayed(const QUrl &url);

} // namespace Dispatch::Ctl
