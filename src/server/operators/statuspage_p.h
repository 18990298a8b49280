// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <span>
#include <string_view>

namespace Dispatch {

/// A file that the status page is made of.
struct StatusPageFile {
    std::string_view path; ///< "/status.css"; "/" for the page itself
    std::string_view contentType;
    std::string_view content;
};

/// All of them, from the folder page, as they were when this was built.
std::span<const StatusPageFile> statusPageFiles();

} // namespace Dispatch
