// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tokenbucket_p.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace Dispatch {

/// Reads along what a client sends, from frame header to frame header, and counts what Beast does
/// not: fragments (it passes over empty ones in silence), control frames, and the time that a
/// message takes. What a frame means, and whether it is well formed otherwise, is Beast's business.
class FrameWatch {
public:
    enum class Fault { None, BadLength, TooManyFragments, TooManyControlFrames };

    struct Limits {
        std::size_t fragments = 0; ///< of a message
        Rate controlFrames;
    };

    /// Goes on with \a bytes, which came at \a now; returns the first thing that is wrong.
    Fault read(std::string_view bytes, const Limits &limits, TimePoint now);
    /// Tells whether a message, or a frame of any kind, began that long ago and is not all there.
    bool isLate(TimePoint now, Duration timeout) const
    {
        return m_isBusy && now - m_since >= timeout;
    }

private:
    static constexpr std::size_t LongestHeader = 14;

    bool isHeaderComplete() const;
    Fault headerRead(const Limits &limits, TimePoint now);
    void frameRead();
    std::size_t lengthBytes() const;

    std::uint64_t m_rest = 0; // bytes of the frame that are still to come
    std::size_t m_fragments = 0; // of the message that is under way
    TimePoint m_since;
    TokenBucket m_controlFrames;
    std::array<unsigned char, LongestHeader> m_header{};
    std::uint8_t m_headerBytes = 0;
    bool m_isBusy = false;
    bool m_isInPayload = false;
};

} // namespace Dispatch
