// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchserversettings.h"
#include "gate_p.h"
#include "refusal_p.h"
#include "upgraderequest_p.h"

#include <memory>
#include <string>
#include <variant>

namespace Dispatch {

class Hub;

/// Why a join was refused.
struct RefusedJoin {
    Refusal refusal;
    std::string detail;
};

/// Checks what \a visitor asks for in the \a request of its handshake, and takes a seat for it. The
/// socket, and what came behind the request, are still to be put into the result.
std::variant<std::shared_ptr<UpgradeRequest>, RefusedJoin>
admit(Hub &hub, const DispatchServerSettings &settings, const Gate &gate, const Visitor &visitor,
      UpgradeRequest::Request request);

} // namespace Dispatch
