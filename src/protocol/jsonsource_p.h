// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "json_p.h"
#include "streamposition_p.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace Dispatch::Json {

/// A copy of a text with what the reader needs behind it, and the way back into the text.
class Source {
public:
    explicit Source(std::string_view text)
        : m_text(text)
        , m_padded(text)
    {
    }
    /// The root object; calls \a read(key, value) for each member. False if it is none, or read()
    /// says so.
    template<class F>
    bool forEachMember(F read)
    {
        simdjson::ondemand::document document;
        simdjson::ondemand::object object;
        return !m_parser.iterate(m_padded).get(document) && !document.get_object().get(object)
            && forEachMember(object, read) && isAtEnd(document);
    }
    template<class F>
    static bool forEachMember(simdjson::ondemand::object object, F read)
    {
        for (auto member : object) {
            std::string_view key;
            simdjson::ondemand::value value;
            if (member.unescaped_key().get(key) || member.value().get(value) || !read(key, value))
                return false;
        }
        return true;
    }
    /// Sets \a slice to what of the text \a value is.
    bool slice(simdjson::ondemand::value value, std::string_view &slice) const
    {
        std::string_view copy;
        if (Json::slice(value, copy))
            return false;
        slice = m_text.substr(static_cast<std::size_t>(copy.data() - m_padded.data()), copy.size());
        return true;
    }
    bool objectSlice(simdjson::ondemand::value value, std::string_view &out) const
    {
        return slice(value, out) && out.starts_with('{');
    }

private:
    std::string_view m_text;
    simdjson::padded_string m_padded;
    simdjson::ondemand::parser m_parser;
};

inline bool read(simdjson::ondemand::value value, std::string &out)
{
    std::string_view text;
    if (value.get_string().get(text))
        return false;
    out = text;
    return true;
}

inline bool read(simdjson::ondemand::value value, std::uint64_t &out)
{
    return !value.get_uint64().get(out) && out <= HighestNumber;
}

inline bool read(simdjson::ondemand::value value, bool &out)
{
    return !value.get_bool().get(out);
}

} // namespace Dispatch::Json
