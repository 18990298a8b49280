// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qjsonobject.h>
#include <QtCore/qstring.h>

namespace Dispatch::Ctl {

/// \a untrusted, fit for a terminal: what could steer it (escape sequences), break the line or turn
/// the direction of text is written as in JSON, as \u001b. Doing so twice changes nothing.
QString printable(QStringView untrusted);

/// \a value as JSON in one line, printable, and still the same JSON.
QString compactJson(const QJsonValue &value);

/// \a text, cut to \a length characters with "..." at its end if it is longer.
QString shortened(const QString &text, qsizetype length);

} // namespace Dispatch::Ctl
