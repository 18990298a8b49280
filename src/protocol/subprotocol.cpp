// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "subprotocol_p.h"

#include "limits_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

constexpr std::string_view ResumePrefix = "resume.";
constexpr std::string_view WhiteSpace = " \t";
constexpr std::string_view Base64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Takes \a text apart at the first \a separator; the whole text if there is none.
std::string_view takeUntil(std::string_view &text, char separator)
{
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(WhiteSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(WhiteSpace) - first + 1);
}

/// \a text is what follows the prefix: <session>.<epoch>.<seq>.<direct>
std::optional<ResumeOffer> parseResume(std::string_view text)
{
    if (std::ranges::count(text, '.') != 3)
        return std::nullopt;
    const std::string_view secret = takeUntil(text, '.');
    const auto epoch = parseEpoch(takeUntil(text, '.'));
    const auto seq = parseNumber(takeUntil(text, '.'));
    const auto direct = parseNumber(text);
    if (secret.size() != Limits::SessionSecretLength
        || secret.find_first_not_of(Base64Url) != std::string_view::npos || !epoch || !seq
        || !direct) {
        return std::nullopt;
    }
    return ResumeOffer{std::string(secret), {*epoch, *seq, *direct}};
}

} // namespace

std::variant<SubprotocolOffer, ParameterError> parseSubprotocols(std::string_view value)
{
    SubprotocolOffer offer;
    std::optional<std::string_view> resume;
    while (!value.empty()) {
        const std::string_view name = trimmed(takeUntil(value, ','));
        if (name == ExtendedSubprotocol)
            offer.isExtended = true;
        else if (name.starts_with(ResumePrefix) && !resume)
            resume = name.substr(ResumePrefix.size());
    }
    if (!offer.isExtended || !resume)
        return offer;
    offer.resume = parseResume(*resume);
    if (!offer.resume) {
        return ParameterError{"Sec-WebSocket-Protocol",
                              "has a name that is not resume.<session>.<epoch>.<seq>.<direct>"};
    }
    return offer;
}

bool canBeOffered(std::string_view secret)
{
    // Longer than any that a server of ours gives; it becomes part of a request's header.
    constexpr std::size_t Longest = 128;
    return !secret.empty() && secret.size() <= Longest
        && secret.find_first_not_of(Base64Url) == std::string_view::npos;
}

std::string resumeSubprotocol(const ResumeOffer &offer)
{
    std::string name(ResumePrefix);
    name.append(offer.secret).append(".").append(epochText(offer.position.epoch));
    name.append(".").append(std::to_string(offer.position.seq));
    return name.append(".").append(std::to_string(offer.position.direct));
}

} // namespace Dispatch
