// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "names_p.h"

#include <random>
#include <string_view>

namespace Dispatch::Engine {

namespace {

// As those of a server alone: no vowels, and nothing that looks like something else.
constexpr std::string_view Alphabet = "23456789bcdfghjkmnpqrstvwxz";
constexpr int Length = 6;

std::random_device &source()
{
    static thread_local std::random_device device;
    return device;
}

} // namespace

std::uint64_t randomNumber()
{
    std::uniform_int_distribution<std::uint64_t> number(1);
    return number(source());
}

std::string newShardName()
{
    std::uniform_int_distribution<std::size_t> letter(0, Alphabet.size() - 1);
    std::string name;
    for (int i = 0; i < Length; ++i)
        name += Alphabet[letter(source())];
    return name;
}

} // namespace Dispatch::Engine
