// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatcherror.h"

#include <QtCore/qurl.h>
#include <QtNetwork/qsslconfiguration.h>
#include <QtNetwork/qsslerror.h>

#include <optional>
#include <variant>

namespace Dispatch {

/// What a connection by TLS is made with: \a own or the application's default, and the CAs of
/// \a caFile (PEM; a local file or a resource) beside those. Whatever they say, the server's
/// certificate is verified, and nothing below TLS 1.2 is spoken. An error if \a caFile has no CA.
std::variant<QSslConfiguration, DispatchError>
tlsConfiguration(const std::optional<QSslConfiguration> &own, const QUrl &caFile);

/// \a configuration with the verification that it may lack.
QSslConfiguration verifying(QSslConfiguration configuration);

/// What is wrong with a server's certificate, and what can be done about it.
QString describeTlsErrors(const QList<QSslError> &errors);

} // namespace Dispatch
