// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addresslimits_p.h"
#include "addressranges_p.h"
#include "dispatchserversettings.h"
#include "originpolicy_p.h"

#include <boost/beast/http/message.hpp>

#include <memory>

namespace Dispatch {

/// Where a request comes from.
struct Visitor {
    QHostAddress peer; ///< at the other end of the socket
    QHostAddress client; ///< the same, or what a trusted proxy says of it
    std::shared_ptr<const AddressCounts::Lease> lease; ///< counts the client, if it is counted
};

/// Who may come in, by the settings of a server. Pure: is asked about requests.
class Gate {
public:
    using Header = boost::beast::http::request_header<>;

    explicit Gate(const DispatchServerSettings &settings);

    /// Whether \a peer is believed when it says where a client comes from.
    bool isProxy(const QHostAddress &peer) const { return m_proxies.contains(peer); }
    /// Whether limits for one address are not for \a address.
    bool isUnlimited(const QHostAddress &address) const
    {
        return m_unlimited.contains(address) || m_proxies.contains(address);
    }
    /// Where the client comes from whose request reaches us from \a peer.
    QHostAddress clientOf(const QHostAddress &peer, const Header &header) const;
    /// Whether the page that joins may do so; a program that is no browser is none.
    bool allowsOrigin(const QHostAddress &peer, const Header &header) const;

private:
    OriginPolicy m_origins;
    AddressRanges m_proxies;
    AddressRanges m_unlimited;
};

} // namespace Dispatch
