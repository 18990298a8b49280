// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qloggingcategory.h>
#include <QtCore/qstringlist.h>

class DispatchClient;

namespace Dispatch {

Q_DECLARE_LOGGING_CATEGORY(lcClient)

/// Says to whoever reads the log that something that \a client was told was \a refused.
void warnOf(const DispatchClient *client, const QStringList &refused);

} // namespace Dispatch
