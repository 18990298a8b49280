// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonarray.h>

/// A text that makes a message named "message" \a units long, in UTF-16 code units, of so many as
/// \a character has.
inline QString textFor(qsizetype units, const QString &character = QStringLiteral("x"))
{
    const qsizetype around = QLatin1StringView(R"({"eventName":"message","payload":""})").size();
    return character.repeated((units - around) / character.size())
        + QString((units - around) % character.size(), u'x');
}

/// A payload of so many levels.
inline QJsonValue nested(int levels)
{
    QJsonValue value = 1;
    for (int i = 0; i < levels; ++i)
        value = QJsonArray{value};
    return value;
}
