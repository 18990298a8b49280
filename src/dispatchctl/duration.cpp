// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "duration_p.h"

#include <QtCore/qdatetime.h>
#include <QtCore/qregularexpression.h>
#include <QtCore/qstringlist.h>

#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Dispatch::Ctl {

namespace {

struct Unit {
    QLatin1StringView suffix;
    QLatin1StringView name;
    qint64 ms;
};
constexpr std::array Units = {
    Unit{"d"_L1, "d"_L1, 86'400'000}, Unit{"h"_L1, "h"_L1, 3'600'000},
    Unit{"m"_L1, "min"_L1, 60'000},   Unit{"s"_L1, "s"_L1, 1'000},
    Unit{"ms"_L1, "ms"_L1, 1},
};

qint64 scaleOf(QStringView suffix)
{
    for (const Unit &unit : Units) {
        if (unit.suffix == suffix)
            return unit.ms;
    }
    return 1'000;
}

} // namespace

std::optional<Milliseconds> parseDuration(QStringView text)
{
    static const QRegularExpression form(u"\\A([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d)?\\z"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const double ms = match.capturedView(1).toDouble() * double(scaleOf(match.capturedView(2)));
    if (!(ms <= double(LongestDuration.count())))
        return std::nullopt;
    return Milliseconds(std::llround(ms));
}

QString formatDuration(Milliseconds duration)
{
    qint64 rest = std::abs(duration.count());
    QStringList parts;
    for (const Unit &unit : Units) {
        const qint64 count = rest / unit.ms;
        const bool isFine = unit.ms == 1; // who reads of seconds needs no milliseconds
        if (count > 0 && !(isFine && !parts.isEmpty()))
            parts += u"%1 %2"_s.arg(count).arg(unit.name);
        else if (!parts.isEmpty())
            break;
        rest %= unit.ms;
        if (parts.size() == 2)
            break;
    }
    return parts.isEmpty() ? u"0 s"_s : parts.join(u' ');
}

QString formatDelay(Milliseconds delay)
{
    return delay.count() > 0 ? u"in "_s + formatDuration(delay) : u"at once"_s;
}

QString formatRelative(qint64 time, qint64 now)
{
    const QString distance = formatDuration(Milliseconds(time - now));
    if (time == now)
        return u"now"_s;
    return time > now ? u"in "_s + distance : distance + u" ago"_s;
}

QString formatTime(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(u"yyyy-MM-dd HH:mm:ss 'UTC'");
}

} // namespace Dispatch::Ctl
