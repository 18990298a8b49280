// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "servermessage_p.h"

#include <QtCore/qstringconverter.h>

#include <string>
#include <string_view>

namespace Dispatch {

/// The text of a message as the parser takes it: UTF-8, with room behind it that may be read. Keeps
/// its memory from message to message, but that of a long one only until the next short one.
class MessageText {
public:
    /// \a text, until the next call.
    std::string_view assign(QStringView text)
    {
        const auto room = std::size_t(m_toUtf8.requiredSpace(text.size()));
        if (m_buffer.size() > LongestKept && room < LongestKept) {
            m_buffer.clear();
            m_buffer.shrink_to_fit();
        }
        if (m_buffer.size() < room + ServerMessageParser::padding())
            m_buffer.resize(room + ServerMessageParser::padding());
        const char *end = m_toUtf8.appendToBuffer(m_buffer.data(), text);
        return {m_buffer.data(), std::size_t(end - m_buffer.data())};
    }

    /// The memory that it keeps, in bytes.
    std::size_t capacity() const { return m_buffer.capacity(); }

    static constexpr std::size_t LongestKept = 64 * 1024;

private:
    QStringEncoder m_toUtf8{QStringEncoder::Utf8, QStringEncoder::Flag::Stateless};
    std::string m_buffer;
};

} // namespace Dispatch
