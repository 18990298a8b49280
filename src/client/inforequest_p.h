// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"
#include "dispatchtypes.h"

#include <QtCore/qfuture.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qsslconfiguration.h>

#include <optional>

class QNetworkAccessManager;

namespace Dispatch {

/// Where the list of a project's shards is, given where clients connect to.
QUrl infoUrl(const QUrl &server, const QString &projectId);

/// The shards that \a body lists; nothing if it is no such list.
std::optional<QList<DispatchShardInfo>> parseInfo(const QByteArray &body);

/// Gets the list of shards within \a timeout, in ms, from an answer of \a maxBody bytes at most;
/// redirections are not followed. The future always ends: with the list, or with a DispatchError;
/// also when \a network is destroyed.
QFuture<QList<DispatchShardInfo>> requestInfo(QNetworkAccessManager *network, const QUrl &url,
                                              int timeout, qint64 maxBody,
                                              const QSslConfiguration &sslConfiguration);

} // namespace Dispatch
