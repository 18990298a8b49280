// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "clientmessage_p.h"

#include <QtCore/qbytearray.h>

/// Text with the bytes behind it that the parsers need.
class Padded {
public:
    explicit Padded(const QByteArray &text)
        : m_size(std::size_t(text.size()))
        , m_bytes(text.toStdString() + std::string(Dispatch::ClientMessageParser::padding(), ' '))
    {
    }
    std::string_view view() const { return std::string_view(m_bytes).substr(0, m_size); }

private:
    std::size_t m_size;
    std::string m_bytes;
};
