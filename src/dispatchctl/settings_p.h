// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "optionreader_p.h"

#include <QtCore/qflags.h>
#include <QtCore/qprocess.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qsslconfiguration.h>

namespace Dispatch::Ctl {

/// Groups of the options that several commands have.
enum class SharedOption {
    Server = 1,
    Project = 2,
    Shard = 4,
    Token = 8,
    ProjectToken = 16,
    Output = 32,
    TokenProject = 64, ///< --project, where no server fills it in
};
Q_DECLARE_FLAGS(SharedOptions, SharedOption)
Q_DECLARE_OPERATORS_FOR_FLAGS(SharedOptions)

/// What the shared options say, or else the environment, or else their defaults.
struct Settings {
    QUrl url = {};
    bool isInsecure = false; ///< whether ws:// to another machine is allowed
    QString projectId = {}; ///< empty: 'default'
    QString shardName = {}; ///< empty: the server chooses
    QString token = {}; ///< a secret, never to be printed
    QByteArray projectToken = {}; ///< a secret, never to be printed
    std::optional<QSslConfiguration> ssl = {};
    Milliseconds timeout{10'000};
};

/// Reads what \a which names of the shared options.
Settings readSettings(SharedOptions which, OptionReader &read,
                      const QProcessEnvironment &environment);

/// What --shard says, or an empty text.
QString readShardName(OptionReader &read);

/// Whether \a host is this machine, for sure.
bool isLoopback(const QString &host);

} // namespace Dispatch::Ctl
