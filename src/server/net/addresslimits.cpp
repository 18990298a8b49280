// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "addresslimits_p.h"

#include <QtCore/qendian.h>

namespace Dispatch {

AddressKey::AddressKey(const QHostAddress &address)
{
    const quint32 v4 = address.toIPv4Address(&isV4);
    network = isV4 ? v4 : qFromBigEndian<quint64>(address.toIPv6Address().c);
}

std::string AddressKey::toString() const
{
    if (isV4)
        return QHostAddress(static_cast<quint32>(network)).toString().toStdString();
    Q_IPV6ADDR address{};
    qToBigEndian(network, address.c);
    return QHostAddress(address).toString().toStdString();
}

std::shared_ptr<const AddressCounts::Lease> AddressCounts::take(const AddressKey &key, int most)
{
    {
        const std::lock_guard lock(m_mutex);
        int &count = m_counts[key];
        if (count >= most) {
            if (count == 0)
                m_counts.erase(key);
            return nullptr;
        }
        ++count;
    }
    return std::make_shared<const Lease>(shared_from_this(), key);
}

std::size_t AddressCounts::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_counts.size();
}

void AddressCounts::giveBack(const AddressKey &key)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_counts.find(key);
    if (--found->second == 0)
        m_counts.erase(found);
}

Duration AddressRates::take(const AddressKey &key, const Rate &rate, TimePoint now)
{
    if (!rate.isLimited())
        return {};
    if (m_buckets.size() >= MostAddresses && !m_buckets.contains(key))
        forgetSome(now);
    return m_buckets[key].take(rate, 1, now);
}

void AddressRates::forgetSome(TimePoint now)
{
    std::erase_if(m_buckets, [now](const auto &entry) { return entry.second.isFull(now); });
    if (m_buckets.size() >= MostAddresses / 2)
        m_buckets.clear();
}

} // namespace Dispatch
