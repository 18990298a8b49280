// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "dispatchserversettings.h"

#include "addressranges_p.h"
#include "enginesettings_p.h"
#include "originpolicy_p.h"

using namespace Qt::StringLiterals;

namespace {

void check(QMap<QString, QString> &problems, const QString &property, const QStringList &entries,
           bool (*isGood)(const QString &), const QString &expectation)
{
    for (const QString &entry : entries) {
        if (!isGood(entry))
            problems.insert(property, u"has '%1', which is no %2."_s.arg(entry, expectation));
    }
}

} // namespace

QMap<QString, QString> DispatchServerSettings::problems() const
{
    const QString range = u"IP address or network, such as 192.0.2.1 or 2001:db8::/32"_s;
    QMap<QString, QString> problems;
    check(problems, u"allowedOrigins"_s, allowedOrigins, Dispatch::OriginPolicy::isEntry,
          u"origin: https://host, with :port if need be and without a path; or null, or *"_s);
    check(problems, u"trustedProxies"_s, trustedProxies, Dispatch::AddressRanges::isRange, range);
    check(problems, u"unlimitedAddresses"_s, unlimitedAddresses, Dispatch::AddressRanges::isRange,
          range);
    problems.insert(Dispatch::engineProblems(*this));
    return problems;
}
