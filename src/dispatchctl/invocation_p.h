// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandtable_p.h"

#include <variant>

namespace Dispatch::Ctl {

/// Which command to run, and with what.
struct Invocation {
    const CommandInfo *command = nullptr;
    Arguments arguments = {};
};

/// There is nothing to run: print \a text and end.
struct EarlyExit {
    ExitCode code = ExitCode::Fine;
    QString text = {}; ///< for stdout if the code is Fine, else for stderr
};

/// Reads \a arguments, the program's name first.
std::variant<Invocation, EarlyExit> parseInvocation(const QStringList &arguments,
                                                    const QString &version);

/// What to say if the options are wrong; \a command may be null.
EarlyExit usageError(const CommandInfo *command, const QString &problem);

} // namespace Dispatch::Ctl
