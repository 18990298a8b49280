// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"

namespace Dispatch {

/// What a server can work with. Zero would be 'no limit' to some and 'nothing' to others: it is the
/// least that makes sense. No more connections than \a mostConnections, for which there are files.
DispatchServerSettings usable(DispatchServerSettings settings, int mostConnections);

/// Tells of what an operator may not have meant.
void warnOf(const DispatchServerSettings &settings);

} // namespace Dispatch
