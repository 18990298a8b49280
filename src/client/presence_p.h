// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qhash.h>

#include <string_view>

namespace Dispatch {

/// The clients of the shard, kept up to date from the whole lists that the server sends. Only
/// entries whose text changed are decoded.
class Presence {
public:
    /// Who of the clients we are.
    void setSelf(const QString &clientId);

    enum class Update { Done, NoList, TooLong };
    /// Takes over \a payload of CONNECTED_CLIENTS_CHANGED, if it is one, and has \a most clients at
    /// most. Who stayed keeps the place, who came is put behind.
    Update update(std::string_view payload, qsizetype most);
    void clear();

    const QList<DispatchConnectedClient> &clients() const { return m_clients; }
    /// Entries decoded since the beginning.
    qint64 decoded() const { return m_decoded; }

private:
    QString m_self;
    QList<DispatchConnectedClient> m_clients;
    QHash<QString, QByteArray> m_raw;
    qint64 m_decoded = 0;
};

} // namespace Dispatch
