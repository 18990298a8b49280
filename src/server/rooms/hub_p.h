// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "counters_p.h"
#include "dispatchserversettings.h"
#include "dispatchtokenverifier.h"
#include "notices_p.h"
#include "placement_p.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace Dispatch {

class Worker;

/// What the threads of one server share. None of it is touched on the way of an event.
class Hub {
public:
    Hub(const DispatchServerSettings &settings,
        std::shared_ptr<const DispatchTokenVerifier> verifier, std::function<void()> wake);
    ~Hub();

    std::variant<Placement::Seat, Refusal> reserve(const ConnectParameters &wish);
    void release(const Placement::Seat &seat);
    std::vector<Placement::Occupancy> occupancy(std::string_view projectId) const;
    int connections() const;
    int shards() const;

    /// Goes on with other settings and another verifier; may be called on any thread. The number of
    /// threads stays what it was.
    void reconfigure(const DispatchServerSettings &settings,
                     std::shared_ptr<const DispatchTokenVerifier> verifier);

    /// What the verifier says of a user's \a token; without a verifier each is refused.
    DispatchTokenVerdict verify(std::string_view token, std::string_view projectId) const;
    /// The same of a back end's token: its projectToken, in the URL, a header or a request.
    DispatchTokenVerdict verifyBackend(std::string_view token, std::string_view projectId) const;
    bool hasVerifier() const { return verifier() != nullptr; }

    Notices notices;
    Counters listenerCounters;
    std::vector<std::unique_ptr<Worker>> workers;

private:
    using Judge = decltype(&DispatchTokenVerifier::verify);

    DispatchTokenVerdict judge(Judge check, std::string_view token,
                               std::string_view projectId) const;
    std::shared_ptr<const DispatchTokenVerifier> verifier() const;

    mutable std::mutex m_verifierMutex;
    std::shared_ptr<const DispatchTokenVerifier> m_verifier;
    mutable std::mutex m_placementMutex;
    Placement m_placement;
};

} // namespace Dispatch
