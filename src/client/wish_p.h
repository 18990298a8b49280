// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"

#include <QtCore/qurl.h>

namespace Dispatch {

/// Where one wants to be, and what the way there may look like.
struct Wish {
    QUrl url = {};
    QString projectId = {};
    QString shardName = {};
    int maxConnectionsPerShard = 100;
    QString authorization = {};
    bool allowInsecure = false;
    QUrl caFile = {};

    bool operator==(const Wish &) const = default;
};

/// Whether \a host is this machine, whatever a name server says.
bool isLoopback(const QString &host);

/// Why no one may connect to \a url, if so. Without encryption only this machine is reached, unless
/// \a allowInsecure.
DispatchError checkServerUrl(const QUrl &url, bool allowInsecure);

/// Why \a wish can't be fulfilled, if so.
DispatchError checkWish(const Wish &wish);

/// What to open for \a wish, with the last \a history events of the shard. Has no secret in it that
/// the user has not put into the URL.
QUrl joinUrl(const Wish &wish, int history = 0);

/// \a url as it may be shown: a password or a token in it is left out.
QString displayUrl(const QUrl &url);

} // namespace Dispatch
