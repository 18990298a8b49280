// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"

#include <QtCore/qurl.h>
#include <QtNetwork/qnetworkproxy.h>

namespace Dispatch {

/// Why \a proxy can't lead to a server; no error if it can.
DispatchError checkProxy(const QNetworkProxy &proxy);

/// The proxy on the way to \a url: \a wished, if it is not QNetworkProxy::DefaultProxy; else the
/// first of those that the application names, or the system, that can carry any connection. To
/// this machine Qt names none.
QNetworkProxy chooseProxy(const QNetworkProxy &wished, const QUrl &url);

} // namespace Dispatch
