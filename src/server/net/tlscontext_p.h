// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <memory>

struct ssl_ctx_st;

namespace Dispatch {

/// What all handshakes with one certificate have in common. Used on several threads; what is made
/// of it keeps it.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

/// A context for a server, without a certificate yet: TLS 1.2 or newer and what OpenSSL takes for
/// safe, no renegotiation, no compression, HTTP/1.1, and little memory for who is silent.
TlsContext makeTlsContext();

} // namespace Dispatch
