// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "httpdate_p.h"

#include <QtCore/qlocale.h>

namespace Dispatch {

std::string httpDate(const QDateTime &time)
{
    const QString format = QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'");
    return QLocale::c().toString(time.toUTC(), format).toStdString();
}

} // namespace Dispatch
