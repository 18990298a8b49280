// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "redistls_p.h"

#include <boost/asio/ip/address.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace Dispatch::Engine {

namespace net = boost::asio;
using boost::system::error_code;

std::variant<TlsContext, std::string> makeRedisTls(const std::string &caFile)
{
    auto context = std::make_shared<net::ssl::context>(net::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    error_code ec;
    context->set_verify_mode(net::ssl::verify_peer, ec);
    if (!ec && caFile.empty())
        context->set_default_verify_paths(ec);
    else if (!ec)
        context->load_verify_file(caFile, ec);
    if (ec)
        return ec.message();
    return context;
}

void expectHost(SSL *ssl, const std::string &host)
{
    error_code ec;
    net::ip::make_address(host, ec);
    if (!ec) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
        return;
    }
    SSL_set1_host(ssl, host.c_str());
    SSL_set_tlsext_host_name(ssl, host.c_str());
}

std::string tlsFailure(SSL *ssl, const error_code &ec)
{
    const long result = SSL_get_verify_result(ssl);
    const bool isOfCertificate = result != X509_V_OK;
    return "TLS: "
        + (isOfCertificate ? std::string(X509_verify_cert_error_string(result)) : ec.message());
}

} // namespace Dispatch::Engine
