// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "changenumbers_p.h"

#include <utility>

namespace Dispatch {

void ChangeNumbers::begin(const QString &key)
{
    ++m_keys[key].onTheirWay;
}

void ChangeNumbers::heard(const QString &key, qint64 sequence)
{
    const auto changes = m_keys.find(key);
    // A server that tells of more than there are does not make it grow.
    if (changes != m_keys.end() && std::cmp_less(changes->heard.size(), changes->onTheirWay))
        changes->heard.push_back(sequence);
}

qint64 ChangeNumbers::take(const QString &key)
{
    const auto changes = m_keys.find(key);
    if (changes == m_keys.end())
        return 0;
    qint64 sequence = 0;
    if (!changes->heard.empty()) {
        sequence = changes->heard.front();
        changes->heard.pop_front();
    }
    drop(key);
    return sequence;
}

void ChangeNumbers::drop(const QString &key)
{
    const auto changes = m_keys.find(key);
    if (changes != m_keys.end() && --changes->onTheirWay == 0)
        m_keys.erase(changes);
}

void ChangeNumbers::forgetHeard()
{
    for (Changes &changes : m_keys)
        changes.heard.clear();
}

} // namespace Dispatch
