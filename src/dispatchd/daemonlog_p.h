// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "daemonsettings_p.h"

#include <QtCore/qloggingcategory.h>

namespace Dispatch {

Q_DECLARE_LOGGING_CATEGORY(lcDaemon)

/// Sends all that is logged in this process, by any thread, to stderr: a line each, in the format
/// and from the level on that  settings name. May be called again.
void installLog(const DaemonSettings &settings);

} // namespace Dispatch
