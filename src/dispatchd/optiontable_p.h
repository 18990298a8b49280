// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qglobal.h>

#include <span>

namespace Dispatch {

/// What a text has to be.
enum class TextKind {
    Any,
    Address, ///< an IP address
    AddressOrNone, ///< the same, or empty
    Choice, ///< one of OptionRow::choices
    File, ///< a path; in a configuration file relative to that file
};

/// When a change of an option takes effect.
enum class Reload {
    AtOnce, ///< on SIGHUP
    AtRestart,
};

/// What a property of DaemonSettings or DispatchServerSettings does not say of itself.
struct OptionRow {
    const char *property;
    const char *section; ///< the TOML table that it stands in, also the beginning of the property
    const char *comment; ///< for operators: a sentence, with the unit
    Reload reload = Reload::AtOnce;
    qint64 least = 0; ///< of a number
    qint64 most = 0;
    TextKind kind = TextKind::Any;
    const char *choices = ""; ///< separated by a bar
};

/// In the order in which options are shown.
std::span<const OptionRow> optionRows();

} // namespace Dispatch
