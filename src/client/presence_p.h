// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"
#include "presencemessage_p.h"

#include <QtCore/qhash.h>
#include <QtCore/qset.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// The clients of the shard, kept up to date from the whole lists or the differences that the
/// server sends. Only entries whose text changed are decoded.
class Presence {
public:
    /// Who of the clients we are.
    void setSelf(const QString &clientId);

    static constexpr qsizetype NoLimit = std::numeric_limits<qsizetype>::max();
    enum class Update {
        Done,
        NoList, ///< it can't be read, or is not the next one
        TooLong, ///< ignored, and in the extended profile all differences until the next greeting
    };
    /// Takes over \a payload of CONNECTED_CLIENTS_CHANGED, if it is one, and has \a most clients at
    /// most. Who stayed keeps the place, who came is put behind.
    Update update(std::string_view payload, qsizetype most = NoLimit);
    /// The same from the list in a greeting of the extended profile, which has \a revision.
    Update updateFromGreeting(std::string_view clients, std::uint64_t revision,
                              qsizetype most = NoLimit);
    /// Takes over \a payload of PRESENCE, if it is one, and the next.
    Update apply(std::string_view payload, qsizetype most = NoLimit);
    void clear();

    const QList<DispatchConnectedClient> &clients() const { return m_clients; }
    /// Entries decoded since the beginning.
    qint64 decoded() const { return m_decoded; }

private:
    void markSelf();
    void renameSelf(const QSet<QString> &there);
    void replace(const std::vector<PresenceSlice> &slices);
    void put(const std::vector<PresenceSlice> &slices);
    /// How many of them are not there yet.
    qsizetype newIn(const std::vector<PresenceSlice> &slices) const;
    void remove(const std::vector<std::string> &clientIds);
    DispatchConnectedClient decode(const QString &clientId, const QByteArray &raw);

    QString m_self;
    QList<DispatchConnectedClient> m_clients;
    QHash<QString, QByteArray> m_raw;
    std::uint64_t m_revision = 0;
    bool m_isIncomplete = false; ///< differences can't be applied to it
    qint64 m_decoded = 0;
};

} // namespace Dispatch
