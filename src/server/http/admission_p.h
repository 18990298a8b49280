// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "connectparameters_p.h"
#include "dispatchserversettings.h"
#include "dispatchtokenverifier.h"
#include "gate_p.h"
#include "refusal_p.h"
#include "sessionregistry_p.h"
#include "subprotocol_p.h"
#include "upgraderequest_p.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace Dispatch {

class Hub;

/// Why a join was refused.
struct RefusedJoin {
    Refusal refusal;
    std::string detail;
};

/// Who shows a token, if one was shown.
struct TokenBearer {
    DispatchTokenVerdict verdict;
    bool hasToken = false;
    bool isBackend = false;
};

/// What somebody asks for who may ask for it.
struct JoinWish {
    ConnectParameters parameters;
    TokenBearer bearer;
    std::optional<ResumeOffer> resume;
    bool requiresClaim = false; ///< whether a token has to name the shard
    /// What is known before there is a seat. The socket, and what came behind the request, are
    /// still to be put into it.
    std::shared_ptr<UpgradeRequest> handover;
};

using Admission = std::variant<std::shared_ptr<UpgradeRequest>, RefusedJoin>;

/// Checks what \a visitor asks for in the \a request of its handshake.
std::variant<JoinWish, RefusedJoin> readJoin(const Hub &hub, const DispatchServerSettings &settings,
                                             const Gate &gate, const Visitor &visitor,
                                             UpgradeRequest::Request request);

/// The session of this server that \a wish goes on with, if it is the client's to resume.
std::optional<SessionRegistry::Claim> resumable(Hub &hub, const JoinWish &wish);
/// Whether a session of \a userId in a shard may be resumed by the one who wishes to.
bool mayResume(const JoinWish &wish, const std::string &projectId, const std::string &shardName,
               const std::string &userId);

/// Finds the session that goes on, or takes a seat on this server, which is alone.
Admission placeHere(Hub &hub, JoinWish wish);

} // namespace Dispatch
