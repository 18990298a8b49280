// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "dispatchtlsidentity.h"

#include <QtCore/qstringlist.h>

#include <memory>

class DispatchTokenVerifier;

namespace Dispatch {

struct LoadedConfiguration;

/// What the files that a configuration names hold.
struct Credentials {
    std::shared_ptr<const DispatchTokenVerifier> verifier{}; ///< null: each token is refused
    DispatchTlsIdentity tlsIdentity{}; ///< null: without TLS
    QString enginePassword{}; ///< empty: none is in a file
    QStringList problems{}; ///< as sentences for people, with where the file is named
    QStringList warnings{}; ///< the same of what can be used all the same
};

/// Reads the files that \a loaded names.
Credentials readCredentials(const LoadedConfiguration &loaded);

} // namespace Dispatch
