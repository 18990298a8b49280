// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient.h"

#include <QtCore/qproperty.h>

namespace Dispatch {

/// What of a client bindings follow; set in one step when the signals are due, so that nobody finds
/// its work half done.
struct BindableFacts {
    QProperty<DispatchClient::State> state{DispatchClient::Disconnected};
    QProperty<QString> clientId;
    QProperty<QString> shardName;
    QProperty<double> latency{-1};
};

} // namespace Dispatch
