// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "headcounts_p.h"

#include <utility>

namespace Dispatch {

std::uint64_t Headcounts::ask(std::set<std::string> servers, Done done)
{
    m_open.emplace(++m_last, Question{std::move(servers), {}, std::move(done)});
    return m_last;
}

void Headcounts::answer(std::uint64_t question, const std::string &server, int count)
{
    const auto open = m_open.find(question);
    if (open == m_open.end() || !open->second.heard.insert(server).second)
        return;
    open->second.sum += count;
    if (open->second.silent.erase(server) > 0 && open->second.silent.empty())
        finish(question);
}

void Headcounts::finish(std::uint64_t question)
{
    if (const auto over = m_open.extract(question))
        over.mapped().done(over.mapped().sum);
}

} // namespace Dispatch
