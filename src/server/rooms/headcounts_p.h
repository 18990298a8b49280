// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace Dispatch {

/// Adds up what several servers answer to the questions of one. Knows no clock: who asks says when
/// he does not wait any more.
class Headcounts {
public:
    using Done = std::function<void(int)>;

    /// A question that \a servers have to answer; its number, which is never 0. \a done hears the
    /// sum when the last of them has, or in finish().
    std::uint64_t ask(std::set<std::string> servers, Done done);
    /// Each server counts once; one that was not known of counts, too, as long as others are waited
    /// for.
    void answer(std::uint64_t question, const std::string &server, int count);
    /// Nobody waits for those who have not answered.
    void finish(std::uint64_t question);
    /// Nobody hears of it any more. False if it is over already.
    bool drop(std::uint64_t question) { return m_open.erase(question) > 0; }

    std::size_t size() const { return m_open.size(); }

private:
    struct Question {
        std::set<std::string> silent;
        std::set<std::string> heard;
        Done done;
        int sum = 0;
    };

    std::map<std::uint64_t, Question> m_open;
    std::uint64_t m_last = 0;
};

} // namespace Dispatch
