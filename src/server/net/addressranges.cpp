// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "addressranges_p.h"

#include <algorithm>

namespace Dispatch {

namespace {

std::pair<QHostAddress, int> parseRange(const QString &text)
{
    // QHostAddress takes "10" for a network, too, as 0.0.0.10 and as 10.0.0.0/8.
    const QString address = text.section(u'/', 0, 0);
    const bool isWhole = address.contains(u':') || address.count(u'.') == 3;
    return isWhole ? QHostAddress::parseSubnet(text) : std::pair(QHostAddress(), -1);
}

/// An address as proxies write it: alone, or with a port, for which IPv6 has brackets.
QHostAddress parseHop(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    return unmapped(
        QHostAddress(QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()))));
}

} // namespace

AddressRanges::AddressRanges(const QStringList &entries)
{
    for (const QString &entry : entries) {
        if (isRange(entry))
            m_ranges.append(parseRange(entry));
    }
}

bool AddressRanges::isRange(const QString &text)
{
    return parseRange(text).second >= 0;
}

bool AddressRanges::contains(const QHostAddress &address) const
{
    const QHostAddress plain = unmapped(address);
    return std::ranges::any_of(m_ranges,
                               [&plain](const auto &range) { return plain.isInSubnet(range); });
}

QHostAddress unmapped(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    return isV4 ? QHostAddress(v4) : address;
}

QHostAddress clientAddress(const QHostAddress &peer, std::string_view forwardedFor,
                           const AddressRanges &proxies)
{
    QHostAddress client = peer;
    while (proxies.contains(client) && !forwardedFor.empty()) {
        const std::size_t comma = forwardedFor.rfind(',');
        const bool isFirst = comma == std::string_view::npos;
        const QHostAddress before = parseHop(forwardedFor.substr(isFirst ? 0 : comma + 1));
        if (before.isNull())
            break;
        client = before;
        forwardedFor = forwardedFor.substr(0, isFirst ? 0 : comma);
    }
    return client;
}

} // namespace Dispatch
