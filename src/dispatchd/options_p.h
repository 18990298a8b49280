// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstringlist.h>
#include <QtNetwork/qhostaddress.h>

#include <variant>

namespace Dispatch {

/// How the daemon ends (docs/operations.md).
enum class ExitCode {
    Clean = 0, ///< ended by a signal, or only asked for help
    CannotListen = 1,
    BadOptions = 2, ///< nothing was started; another try with the same options can't help
};

/// What the command line asks for.
struct Options {
    QHostAddress address{QHostAddress::LocalHost};
    quint16 port = 8090; ///< 0: a free one
    QString secretFile; ///< empty: each token is refused
    int threads = 1;
};

/// The command line asks for no server: print \a text and end.
struct EarlyExit {
    ExitCode code = ExitCode::Clean;
    QString text; ///< for stdout if the code is Clean, else for stderr
};

/// Reads \a arguments, the program's name first.
std::variant<Options, EarlyExit> parseOptions(const QStringList &arguments, const QString &version);

} // namespace Dispatch
