// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "stateview_p.h"

#include <QtCore/qobject.h>

namespace Dispatch {

/// The shared state of a client's shard, and news of it for those who show it.
class StateHub : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    StateView view;
    bool isAvailable = false; ///< the client is in a shard whose server keeps one

Q_SIGNALS:
    /// Something about \a keys is different, or may be; empty: about any.
    void changed(const QStringList &keys);
    void availableChanged();
    /// A change of this client will not be made, or may have been made or not.
    void failed(const QString &key, const DispatchError &error);
};

} // namespace Dispatch
