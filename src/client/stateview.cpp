// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "stateview_p.h"

#include "payload_p.h"
#include "utf8_p.h"

#include <utility>

namespace Dispatch {

namespace {

qint64 sizeOf(const QString &key, const StateView::Item &item)
{
    return key.size() * qint64(sizeof(QChar)) + item.value.size();
}

StateView::Item toItem(const ReceivedStateItem &received)
{
    StateView::Item item;
    if (!received.value.empty())
        item.value = Payload::padded(received.value);
    item.isOwned = received.isOwned;
    item.sequence = qint64(received.seq);
    item.senderId = toQString(received.from);
    item.senderUserId = toQString(received.fromUser);
    item.time = qint64(received.time);
    item.expiresAt = received.expiresAt;
    return item;
}

} // namespace

void StateView::put(const QString &key, Item item)
{
    remove(key);
    m_bytes += sizeOf(key, item);
    m_told.emplace(key, std::move(item));
}

void StateView::remove(const QString &key)
{
    const auto found = m_told.find(key);
    if (found == m_told.end())
        return;
    m_bytes -= sizeOf(key, found->second);
    m_told.erase(found);
}

void StateView::replace(const ReceivedState &state)
{
    m_told.clear();
    m_bytes = 0;
    m_toldAt = state.seq;
    m_removedKey.clear();
    for (const ReceivedStateItem &item : state.items)
        put(toQString(item.key), toItem(item));
}

bool StateView::apply(const ReceivedStateItem &received)
{
    // Events from before may follow a state that has them already.
    if (received.seq <= m_toldAt)
        return false;
    const QString key = toQString(received.key);
    Item item = toItem(received);
    if (!item.value.isNull()) {
        put(key, std::move(item));
        return true;
    }
    remove(key);
    m_removedKey = key;
    m_removal = std::move(item);
    return true;
}

void StateView::clear()
{
    m_told.clear();
    m_bytes = 0;
    m_toldAt = 0;
    m_removedKey.clear();
}

void StateView::propose(std::uint64_t id, const QString &key, Item item)
{
    item.isPending = true;
    m_proposed.insert(id, key);
    m_own.insert_or_assign(key, Own{id, std::move(item)});
}

std::optional<QString> StateView::settle(std::uint64_t id)
{
    const QString key = m_proposed.take(id);
    const auto own = m_own.find(key);
    if (own == m_own.end() || own->second.id != id)
        return std::nullopt;
    m_own.erase(own);
    return key;
}

const StateView::Item *StateView::find(const QString &key) const
{
    if (const auto own = m_own.find(key); own != m_own.end())
        return own->second.item.value.isNull() ? nullptr : &own->second.item;
    const auto told = m_told.find(key);
    return told == m_told.end() ? nullptr : &told->second;
}

QStringList StateView::keys() const
{
    QStringList keys;
    for (const auto &[key, item] : m_told) {
        if (!m_own.contains(key))
            keys.append(key);
    }
    for (const auto &[key, own] : m_own) {
        if (!own.item.value.isNull())
            keys.append(key);
    }
    keys.sort();
    return keys;
}

StateView::Item StateView::removal(const QString &key) const
{
    return key == m_removedKey ? m_removal : Item();
}

} // namespace Dispatch
