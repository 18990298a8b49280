// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "frame_p.h"

#include "text_p.h"

#include <cstdint>

namespace Dispatch {

namespace {

// RFC 6455 section 5.2.
constexpr unsigned char Continuation = 0x0;
constexpr unsigned char TextFrame = 0x1;
constexpr unsigned char Ping = 0x9;
constexpr unsigned char Final = 0x80;
constexpr std::uint64_t LongestShort = 125;
constexpr std::uint64_t LongestMedium = 0xFFFF;

void appendHeader(std::string &out, unsigned char firstByte, std::uint64_t size)
{
    out += static_cast<char>(firstByte);
    int lengthBytes = 0;
    if (size <= LongestShort) {
        out += static_cast<char>(size);
    } else if (size <= LongestMedium) {
        out += static_cast<char>(126);
        lengthBytes = 2;
    } else {
        out += static_cast<char>(127);
        lengthBytes = 8;
    }
    for (int i = lengthBytes - 1; i >= 0; --i)
        out += static_cast<char>(size >> (8 * i) & 0xFF);
}

/// The bytes of the frame, header included, that \a frames begins with.
std::size_t sizeOfFirst(std::string_view frames)
{
    const auto byte = [frames](std::size_t i) { return static_cast<unsigned char>(frames[i]); };
    std::size_t size = byte(1);
    std::size_t lengthBytes = 0;
    if (size > LongestShort) {
        lengthBytes = size == LongestShort + 1 ? 2 : 8;
        size = 0;
    }
    for (std::size_t i = 0; i < lengthBytes; ++i)
        size = size << 8 | byte(2 + i);
    return 2 + lengthBytes + size;
}

} // namespace

void Frame::appendText(std::string &out, std::string_view message, std::size_t fragmentBytes)
{
    unsigned char opcode = TextFrame;
    do {
        const std::string_view fragment =
            message.substr(0, Text::cutBefore(message, fragmentBytes));
        message.remove_prefix(fragment.size());
        appendHeader(out, message.empty() ? opcode | Final : opcode, fragment.size());
        out += fragment;
        opcode = Continuation;
    } while (!message.empty());
}

void Frame::appendPing(std::string &out, std::string_view payload)
{
    appendHeader(out, Ping | Final, payload.size());
    out += payload;
}

std::size_t Frame::endOfMessages(std::string_view frames, std::size_t count)
{
    std::size_t end = 0;
    while (count > 0) {
        const bool isLast = (static_cast<unsigned char>(frames[end]) & Final) != 0;
        end += sizeOfFirst(frames.substr(end));
        count -= isLast ? 1 : 0;
    }
    return end;
}

} // namespace Dispatch
