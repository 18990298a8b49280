// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "statemessage_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qhash.h>
#include <QtCore/qstring.h>
#include <QtCore/qstringlist.h>

#include <cstdint>
#include <map>
#include <optional>

namespace Dispatch {

/// The shared state of the shard as it is shown: what the server has said, and over it what the
/// client itself has changed and has not heard of yet.
class StateView {
public:
    struct Item {
        QByteArray value; ///< JSON, with spare room behind it; null: the key was removed
        bool isOwned = false;
        qint64 sequence = 0; ///< of the event that changed it; 0: the server has not said so yet
        QString senderId;
        QString senderUserId;
        qint64 time = 0; ///< ms since the epoch, by the server's clock
        qint64 expiresAt = 0; ///< likewise; 0: does not
        bool isPending = false; ///< the server has not said so yet

        bool operator==(const Item &) const = default;
    };

    /// The server says all.
    void replace(const ReceivedState &state);
    /// The server says of one change; false if it is older than what is known.
    bool apply(const ReceivedStateItem &item);
    void clear();

    /// The client's emission \a id is to change \a key.
    void propose(std::uint64_t id, const QString &key, Item item);
    /// That was taken, or never will be: what the server says counts again. Gives the key if what
    /// is shown may be different now.
    std::optional<QString> settle(std::uint64_t id);

    /// What is shown under \a key; null if it is not there.
    const Item *find(const QString &key) const;
    /// All keys that are there, in order.
    QStringList keys() const;
    /// Who removed \a key, if that was the latest thing that the server said.
    Item removal(const QString &key) const;

    /// Of all keys and values that the server has told.
    qint64 bytes() const { return m_bytes; }

private:
    struct Own {
        std::uint64_t id = 0;
        Item item;
    };

    void put(const QString &key, Item item);
    void remove(const QString &key);

    std::map<QString, Item> m_told;
    std::uint64_t m_toldAt = 0; // the whole state was that of this event
    qint64 m_bytes = 0;
    std::map<QString, Own> m_own; // the latest of each key
    QHash<std::uint64_t, QString> m_proposed; // keys, by emissions
    QString m_removedKey;
    Item m_removal;
};

} // namespace Dispatch
