// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "allowedshards_p.h"

#include "connectparameters_p.h"

namespace Dispatch {

std::vector<std::string> allowedShards(std::string_view wished,
                                       const std::optional<QStringList> &claim, bool isRequired)
{
    if (!claim)
        return isRequired ? std::vector<std::string>() : std::vector{std::string(wished)};
    std::vector<std::string> allowed;
    for (const QString &shard : *claim) {
        std::string name = shard.toStdString();
        // A name that can't be must not become 'any'.
        if (!name.empty() && isValidShardName(name) && (wished.empty() || name == wished))
            allowed.push_back(std::move(name));
    }
    return allowed;
}

} // namespace Dispatch
