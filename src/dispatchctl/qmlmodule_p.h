// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Ctl {

/// Where 'import Dispatch' would be found, and whether it would work.
struct QmlModule {
    QString importPath = {}; ///< the folder that is searched
    QString folder = {}; ///< of the module itself; empty: not found
    bool isOnPath = true; ///< whether Qt searches importPath by itself
    QString problem = {}; ///< why importing it would fail; empty if it would not
};

/// Looks for the module "Dispatch" in \a importPaths, and then in \a others, where Qt does not
/// look.
QmlModule findQmlModule(const QStringList &importPaths, const QStringList &others);

/// Where Qt looks for modules, first to last.
QStringList qmlImportPaths(const QProcessEnvironment &environment);

} // namespace Dispatch::Ctl
