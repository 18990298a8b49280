// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

// What a worker does for clients of the extended profile.

#include "worker_p.h"

#include "hub_p.h"
#include "logging_p.h"
#include "replaylog_p.h"
#include "upgraderequest_p.h"

namespace Dispatch {

void Worker::resume(const std::shared_ptr<Transport> &transport, const UpgradeRequest &request)
{
    // One that is gone meanwhile is gone: the client will ask again, and be told.
    const auto session = m_sessions.find(request.claim->session().id);
    if (session == m_sessions.end() || !session->second->resume(transport, request))
        qCDebug(lcServer, "A session ended while it was being resumed");
}

SessionRegistry &Worker::sessions() const
{
    return m_hub.sessions;
}

ReplayBounds Worker::replayBounds() const
{
    return {static_cast<std::size_t>(settings().maxReplayEvents),
            static_cast<std::size_t>(settings().maxReplayBytes)};
}

AddressCounts &Worker::awayAddresses() const
{
    return *m_hub.awayAddresses;
}

void Worker::acknowledge()
{
    for (Connection *connection : std::exchange(m_toAcknowledge, {}))
        connection->acknowledge();
}

} // namespace Dispatch
