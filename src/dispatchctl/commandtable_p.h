// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command_p.h"
#include "optionreader_p.h"
#include "settings_p.h"

#include <QtCore/qlist.h>

#include <memory>

namespace Dispatch::Ctl {

/// An option, for parser and help.
struct OptionInfo {
    QString name; ///< without dashes
    QString value; ///< what its value is called; empty: it has none
    QString help;
};

/// A command: what the help says of it, and how it is made.
struct CommandInfo {
    QString name = {}; ///< one word or two, as "token make"
    QString arguments = {}; ///< as the help shows them: "EVENT [PAYLOAD|-]"
    qsizetype minArguments = 0;
    qsizetype maxArguments = 0;
    QString summary = {}; ///< one line
    QString description = {};
    SharedOptions shared = {}; ///< which of the shared options it has
    QList<OptionInfo> options = {}; ///< its own
    /// Makes the command; what is wrong with the options is left with the reader.
    std::unique_ptr<Command> (*make)(const Settings &settings, OptionReader &read,
                                     Console &console) = nullptr;
};

CommandInfo listenCommand();
CommandInfo emitCommand();
CommandInfo recordCommand();
CommandInfo replayCommand();
CommandInfo infoCommand();
CommandInfo clientsCommand();
CommandInfo kickCommand();
CommandInfo tokenMakeCommand();
CommandInfo tokenInspectCommand();
CommandInfo benchCommand();
CommandInfo doctorCommand();

/// All commands, in the order of the help.
const QList<CommandInfo> &commandTable();

/// The shared options that \a which names.
QList<OptionInfo> sharedOptions(SharedOptions which);

} // namespace Dispatch::Ctl
