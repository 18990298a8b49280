// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "frames.h"

#include <array>

namespace Load {

namespace {

// Any mask will do here, but 0 would spare the server its work.
constexpr std::array<char, 4> Mask{0x37, char(0xfa), 0x21, 0x3d};
constexpr unsigned MaskBit = 0x80;

std::string header(Opcode opcode, std::size_t size, unsigned maskBit)
{
    std::string out;
    out += char(0x80 | opcode);
    if (size < 126) {
        out += char(maskBit | size);
        return out;
    }
    const int lengthBytes = size < 65536 ? 2 : 8;
    out += char(maskBit | (lengthBytes == 2 ? 126 : 127));
    for (int i = lengthBytes - 1; i >= 0; --i)
        out += char(std::uint64_t(size) >> (8 * i));
    return out;
}

} // namespace

std::string clientFrame(std::string_view payload, Opcode opcode)
{
    std::string out = header(opcode, payload.size(), MaskBit);
    out.append(Mask.data(), Mask.size());
    for (std::size_t i = 0; i < payload.size(); ++i)
        out += char(payload[i] ^ Mask[i % 4]);
    return out;
}

std::string serverFrame(std::string_view text)
{
    return header(Text, text.size(), 0).append(text);
}

FrameReader::Header FrameReader::parseHeader(const char *data, std::size_t size)
{
    if (size < 2)
        return {};
    const auto byte = [data](std::size_t i) { return std::uint64_t(std::uint8_t(data[i])); };
    const auto opcode = Opcode(byte(0) & 0x0f);
    const std::uint64_t length = byte(1) & 0x7f;
    if (length < 126)
        return {2, length, opcode};
    const std::size_t lengthBytes = length == 126 ? 2 : 8;
    if (size < 2 + lengthBytes)
        return {};
    std::uint64_t payload = 0;
    for (std::size_t i = 0; i < lengthBytes; ++i)
        payload = payload << 8 | byte(2 + i);
    return {2 + lengthBytes, payload, opcode};
}

void FrameReader::keep(const char *data, std::size_t size)
{
    std::char_traits<char>::copy(m_keep, data, size);
    m_kept = size;
}

} // namespace Load
