// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstringlist.h>

namespace Dispatch {

/// See DispatchClient::displayText().
QString displayText(const QString &text, qsizetype longest);

/// \a text with each of the \a secrets in it blotted out.
QString withoutSecrets(QString text, const QStringList &secrets);

} // namespace Dispatch
