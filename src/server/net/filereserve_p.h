// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <vector>

namespace Dispatch {

/// Files that are open for the time when no other one can be opened: in the place of one of them
/// somebody can be accepted and told so, who would wait in the backlog else.
class FileReserve {
public:
    explicit FileReserve(std::size_t files);
    FileReserve(const FileReserve &) = delete;
    FileReserve &operator=(const FileReserve &) = delete;
    ~FileReserve();

    /// Makes room for one file; false if all are given away.
    bool release();
    /// Takes back what can be had; true if that is all.
    bool fill();

private:
    const std::size_t m_size;
    std::vector<int> m_files;
};

} // namespace Dispatch
