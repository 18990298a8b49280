// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "refusal_p.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace Dispatch {

/// Looks at the header of a request while it comes in, before it is parsed: how long it is, and
/// whether its lines are such that all on the way understand them in the same way. The parser
/// forgives folded lines, which RFC 9112 (section 5.2) lets a server refuse.
class HeadScanner {
public:
    static constexpr std::size_t HeadBytes = 16 * 1024; ///< with the empty line at its end
    static constexpr std::size_t TargetBytes = 8 * 1024;
    static constexpr std::size_t Fields = 100;

    /// \a bytes are all that came since the request began; the next call goes on where this one
    /// ended. Says why the request can't be taken, once that is known.
    std::optional<Refusal> scan(std::string_view bytes);
    /// The length of the header; 0 if it is not all there.
    std::size_t size() const { return m_size; }

private:
    std::optional<Refusal> scan(char c);
    std::optional<Refusal> scanText(char c);
    void endLine();

    std::size_t m_position = 0;
    std::size_t m_size = 0;
    std::size_t m_line = 0; // the first one is that of the request
    std::size_t m_lineBytes = 0;
    std::size_t m_targetBytes = 0;
    std::size_t m_spaces = 0; // in the first line: the target is between the first two
    bool m_isAfterCr = false;
};

} // namespace Dispatch
