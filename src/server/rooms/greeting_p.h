// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

class DispatchServerSettings;

namespace Dispatch {

/// The limits that concern a client, as the greeting tells them: a JSON object. A rate of 0 is no
/// limit.
std::string limitsForClients(const DispatchServerSettings &settings);

} // namespace Dispatch
