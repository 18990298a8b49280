// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "credentialentries_p.h"

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>

#include <toml++/toml.h>

namespace Dispatch {

/// Reads the list of tables \a node of the file \a path, as [[keys]]. What is wrong goes to
/// \a problems.
QList<KeyEntry> readKeys(const toml::node &node, const QString &path, QStringList &problems);

/// The same for [[project_tokens]].
QList<ProjectTokenEntry> readProjectTokens(const toml::node &node, const QString &path,
                                           QStringList &problems);

} // namespace Dispatch
