// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "framewatch_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

// RFC 6455 section 5.2.
constexpr unsigned char FinalBit = 0x80;
constexpr unsigned char ControlBit = 0x08;
constexpr unsigned char MaskBit = 0x80;
constexpr unsigned char LengthBits = 0x7F;
constexpr std::size_t MaskBytes = 4;

} // namespace

FrameWatch::Fault FrameWatch::read(std::string_view bytes, const Limits &limits, TimePoint now)
{
    while (!bytes.empty()) {
        if (m_isInPayload) {
            const auto part = std::min<std::uint64_t>(m_rest, bytes.size());
            bytes.remove_prefix(static_cast<std::size_t>(part));
            m_rest -= part;
        } else {
            if (!m_isBusy) {
                m_isBusy = true;
                m_since = now;
            }
            m_header[m_headerBytes++] = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            if (!isHeaderComplete())
                continue;
            if (const Fault fault = headerRead(limits, now); fault != Fault::None)
                return fault;
        }
        if (m_rest == 0)
            frameRead();
    }
    return Fault::None;
}

std::size_t FrameWatch::lengthBytes() const
{
    const int length = m_header[1] & LengthBits;
    return length == 127 ? 8 : length == 126 ? 2 : 0;
}

bool FrameWatch::isHeaderComplete() const
{
    return m_headerBytes >= 2
        && m_headerBytes == 2 + lengthBytes() + (m_header[1] & MaskBit ? MaskBytes : 0);
}

FrameWatch::Fault FrameWatch::headerRead(const Limits &limits, TimePoint now)
{
    const std::size_t extended = lengthBytes();
    m_rest = extended == 0 ? m_header[1] & LengthBits : 0;
    for (std::size_t i = 0; i < extended; ++i)
        m_rest = m_rest << 8 | m_header[2 + i];
    m_isInPayload = true;
    // The most significant bit must be 0.
    if (m_rest >> 63 != 0)
        return Fault::BadLength;
    if (m_header[0] & ControlBit) {
        const bool isFine = m_controlFrames.take(limits.controlFrames, 1, now) == Duration::zero();
        return isFine ? Fault::None : Fault::TooManyControlFrames;
    }
    return ++m_fragments > limits.fragments ? Fault::TooManyFragments : Fault::None;
}

void FrameWatch::frameRead()
{
    const bool isControl = m_header[0] & ControlBit;
    if (!isControl && (m_header[0] & FinalBit))
        m_fragments = 0;
    m_isBusy = m_fragments > 0;
    m_isInPayload = false;
    m_headerBytes = 0;
}

} // namespace Dispatch
