// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "connectparameters_p.h"
#include "streamposition_p.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace Dispatch {

/// The WebSocket sub-protocol of the extended profile (docs/protocol-extended.md).
inline constexpr std::string_view ExtendedSubprotocol = "dispatch.v2";

/// A client's wish to go on with a session.
struct ResumeOffer {
    std::string secret; ///< of the last greeting
    StreamPosition position;

    bool operator==(const ResumeOffer &) const = default;
};

/// What a client offers in Sec-WebSocket-Protocol.
struct SubprotocolOffer {
    bool isExtended = false; ///< whether it speaks the extended profile
    std::optional<ResumeOffer> resume; ///< only if it does

    bool operator==(const SubprotocolOffer &) const = default;
};

/// Reads the value of Sec-WebSocket-Protocol, a list of names. Names that nobody knows are passed
/// over; a resume name that can't be read is an error.
std::variant<SubprotocolOffer, ParameterError> parseSubprotocols(std::string_view value);

/// Whether \a secret can be offered: short enough, and of characters that a name may have.
bool canBeOffered(std::string_view secret);

/// The name that stands for \a offer.
std::string resumeSubprotocol(const ResumeOffer &offer);

} // namespace Dispatch
