// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// One client in the payload of CONNECTED_CLIENTS_CHANGED, as the server writes it.
struct PresenceEntry {
    std::string_view clientId;
    std::string_view userInfoFields; ///< JSON members without braces, may be empty
    std::string_view userId; ///< empty: not identified
    std::int64_t lastPing = 0; ///< ms since the epoch
    bool truncated = false; ///< the user info is left out: the list would be too long
};

/// Builds {"connectedClients":{<clientId>:{...userInfo,"userId"?,"truncated"?,"lastPing"}}} entry
/// by entry.
class PresenceWriter {
public:
    PresenceWriter();
    void add(const PresenceEntry &entry);
    /// The finished payload; the writer is spent.
    std::string take();

private:
    std::string m_out;
    bool m_first = true;
};

/// One client as a receiver reads it; views into the payload.
struct PresenceSlice {
    std::string clientId;
    std::string_view entry; ///< the JSON object as it came
};

/// Cuts the payload of CONNECTED_CLIENTS_CHANGED into its clients, in the order of the text.
/// Nothing if it is not such a payload. Copies \a payload only to pad it.
std::optional<std::vector<PresenceSlice>> parsePresence(std::string_view payload);

} // namespace Dispatch
