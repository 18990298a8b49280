// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"

#include <QtQml/qqml.h>

// The server library's value types, as QML is told of them.
namespace Dispatch {

struct ServerSettingsForeign {
    Q_GADGET
    QML_FOREIGN(DispatchServerSettings)
    QML_VALUE_TYPE(dispatchServerSettings)
};

} // namespace Dispatch
