// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "completion_p.h"
#include "manualpage_p.h"

namespace Dispatch::Manual {

/// Writes \a text to \a path, or says on stderr why it can't.
bool writeFile(const QString &path, const QString &text);
/// Writes \a pages, and the completion of \a program, into \a folder.
bool write(const QString &folder, const QList<Page> &pages, const CompletedProgram &program);

} // namespace Dispatch::Manual
