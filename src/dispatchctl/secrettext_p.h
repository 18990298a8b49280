// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

namespace Dispatch::Ctl {

/// A text that must not be printed, or why there is none.
struct SecretText {
    QByteArray text;
    QString problem; ///< a sentence; never holds any of the text
};

/// Reads the file at \a path, or stdin if that is "-". White space around the text is no part of
/// it.
SecretText readSecretText(const QString &path);

} // namespace Dispatch::Ctl
