// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtokenkey.h"

#include <QtCore/qlist.h>

#include <variant>
#include <vector>

namespace Dispatch {

/// The fixed tokens of back ends. Kept and compared as hashes, all of them each time, so that
/// neither an answer nor its time tells how near a guess came.
class ProjectTokens {
public:
    /// The tokens, or a sentence that says which can't be used and why.
    static std::variant<ProjectTokens, QString> make(const QList<DispatchProjectToken> &tokens);

    bool isEmpty() const { return m_entries.empty(); }
    bool accepts(const QByteArray &token, const QString &projectId) const;

private:
    struct Entry {
        QByteArray project;
        QByteArray token;
    };
    std::vector<Entry> m_entries;
};

} // namespace Dispatch
