// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qstringlist.h>

namespace Dispatch {

// Where \a wished has something that it can't have, it gets what \a present has; each is told by a
// sentence that says what it can have.
[[nodiscard]] QStringList refuseNonsense(DispatchReconnectPolicy &wished,
                                         const DispatchReconnectPolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchQueuePolicy &wished,
                                         const DispatchQueuePolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchRequestPolicy &wished,
                                         const DispatchRequestPolicy &present);

} // namespace Dispatch
