// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qregularexpression.h>
#include <QtCore/qurl.h>

#include <optional>

namespace Dispatch {

/// What somebody gave as \a url who left out ws://, as "127.0.0.1:8090" or "rooms.example/x",
/// without what may be secret; nothing if that is not what is wrong with it.
inline std::optional<QString> bareAddress(const QUrl &url)
{
    using namespace Qt::StringLiterals;
    if (!url.host().isEmpty())
        return std::nullopt;
    QString address = url.path();
    if (!url.scheme().isEmpty()) {
        // A host and its port look like a scheme and a path.
        static const QRegularExpression port(u"\\A[0-9]{1,5}(/|\\z)"_s);
        if (!port.match(address).hasMatch())
            return std::nullopt;
        address.prepend(url.scheme() + u':');
    }
    address.remove(0, address.lastIndexOf(u'@') + 1);
    return address.isEmpty() || address.startsWith(u'/') ? std::nullopt : std::optional(address);
}

} // namespace Dispatch
