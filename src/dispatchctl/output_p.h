// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <cstdio>
#include <memory>

namespace Dispatch::Ctl {

/// Fills those of stdin, stdout and stderr that whoever started us has closed with what can't be
/// written to: a file or a socket of ours that is opened later would get their numbers, and what is
/// said. To be called first.
void fillStandardStreams();

/// Where bytes go that must not get lost in silence: stdout, or a file. Each write is out when it
/// returns. After the first failure nothing more is written.
class Output {
public:
    /// \a stream is not closed unless close() is called.
    explicit Output(std::FILE *stream = nullptr)
        : m_stream(stream)
    {
    }
    ~Output();

    /// Begins the file at \a path anew.
    bool open(const QString &path);
    bool write(const QByteArray &bytes);
    /// What was written is safe with the system only when this has not failed.
    bool close();

    /// Whether whoever read it reads no more.
    bool isUnread() const;
    /// What the system says of the failure; empty: there was none.
    QString reason() const;

private:
    Q_DISABLE_COPY_MOVE(Output)

    bool succeeds(bool isFine);

    std::FILE *m_stream;
    int m_error = 0; ///< errno of the first failure
    bool m_isOwn = false;
    bool m_hasWritten = false;
};

} // namespace Dispatch::Ctl
