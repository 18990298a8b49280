// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "tlscontext_p.h"

#include <algorithm>
#include <new>
#include <string_view>

#include <openssl/ssl.h>

namespace Dispatch {

namespace {

// 112 bits: RSA from 2048 bits on, no SHA-1 in signatures.
constexpr int LeastSecurityLevel = 2;
// With the length in front, as it goes over the wire (RFC 7301).
constexpr std::string_view Http11 = "\x08http/1.1";

/// RFC 7301: a client that asks for other protocols alone is told, not surprised.
int chooseProtocol(SSL *, const unsigned char **out, unsigned char *outLength,
                   const unsigned char *in, unsigned inLength, void *)
{
    const auto *ours = reinterpret_cast<const unsigned char *>(Http11.data());
    unsigned char *chosen = nullptr;
    const int result = SSL_select_next_proto(&chosen, outLength, ours,
                                             static_cast<unsigned>(Http11.size()), in, inLength);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace

TlsContext makeTlsContext()
{
    TlsContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    if (!context)
        throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_security_level(
        context.get(), std::max(LeastSecurityLevel, SSL_CTX_get_security_level(context.get())));
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                            | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    // Sessions are resumed by tickets, which cost the server nothing.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context.get(), chooseProtocol, nullptr);
    return context;
}

} // namespace Dispatch
