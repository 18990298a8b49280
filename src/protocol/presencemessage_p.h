// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace Dispatch {

/// One client in a list of clients, as the server writes it.
struct PresenceEntry {
    std::string_view clientId;
    std::string_view userInfoFields; ///< JSON members without braces, may be empty
    std::string_view userId; ///< empty: not identified
    std::int64_t lastPing = 0; ///< ms since the epoch
    bool truncated = false; ///< the user info is left out: the list would be too long
};

/// Builds {<clientId>:{...userInfo,"userId"?,"truncated"?,"lastPing"}...} entry by entry.
class PresenceWriter {
public:
    void add(const PresenceEntry &entry);
    bool isEmpty() const { return m_out.size() == 1; }
    /// The finished object; the writer is spent.
    std::string take();

private:
    std::string m_out = "{";
};

/// The payload of CONNECTED_CLIENTS_CHANGED. \a clients is what a PresenceWriter wrote.
std::string connectedClientsPayload(std::string_view clients);

/// The payload of PRESENCE: what is different since the revision before \a revision. \a joined and
/// \a changed are what a PresenceWriter wrote; what is empty is left out.
std::string presencePayload(std::uint64_t revision, std::string_view joined,
                            std::string_view changed, const std::vector<std::string> &left);

/// One client as a receiver reads it; views into the payload.
struct PresenceSlice {
    std::string clientId;
    std::string_view entry; ///< the JSON object as it came
};

/// Cuts the payload of CONNECTED_CLIENTS_CHANGED into its clients, in the order of the text.
/// Nothing if it is not such a payload. Copies \a payload only to pad it. Stops behind \a most
/// clients: one more tells that there are more.
std::optional<std::vector<PresenceSlice>>
parsePresence(std::string_view payload,
              std::size_t most = std::numeric_limits<std::size_t>::max() - 1);

} // namespace Dispatch
