// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "recovery_p.h"

namespace Dispatch {

std::optional<Recovery> recover(const StreamPosition &position, std::uint64_t epoch,
                                const ReplayLog &shard, const DirectLog &direct,
                                const ReplayBounds &bounds)
{
    if (position.epoch != epoch)
        return std::nullopt;
    auto missed = shard.after(position.seq);
    const auto missedDirect = direct.after(position.direct);
    if (!missed || !missedDirect || shard.last() - position.seq > bounds.events)
        return std::nullopt;

    Recovery recovery;
    recovery.events = shard.last() - position.seq + missedDirect->size();
    std::size_t bytes = 0;
    const auto add = [&recovery, &bytes](const Chunk &frames) {
        bytes += frames->size();
        recovery.frames.push_back(frames);
    };
    auto event = missed->begin();
    for (const DirectLog::Entry &entry : *missedDirect) {
        for (; event != missed->end() && event->last <= entry.afterSeq; ++event)
            add(event->frames);
        // Events of the shard are kept in chunks of this server's; what another one sent to some
        // has its place behind any of them.
        if (event != missed->end() && event->first <= entry.afterSeq)
            add(event->takeUntil(entry.afterSeq));
        add(entry.frames);
    }
    for (; event != missed->end(); ++event)
        add(event->frames);
    return bytes <= bounds.bytes ? std::optional(std::move(recovery)) : std::nullopt;
}

} // namespace Dispatch
