// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstringlist.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// The shards to try in turn for a client that wishes for \a wished (empty: it leaves that to the
/// server), where an empty name is any shard. \a claim is what its token says; \a isRequired: it
/// has to say something. Nothing if there is no shard that the client may enter.
std::vector<std::string> allowedShards(std::string_view wished,
                                       const std::optional<QStringList> &claim, bool isRequired);

} // namespace Dispatch
