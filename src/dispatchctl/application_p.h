// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qprocess.h>
#include <QtCore/qstringlist.h>

namespace Dispatch::Ctl {

/// Runs what \a arguments, the program's name first, ask for; returns the process's exit code.
/// Needs a QCoreApplication.
int run(const QStringList &arguments, const QProcessEnvironment &environment,
        const QString &version);

} // namespace Dispatch::Ctl
