// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "headscanner_p.h"

namespace Dispatch {

namespace {

bool isControl(char c)
{
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F';
}

} // namespace

std::optional<Refusal> HeadScanner::scan(std::string_view bytes)
{
    while (m_size == 0 && m_position < bytes.size()) {
        if (m_position == HeadBytes)
            return Refusal::HeaderTooLarge;
        const char c = bytes[m_position++];
        if (const auto refusal = scan(c))
            return refusal;
    }
    return std::nullopt;
}

std::optional<Refusal> HeadScanner::scan(char c)
{
    if (m_isAfterCr != (c == '\n'))
        return Refusal::BadRequest;
    if (c == '\n') {
        endLine();
        return std::nullopt;
    }
    m_isAfterCr = c == '\r';
    return m_isAfterCr ? std::nullopt : scanText(c);
}

std::optional<Refusal> HeadScanner::scanText(char c)
{
    if (isControl(c))
        return Refusal::BadRequest;
    if (m_line == 0) {
        if (c == ' ')
            ++m_spaces;
        else if (m_spaces == 1 && ++m_targetBytes > TargetBytes)
            return Refusal::TargetTooLong;
    } else if (m_lineBytes == 0) {
        if (c == ' ' || c == '\t')
            return Refusal::BadRequest;
        if (m_line > Fields)
            return Refusal::HeaderTooLarge;
    }
    ++m_lineBytes;
    return std::nullopt;
}

void HeadScanner::endLine()
{
    // A request that begins with an empty line is not ended by it; the parser refuses it.
    if (m_lineBytes == 0)
        m_size = m_position;
    m_isAfterCr = false;
    m_lineBytes = 0;
    ++m_line;
}

} // namespace Dispatch
