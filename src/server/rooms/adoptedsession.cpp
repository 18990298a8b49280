// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "adoptedsession_p.h"

#include "packedtexts_p.h"
#include "streamposition_p.h"

namespace Dispatch {

namespace {

constexpr std::size_t StateParts = 3;

} // namespace

std::string packedState(const SessionState &state)
{
    std::vector<std::string> refused;
    for (const RefusedEmit &one : state.refused) {
        refused.push_back(std::to_string(one.emit));
        refused.emplace_back(info(one.refusal).slug);
    }
    return packed({state.userInfoFields, packed(refused), std::to_string(state.refusedSince)});
}

std::optional<SessionState> unpackedState(std::string_view text)
{
    const auto parts = unpacked(text, StateParts);
    if (!parts)
        return std::nullopt;
    const auto refused = unpacked((*parts)[1]);
    const auto since = parseNumber((*parts)[2]);
    if (!refused || refused->size() % 2 != 0 || !since)
        return std::nullopt;
    SessionState state{std::string((*parts)[0]), {}, *since};
    for (std::size_t i = 0; i < refused->size(); i += 2) {
        const auto emit = parseNumber((*refused)[i]);
        const RefusalInfo *row = findRefusal((*refused)[i + 1]);
        if (!emit)
            return std::nullopt;
        // One that only a newer server knows was refused all the same.
        state.refused.push_back({*emit, row ? row->refusal : Refusal::BadMessage});
    }
    return state;
}

} // namespace Dispatch
