// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "strictobject_p.h"

#include "json_p.h"
#include "limits_p.h"

#include <string>
#include <unordered_set>

namespace Dispatch {

namespace ondemand = simdjson::ondemand;

namespace {

bool hasStrictMembers(ondemand::document &document, ondemand::object object, int levels)
{
    std::unordered_set<std::string> names;
    int tokens = Limits::JsonTokens;
    for (auto field : object) {
        std::string_view name;
        ondemand::value value;
        std::string_view ignored;
        // Unescaped: a name can be written in many ways.
        if (field.unescaped_key().get(name) || !names.emplace(name).second
            || field.value().get(value)
            || Json::validate(document, value, levels, tokens, ignored) != Json::Fault::None) {
            return false;
        }
    }
    return Json::isAtEnd(document);
}

} // namespace

bool isStrictObject(std::string_view text, int levels)
{
    const simdjson::padded_string padded(text);
    ondemand::parser parser;
    ondemand::document document;
    ondemand::object object;
    if (parser.iterate(padded).get(document) || document.get_object().get(object))
        return false;
    return hasStrictMembers(document, object, levels - 1);
}

} // namespace Dispatch
