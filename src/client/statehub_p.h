// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "changenumbers_p.h"
#include "dispatcherror.h"
#include "stateview_p.h"

#include <QtCore/qobject.h>

#include <vector>

namespace Dispatch {

/// The shared state of a client's shard, and news of it for those who show it.
class StateHub : public QObject {
    Q_OBJECT

public:
    /// A change of this client that the server has made, or never will.
    struct SettledChange {
        std::uint64_t id = 0; ///< of the event
        QString key;
        bool isTaken = false;
        qint64 sequence = 0; ///< 0: not known
    };

    using QObject::QObject;

    StateView view;
    ChangeNumbers numbers;
    std::vector<SettledChange> settled; ///< that are shown as pending still
    bool isAvailable = false; ///< the client is in a shard whose server keeps one

Q_SIGNALS:
    /// Something about \a keys is different, or may be; empty: about any.
    void changed(const QStringList &keys);
    void availableChanged();
    /// A change of this client will not be made, or may have been made or not.
    void failed(const QString &key, const DispatchError &error);
};

} // namespace Dispatch
