// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "subscriptions_p.h"
#include "utf8_p.h"

#include <QtCore/qstring.h>

#include <string>
#include <string_view>
#include <unordered_map>

namespace Dispatch {

/// Makes QStrings of names that come again and again, each once: few say much. How many it
/// remembers is bounded, and so is their length.
class InternedNames {
public:
    static constexpr std::size_t Most = 1'000;
    /// Bytes of a name that is remembered; ids are shorter.
    static constexpr std::size_t Longest = 255;

    /// \a name, which is UTF-8.
    QString of(std::string_view name)
    {
        if (name.empty())
            return {};
        if (const auto known = m_names.find(name); known != m_names.end())
            return known->second;
        const QString text = toQString(name);
        if (name.size() > Longest)
            return text;
        if (m_names.size() >= Most)
            m_names.clear();
        return m_names.emplace(name, text).first->second;
    }

    std::size_t size() const { return m_names.size(); }

private:
    std::unordered_map<std::string, QString, EventNameHash, std::equal_to<>> m_names;
};

} // namespace Dispatch
