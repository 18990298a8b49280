// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "apirequest_p.h"
#include "router_p.h"

#include <optional>
#include <string>
#include <string_view>

namespace Dispatch {

/// An answer to a back end, of JSON that nobody may keep.
HttpResponse json(std::string body, int status = 200);
HttpResponse refused(const ApiRefusal &refusal);

/// Appends a member of a JSON object.
void appendMember(std::string &out, std::string_view key, std::string_view text);
/// A page of a list, and where the next one begins.
std::string listBody(std::string_view key, std::string_view entries,
                     const std::optional<std::string> &next);

} // namespace Dispatch
