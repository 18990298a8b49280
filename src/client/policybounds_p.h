// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qstringlist.h>

#include <limits>

namespace Dispatch {

/// What a number can be that the client is set to.
struct Bounds {
    QLatin1StringView name;
    int least = 0;
    int most = std::numeric_limits<int>::max();
};

// Where \a wished has something that it can't have, it gets what \a present has; each is told by a
// sentence that says what it can have.
[[nodiscard]] QStringList refuseNonsense(int &wished, int present, const Bounds &bounds);
[[nodiscard]] QStringList refuseNonsense(DispatchReconnectPolicy &wished,
                                         const DispatchReconnectPolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchQueuePolicy &wished,
                                         const DispatchQueuePolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchRequestPolicy &wished,
                                         const DispatchRequestPolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchIncomingLimits &wished,
                                         const DispatchIncomingLimits &present);

} // namespace Dispatch
