// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientinfo_p.h"

#include <string>

namespace Dispatch {

/// Appends {"clientId", "userId", "userInfo", "connectedSince", "lastPing"} and, behind others,
/// a comma before it.
void appendClientJson(std::string &out, const ClientInfo &client);

} // namespace Dispatch
