// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "packedtexts_p.h"

#include <charconv>

namespace Dispatch {

namespace {

void append(std::string &out, std::string_view text)
{
    out.append(std::to_string(text.size())).append(":").append(text);
}

} // namespace

std::string packed(std::initializer_list<std::string_view> texts)
{
    std::string out;
    for (const std::string_view text : texts)
        append(out, text);
    return out;
}

std::string packed(const std::vector<std::string> &texts)
{
    std::string out;
    for (const std::string &text : texts)
        append(out, text);
    return out;
}

std::optional<std::vector<std::string_view>> unpacked(std::string_view text)
{
    std::vector<std::string_view> texts;
    while (!text.empty()) {
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
        const auto digits = static_cast<std::size_t>(end - text.data());
        if (error != std::errc() || digits == text.size() || *end != ':'
            || size > text.size() - digits - 1) {
            return std::nullopt;
        }
        texts.push_back(text.substr(digits + 1, size));
        text.remove_prefix(digits + 1 + size);
    }
    return texts;
}

std::optional<std::vector<std::string_view>> unpacked(std::string_view text, std::size_t least)
{
    auto texts = unpacked(text);
    return texts && texts->size() >= least ? std::move(texts) : std::nullopt;
}

} // namespace Dispatch
