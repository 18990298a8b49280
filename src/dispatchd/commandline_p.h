// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "configuration_p.h"

#include <QtCore/qcommandlineoption.h>

#include <variant>

namespace Dispatch {

/// How the daemon ends (docs/operations.md).
enum class ExitCode {
    Clean = 0, ///< ended by a signal, or only asked for something to read
    CannotListen = 1,
    BadOptions = 2, ///< nothing was started; another try with the same options can't help
};

/// What to do with the configuration.
enum class Task { Serve, CheckConfig, PrintConfig };

/// What the command line says.
struct CommandLine {
    Task task = Task::Serve;
    QString configFile{}; ///< empty: none was named
    ConfigurationLayer flags{};
};

/// The command line asks for no configuration: print \a text and end.
struct EarlyExit {
    ExitCode code = ExitCode::Clean;
    QString text{}; ///< for stdout if the code is Clean, else for stderr
};

/// Reads \a arguments, the program's name first.
std::variant<CommandLine, EarlyExit> parseCommandLine(const QStringList &arguments,
                                                      const QString &version);

/// All options, in the order of the help. Those that switch a flag off are hidden from it.
QList<QCommandLineOption> commandLineOptions();

} // namespace Dispatch
