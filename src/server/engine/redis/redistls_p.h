// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <variant>

namespace Dispatch::Engine {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// What TLS connections to Redis begin with: 1.2 or newer, certificates are verified. They are
/// signed by those in \a caFile (PEM), or if that is empty by those that this machine trusts. Else
/// the reason why that can't be read.
std::variant<TlsContext, std::string> makeRedisTls(const std::string &caFile);

/// Has the certificate be one for \a host, a name or an IP address.
void expectHost(SSL *ssl, const std::string &host);

/// Why a handshake failed.
std::string tlsFailure(SSL *ssl, const boost::system::error_code &ec);

} // namespace Dispatch::Engine
