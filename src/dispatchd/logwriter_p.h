// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>

namespace Dispatch {

/// Writes lines to a file descriptor and never waits: a full pipe, a full disk or a closed
/// descriptor costs the line, which is counted.
class LogWriter {
public:
    explicit LogWriter(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    /// Whether \a line, at most MaximumLogLine bytes, was written.
    bool write(const QByteArray &line);
    /// Lines that were lost since this was last asked.
    int takeLost();

private:
    bool isReady() const;

    const int m_descriptor;
    int m_lost = 0;
};

} // namespace Dispatch
