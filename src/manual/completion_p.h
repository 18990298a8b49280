// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Manual {

/// An option, for a shell to complete.
struct CompletedOption {
    QString name = {}; ///< without dashes
    /// What the help calls its value: words with a bar between them are all that there are, FILE
    /// and path name a file; empty: it has none.
    QString value = {};
};

struct CompletedCommand {
    QString name = {}; ///< a word or more; empty: what stands behind the program itself
    QList<CompletedOption> options = {};
};

struct CompletedProgram {
    QString name = {};
    QList<CompletedCommand> commands = {};
};

/// A script that bash reads when somebody presses Tab behind the name of \a program.
QString toBash(const CompletedProgram &program);

} // namespace Dispatch::Manual
