// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qstring.h>
#include <QtCore/qurl.h>
#include <QtNetwork/qhostaddress.h>

#include <boost/system/error_code.hpp>

namespace Dispatch {

/// Why one can't listen there, as a sentence.
QString listenError(const QHostAddress &address, quint16 port,
                    const boost::system::error_code &error);

/// Where what listens on \a address is found from this machine.
QUrl localUrl(const QString &scheme, const QHostAddress &address, quint16 port);

} // namespace Dispatch
