// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tokenbucket_p.h"

#include <QtNetwork/qhostaddress.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace Dispatch {

/// Whom limits count as one: an IPv4 address, or the 64 bits of an IPv6 address that a customer of
/// a provider is given; the rest he can choose as he likes.
struct AddressKey {
    explicit AddressKey(const QHostAddress &address);

    /// As "192.0.2.1" or, for a network, its first address: "2001:db8::".
    std::string toString() const;

    bool isV4 = false;
    std::uint64_t network = 0;

    bool operator==(const AddressKey &) const = default;
};

struct AddressKeyHash {
    std::size_t operator()(const AddressKey &key) const
    {
        return std::hash<std::uint64_t>()(key.network ^ (key.isV4 ? ~0ULL : 0));
    }
};

/// Counts what comes from each address and lasts: connections. May be used on any thread.
class AddressCounts : public std::enable_shared_from_this<AddressCounts> {
public:
    /// Counts as one until it is destroyed, by whichever thread.
    class Lease {
    public:
        Lease(std::shared_ptr<AddressCounts> counts, const AddressKey &key)
            : m_counts(std::move(counts))
            , m_key(key)
        {
        }
        Lease(const Lease &) = delete;
        Lease &operator=(const Lease &) = delete;
        ~Lease() { m_counts->giveBack(m_key); }

        const AddressKey &key() const { return m_key; }

    private:
        const std::shared_ptr<AddressCounts> m_counts;
        const AddressKey m_key;
    };

    /// Null if there are \a most already.
    std::shared_ptr<const Lease> take(const AddressKey &key, int most);
    /// From how many addresses there is something.
    std::size_t size() const;

private:
    void giveBack(const AddressKey &key);

    mutable std::mutex m_mutex;
    std::unordered_map<AddressKey, int, AddressKeyHash> m_counts;
};

/// Counts how often something comes from each address. For one thread. Bounded: addresses that
/// have not come for as long as their bucket takes to fill are forgotten, and all are if there are
/// too many, which lets some of them come sooner.
class AddressRates {
public:
    static constexpr std::size_t MostAddresses = 100'000;

    /// Zero, or how long it will be until \a key may come.
    Duration take(const AddressKey &key, const Rate &rate, TimePoint now);
    std::size_t size() const { return m_buckets.size(); }

private:
    void forgetSome(TimePoint now);

    std::unordered_map<AddressKey, TokenBucket, AddressKeyHash> m_buckets;
};

} // namespace Dispatch
