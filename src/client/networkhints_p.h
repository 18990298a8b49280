// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchclient_export.h"

#include <QtCore/qobject.h>
#include <QtNetwork/qnetworkinformation.h>

namespace Dispatch {

/// What the system says of the network, for all clients of the process. It is a hint and no more:
/// systems know little of the way to a certain server. Exported for tests.
class DISPATCH_CLIENT_EXPORT NetworkHints : public QObject {
    Q_OBJECT

public:
    using Reachability = QNetworkInformation::Reachability;

    /// Lives on the application's thread. May be called on any.
    static NetworkHints *instance();
    /// Whether a change from \a before to \a now is a reason to look whether a server can be
    /// reached again.
    static bool isBetter(Reachability before, Reachability now);

    NetworkHints();

Q_SIGNALS:
    /// The network came back, or is another one.
    void changed();

private:
    void load();

    Reachability m_reachability = Reachability::Unknown;
};

} // namespace Dispatch
