// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "nodethread_p.h"

#include <string>
#include <variant>

namespace Dispatch::Engine {

/// What nodes share their rooms in, as an operator says it.
struct EngineChoice {
    std::string store =
        "memory"; ///< or where Redis is: redis://..., rediss://..., redis+unix://...
    std::string password = {}; ///< of Redis, if \a store has none
    std::string keyPrefix = "dispatch";
    /// Of those who sign the certificate of Redis (PEM); empty: those that this machine trusts.
    std::string caFile = {};
    Limits limits = {};
};

/// What is wrong with a choice.
struct ChoiceProblem {
    enum class Of { Store, KeyPrefix, CaFile };

    Of of = Of::Store;
    /// The end of a sentence that begins with the name of what it is of. No password is in it.
    std::string text;
};

/// What makes the store of a node; empty for "memory", which a node shares with nobody and needs no
/// store for. Nothing is reached yet.
std::variant<NodeThread::MakeStore, ChoiceProblem> makeStore(const EngineChoice &choice);

} // namespace Dispatch::Engine
