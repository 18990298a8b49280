// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "addresslimits_p.h"
#include "adoptedsession_p.h"
#include "clock_p.h"
#include "placement_p.h"
#include "refusal_p.h"
#include "sessionregistry_p.h"
#include "socket_p.h"
#include "streamposition_p.h"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace Dispatch {

/// A client on its way from the listener to the worker that owns its shard.
struct UpgradeRequest {
    using Request = boost::beast::http::request<boost::beast::http::empty_body>;

    /// The one that its shard lives on.
    int worker() const { return claim ? claim->session().worker : seat.worker; }

    Socket::Detached socket;
    bool isExtended = false; ///< whether the extended profile is spoken
    Request request;
    Placement::Seat seat; ///< not with a claim
    /// The session that is resumed, and from where.
    std::optional<SessionRegistry::Claim> claim;
    StreamPosition position;
    std::string nextSecret; ///< of the session, if all servers know it already; empty: none is
    std::uint64_t generation = 0; ///< of the session for all servers
    bool isForgotten = false; ///< the servers have lost the session, and have to be told again
    std::optional<AdoptedSession> adopted; ///< instead of a claim: what another server had
    std::string clientId; ///< of a new client; empty: nobody has chosen it
    std::optional<Refusal> refusal; ///< what the client is told instead of a greeting
    int history = 0; ///< events from before the join that are wished for
    std::string address; ///< where the client comes from, as bans name it (AddressKey)
    std::shared_ptr<const AddressCounts::Lease> lease; ///< for as long as the client is there
    std::string userId; ///< from the token of the request, if any
    TimePoint acceptedAt; ///< when the connection, or a later request on it, came
    std::int64_t tokenExpiresAt = 0; ///< in seconds since the epoch; 0: never
};

} // namespace Dispatch
