// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "configuration_p.h"

namespace Dispatch {

/// The names of the tables that a file can have: those of the options.
QStringList sections();

/// Reads the configuration file \a path (TOML). Each problem says where it is: "file:line:column".
ConfigurationLayer readConfigFile(const QString &path);

/// Reads \a text, which is said to be from \a path.
ConfigurationLayer parseConfig(const QByteArray &text, const QString &path);

} // namespace Dispatch
