// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtypes.h"

#include <QtCore/qstringlist.h>

#include <limits>
#include <utility>

namespace Dispatch {

/// What a number can be that the client is set to.
struct Bounds {
    QLatin1StringView name;
    int least = 0;
    int most = std::numeric_limits<int>::max();
};

/// That \a setting can't be \a wished, what it can be, and what it is.
inline QString nonsense(const QString &setting, const QString &wished, const QString &possible,
                        const QString &present)
{
    return QStringLiteral("%1 can't be %2: give %3. It stays %4.")
        .arg(setting, wished, possible, present);
}

// Where \a wished has something that it can't have, it gets what \a present has; each is told by a
// sentence that says what it can have. What is inline serves the test kit and QML, too, which are
// libraries of their own.
[[nodiscard]] inline QStringList refuseNonsense(int &wished, int present, const Bounds &bounds)
{
    if (wished >= bounds.least && wished <= bounds.most)
        return {};
    const QString least = QString::number(bounds.least);
    const QString possible = bounds.most == std::numeric_limits<int>::max()
        ? QStringLiteral("%1 or more").arg(least)
        : QStringLiteral("%1 to %2").arg(least, QString::number(bounds.most));
    return {nonsense(bounds.name, QString::number(std::exchange(wished, present)), possible,
                     QString::number(present))};
}

[[nodiscard]] QStringList refuseNonsense(DispatchReconnectPolicy &wished,
                                         const DispatchReconnectPolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchQueuePolicy &wished,
                                         const DispatchQueuePolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchRequestPolicy &wished,
                                         const DispatchRequestPolicy &present);
[[nodiscard]] QStringList refuseNonsense(DispatchIncomingLimits &wished,
                                         const DispatchIncomingLimits &present);

} // namespace Dispatch
