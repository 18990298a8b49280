// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtQml/qqmlinfo.h>

namespace Dispatch {

/// The client that \a part is inside of. Null if there is none, with a warning of what \a part
/// \a does then, as "hears nothing".
template<typename Client>
Client *outerClient(const QObject *part, QLatin1StringView does)
{
    auto *client = qobject_cast<Client *>(part->parent());
    if (!client) {
        qmlWarning(part).nospace().noquote()
            << does << ": put it inside a DispatchClient, or set client";
    }
    return client;
}

} // namespace Dispatch
