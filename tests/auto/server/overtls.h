// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <DispatchServer>

#ifdef OVER_TLS
#include "certificate.h"
#include "rawpeer.h"

#include <QtNetwork/qsslcertificate.h>
#include <QtNetwork/qsslconfiguration.h>
#endif

/// Has \a server and all peers speak TLS in a test that is built with OVER_TLS; what must be the
/// same with TLS and without is tested twice by the same test.
inline void prepare([[maybe_unused]] DispatchServer &server)
{
#ifdef OVER_TLS
    static const Certificate certificate = Certificate::selfSigned({"127.0.0.1"});
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates({QSslCertificate(certificate.pem())});
    QSslConfiguration::setDefaultConfiguration(configuration);
    RawPeer::setSpeaksTls(true);
    server.setTlsIdentity(DispatchTlsIdentity::fromPem(certificate.pem(), certificate.keyPem()));
#endif
}
