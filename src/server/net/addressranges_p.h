// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qlist.h>
#include <QtCore/qstringlist.h>
#include <QtNetwork/qhostaddress.h>

#include <string_view>
#include <utility>

namespace Dispatch {

/// A list of IP addresses and networks. Pure.
class AddressRanges {
public:
    AddressRanges() = default;
    /// Entries that are none are left out.
    explicit AddressRanges(const QStringList &entries);

    /// Whether \a text is an address, or a network as in "10.0.0.0/8".
    static bool isRange(const QString &text);

    bool contains(const QHostAddress &address) const;

private:
    QList<std::pair<QHostAddress, int>> m_ranges;
};

/// The address itself for one that is written as IPv6 and is of IPv4 ("::ffff:192.0.2.1").
QHostAddress unmapped(const QHostAddress &address);

/// Where the client comes from, of which \a peer says \a forwardedFor, the value of
/// X-Forwarded-For: each proxy has written behind it who came to it, so that only what \a proxies
/// have written can be believed. It is the last one who is no proxy.
QHostAddress clientAddress(const QHostAddress &peer, std::string_view forwardedFor,
                           const AddressRanges &proxies);

} // namespace Dispatch
