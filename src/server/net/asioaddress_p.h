// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtNetwork/qhostaddress.h>

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace Dispatch {

/// What sockets call \a address.
inline boost::asio::ip::address toAsio(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return boost::asio::ip::address_v4(address.toIPv4Address());
    boost::asio::ip::address_v6::bytes_type bytes;
    const Q_IPV6ADDR from = address.toIPv6Address();
    std::copy(std::begin(from.c), std::end(from.c), bytes.begin());
    return boost::asio::ip::address_v6(bytes);
}

/// The address of the other end of a socket. One of IPv4 is that, whatever the socket is.
inline QHostAddress toQt(const boost::asio::ip::address &address)
{
    if (address.is_v4())
        return QHostAddress(address.to_v4().to_uint());
    if (address.to_v6().is_v4_mapped()) {
        return QHostAddress(make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_uint());
    }
    return QHostAddress(address.to_v6().to_bytes().data());
}

} // namespace Dispatch
