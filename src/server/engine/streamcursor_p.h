// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "enginetypes_p.h"

#include <optional>

namespace Dispatch::Engine {

/// Makes one stream without gaps and repeats of what comes live and what is read from the log.
class StreamCursor {
public:
    struct Step {
        std::optional<Mark>
            reset; ///< before the entries: something is lost; it goes on behind this
        std::vector<Entry> entries; ///< to be delivered, in this order
        bool isReadWanted = false; ///< the log behind mark() has to be read
    };

    explicit StreamCursor(std::size_t mostHeldBack)
        : m_mostHeldBack(mostHeldBack)
    {
    }

    /// Events come live from now on; what came before has to be read.
    Step begin();
    Step arrive(const Mark &mark, std::string data);
    /// The stream begins a new life.
    Step rebirth(std::uint64_t epoch);
    /// The log behind mark() was read.
    Step read(Page page);
    /// It could not be read.
    Step readFailed();

    /// The last one that was delivered.
    const Mark &mark() const { return m_mark; }
    bool isReading() const { return m_isReading; }

private:
    struct Held {
        Mark mark;
        std::string data;
    };

    Step startReading();
    /// Leaves of an incomplete page what has no gap, up to the end.
    static void keepEnd(Page &page);
    void goOn(Step &step);

    std::size_t m_mostHeldBack;
    Mark m_mark;
    std::vector<Held> m_held; // what came live while the log is being read
    std::size_t m_heldBefore = 0; // so many of them came before that was asked for
    bool m_isReading = false;
    bool m_isOutdated = false; // what is being read is not enough
};

} // namespace Dispatch::Engine
