// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "commandtable_p.h"

namespace Dispatch::Ctl {

/// A line of the help.
struct HelpEntry {
    QString name;
    QString help;
};

/// What there is to say of each of \a options.
QList<HelpEntry> optionHelp(const QList<OptionInfo> &options);
/// The variables that are read, and what each is for.
QList<HelpEntry> environmentHelp();
/// How the program ends.
QList<HelpEntry> exitCodeHelp();

/// What 'dispatchctl --help' prints, without a line feed at its end.
QString mainHelp();
/// What 'dispatchctl COMMAND --help' prints.
QString commandHelp(const CommandInfo &command);

} // namespace Dispatch::Ctl
