// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "policybounds_p.h"

#include <QtCore/qloggingcategory.h>

class DispatchClient;

namespace Dispatch {

Q_DECLARE_LOGGING_CATEGORY(lcClient)

/// Says to whoever reads the log that something that \a client was told was \a refused.
void warnOf(const DispatchClient *client, const QStringList &refused);

/// What \a client is set to that was told to be \a wished, and is \a present: as by
/// refuseNonsense(), with a warning.
template<typename T, typename... Bounds>
T usable(const DispatchClient *client, T wished, const T &present, const Bounds &...bounds)
{
    warnOf(client, refuseNonsense(wished, present, bounds...));
    return wished;
}

} // namespace Dispatch
