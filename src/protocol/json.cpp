// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "json_p.h"

#include <algorithm>

namespace Dispatch::Json {

namespace ondemand = simdjson::ondemand;

namespace {

constexpr std::string_view WhiteSpace = " \t\n\r";

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view trimmedEnd(std::string_view text)
{
    const auto last = text.find_last_not_of(WhiteSpace);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::size_t skipDigits(std::string_view text, std::size_t from)
{
    return std::min(text.find_first_not_of("0123456789", from), text.size());
}

/// RFC 8259 section 6.
bool isNumber(std::string_view text)
{
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t afterInteger = skipDigits(text, at);
    if (afterInteger == at || (text[at] == '0' && afterInteger > at + 1))
        return false;
    at = afterInteger;
    if (at < text.size() && text[at] == '.') {
        const std::size_t end = skipDigits(text, at + 1);
        if (end == at + 1)
            return false;
        at = end;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        const std::size_t end = skipDigits(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == text.size();
}

/// RFC 8259 section 7; quotes included. UTF-8 and control characters are simdjson's to check.
bool isString(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return false;
    const std::string_view inner = text.substr(1, text.size() - 2);
    for (std::size_t at = inner.find('\\'); at != std::string_view::npos;
         at = inner.find('\\', at)) {
        if (at + 1 >= inner.size())
            return false;
        if (inner[at + 1] == 'u') {
            const std::string_view digits = inner.substr(at + 2, 4);
            if (digits.size() != 4 || !std::ranges::all_of(digits, isHexDigit))
                return false;
            at += 6;
        } else if (std::string_view("\"\\/bfnrt").find(inner[at + 1]) != std::string_view::npos) {
            at += 2;
        } else {
            return false;
        }
    }
    return true;
}

bool isScalar(std::string_view text)
{
    if (text.starts_with('"'))
        return isString(text);
    return text == "true" || text == "false" || text == "null" || isNumber(text);
}

Fault validateMembers(ondemand::document &document, ondemand::object object, int levels,
                      int &tokens)
{
    for (auto member : object) {
        ondemand::raw_json_string key;
        ondemand::value value;
        std::string_view text;
        if (member.key().get(key) || !isString(rawText(key)) || member.value().get(value))
            return Fault::Invalid;
        --tokens; // the key
        if (const Fault fault = validate(document, value, levels, tokens, text);
            fault != Fault::None)
            return fault;
    }
    return Fault::None;
}

Fault validateElements(ondemand::document &document, ondemand::array array, int levels, int &tokens)
{
    for (auto element : array) {
        ondemand::value value;
        std::string_view text;
        if (element.get(value))
            return Fault::Invalid;
        if (const Fault fault = validate(document, value, levels, tokens, text);
            fault != Fault::None)
            return fault;
    }
    return Fault::None;
}

Fault validateContainer(ondemand::document &document, ondemand::value value, bool isObject,
                        int levels, int &tokens)
{
    if (isObject) {
        ondemand::object object;
        return value.get_object().get(object) ? Fault::Invalid
                                              : validateMembers(document, object, levels, tokens);
    }
    ondemand::array array;
    return value.get_array().get(array) ? Fault::Invalid
                                        : validateElements(document, array, levels, tokens);
}

} // namespace

Fault validate(ondemand::document &document, ondemand::value value, int levels, int &tokens,
               std::string_view &text)
{
    if (--tokens < 0)
        return Fault::TooMany;
    const std::string_view token = trimmedEnd(value.raw_json_token());
    if (token != "{" && token != "[") {
        text = token;
        return isScalar(token) ? Fault::None : Fault::Invalid;
    }
    if (levels <= 0)
        return Fault::TooDeep;
    if (const Fault fault = validateContainer(document, value, token == "{", levels - 1, tokens);
        fault != Fault::None) {
        return fault;
    }
    const char *end = nullptr;
    if (document.current_location().get(end))
        return Fault::Invalid;
    text = trimmedEnd({token.data(), static_cast<std::size_t>(end - token.data())});
    return Fault::None;
}

simdjson::error_code slice(ondemand::value value, std::string_view &text)
{
    const std::string_view token = value.raw_json_token();
    simdjson::error_code error = simdjson::SUCCESS;
    text = token;
    if (token.starts_with('{')) {
        ondemand::object object;
        error = value.get_object().get(object);
        if (!error)
            error = object.raw_json().get(text);
    } else if (token.starts_with('[')) {
        ondemand::array array;
        error = value.get_array().get(array);
        if (!error)
            error = array.raw_json().get(text);
    }
    text = trimmedEnd(text);
    return error;
}

bool isAtEnd(ondemand::document &document)
{
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

std::string_view rawText(ondemand::raw_json_string key)
{
    const char *begin = key.raw() - 1;
    const char *at = begin + 1;
    // The reader has seen the closing quote already, so there is one.
    while (*at != '"')
        at += *at == '\\' ? 2 : 1;
    return {begin, static_cast<std::size_t>(at - begin + 1)};
}

} // namespace Dispatch::Json
