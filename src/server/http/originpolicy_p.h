// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstringlist.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace Dispatch {

/// From which pages browsers may join (RFC 6455 section 10.2): else any page could talk to a server
/// that its visitor can reach. Pure.
class OriginPolicy {
public:
    OriginPolicy() = default;
    /// \a allowed and \a isRequired as in DispatchServerSettings.
    OriginPolicy(const QStringList &allowed, bool isRequired);

    /// Whether \a text can stand in the list.
    static bool isEntry(const QString &text);

    /// Whether a page of \a origin may join a server that it knows as \a host, the authority of its
    /// URL. No origin: no page.
    bool allows(std::optional<std::string_view> origin, std::string_view host) const;

private:
    std::set<std::string> m_allowed; // normalised; empty: the same host
    bool m_allowsAll = false;
    bool m_allowsOnlyListed = false;
    bool m_isRequired = false;
};

/// Serialised as browsers do (RFC 6454 section 6.2): scheme and host in lower case, without the
/// scheme's own port. Nothing if \a text is no origin; "null" is none.
std::optional<std::string> normalizedOrigin(std::string_view text);

} // namespace Dispatch
