// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Just enough of WebSocket to load a server cheaply.
namespace Load {

enum Opcode : std::uint8_t { Text = 1, Close = 8, Ping = 9, Pong = 10 };

std::string clientFrame(std::string_view payload, Opcode opcode = Text);
std::string serverFrame(std::string_view text);

/// The beginning of a frame that came; the rest of its payload is skipped unread.
struct FrameHead {
    Opcode opcode;
    std::string_view head; ///< of the payload, at most FrameReader::Peek bytes
    std::uint64_t size; ///< of the payload
};

/// Walks through the frames of a stream. Keeps only what it has to see again: the bytes of a
/// header, or of a head, that were cut by the end of a read.
class FrameReader {
public:
    /// Whole control frames fit, and all of an event that is looked at.
    static constexpr std::size_t Peek = 125;
    /// Room that read() may use in front of its data.
    static constexpr std::size_t Headroom = 256;

    /// Calls \a handle(FrameHead) for each frame that begins in the \a size bytes at \a data, which
    /// has Headroom writable bytes in front of it.
    template<typename Handler>
    void read(char *data, std::size_t size, Handler &&handle);

private:
    struct Header {
        std::size_t bytes = 0; ///< 0: not complete
        std::uint64_t payload = 0;
        Opcode opcode = Text;
    };
    static Header parseHeader(const char *data, std::size_t size);
    void keep(const char *data, std::size_t size);

    std::uint64_t m_skip = 0;
    std::size_t m_kept = 0;
    char m_keep[Peek + 16];
};

template<typename Handler>
void FrameReader::read(char *data, std::size_t size, Handler &&handle)
{
    if (m_kept > 0) {
        data -= m_kept;
        size += m_kept;
        std::char_traits<char>::copy(data, m_keep, m_kept);
        m_kept = 0;
    }
    while (size > 0) {
        if (m_skip > 0) {
            const auto step = std::size_t(m_skip < size ? m_skip : size);
            m_skip -= step;
            data += step;
            size -= step;
            continue;
        }
        const Header header = parseHeader(data, size);
        const auto peek = std::size_t(header.payload < Peek ? header.payload : Peek);
        if (header.bytes == 0 || size < header.bytes + peek)
            return keep(data, size);
        m_skip = header.bytes + header.payload;
        handle(FrameHead{header.opcode, {data + header.bytes, peek}, header.payload});
    }
}

} // namespace Load
