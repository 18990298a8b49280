// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "listenaddress_p.h"

using namespace Qt::StringLiterals;

namespace Dispatch {

QString listenError(const QHostAddress &address, quint16 port,
                    const boost::system::error_code &error)
{
    return u"Can't listen on %1, port %2: %3."_s.arg(address.toString())
        .arg(port)
        .arg(QString::fromStdString(error.message()));
}

QUrl localUrl(const QString &scheme, const QHostAddress &address, quint16 port)
{
    QHostAddress host = address;
    if (address == QHostAddress::Any || address == QHostAddress::AnyIPv4)
        host = QHostAddress::LocalHost;
    else if (address == QHostAddress::AnyIPv6)
        host = QHostAddress::LocalHostIPv6;
    QUrl url;
    url.setScheme(scheme);
    url.setHost(host.toString());
    url.setPort(port);
    return url;
}

} // namespace Dispatch
