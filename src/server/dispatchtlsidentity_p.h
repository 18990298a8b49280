// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtlsidentity.h"
#include "tlscontext_p.h"

namespace Dispatch {

/// PEM text, and how to call it in a sentence.
struct Pem {
    QByteArray text{};
    QString name{};
};

struct TlsFault {
    DispatchTlsIdentity::Error error = DispatchTlsIdentity::NoError;
    QString sentence{};
};

} // namespace Dispatch

class Q_DECL_HIDDEN DispatchTlsIdentity::Private {
public:
    static std::shared_ptr<const Private> load(const Dispatch::Pem &certificates,
                                               const Dispatch::Pem &key);
    static std::shared_ptr<const Private> failed(const Dispatch::TlsFault &fault);

    Error error = NoError;
    QString errorString;
    QDateTime validFrom;
    QDateTime validUntil;
    Dispatch::TlsContext context; ///< null if there is an error
};
