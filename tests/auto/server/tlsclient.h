// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "certificate.h"
#include "tlscontext_p.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qtemporaryfile.h>

#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

/// A server's side of TLS, with a certificate for this machine. Null if that can't be.
inline Dispatch::TlsContext contextForLoopback()
{
    const Certificate certificate = Certificate::selfSigned({"127.0.0.1"});
    QTemporaryFile file;
    if (!file.open())
        return nullptr;
    file.write(certificate.pem() + certificate.keyPem());
    file.flush();
    const QByteArray path = file.fileName().toLocal8Bit();
    Dispatch::TlsContext context = Dispatch::makeTlsContext();
    const bool isUsable =
        SSL_CTX_use_certificate_file(context.get(), path.constData(), SSL_FILETYPE_PEM) == 1
        && SSL_CTX_use_PrivateKey_file(context.get(), path.constData(), SSL_FILETYPE_PEM) == 1;
    return isUsable ? context : nullptr;
}

/// A client's end of TLS that is made of OpenSSL and two buffers.
class TlsClient {
public:
    explicit TlsClient(int version = TLS1_3_VERSION, const QByteArray &protocols = {},
                       SSL *before = nullptr)
        : m_context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free)
    {
        SSL_CTX_set_security_level(m_context.get(), 0);
        SSL_CTX_set_min_proto_version(m_context.get(), version);
        SSL_CTX_set_max_proto_version(m_context.get(), version);
        if (!protocols.isEmpty())
            SSL_CTX_set_alpn_protos(m_context.get(),
                                    reinterpret_cast<const unsigned char *>(protocols.constData()),
                                    static_cast<unsigned>(protocols.size()));
        m_ssl.reset(SSL_new(m_context.get()), &SSL_free);
        SSL_set_bio(ssl(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        if (before)
            SSL_set_session(ssl(), SSL_get_session(before));
        SSL_set_connect_state(ssl());
        receive({});
    }

    SSL *ssl() const { return m_ssl.get(); }

    /// Takes what the server says; what it means is in said().
    void receive(std::string_view bytes)
    {
        BIO_write(SSL_get_rbio(ssl()), bytes.data(), static_cast<int>(bytes.size()));
        char data[20'000];
        for (int n; (n = SSL_read(ssl(), data, sizeof data)) > 0;)
            m_said.append(data, static_cast<std::size_t>(n));
        m_hasEnded = (SSL_get_shutdown(ssl()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }

    void say(std::string_view text) const
    {
        SSL_write(ssl(), text.data(), static_cast<int>(text.size()));
    }

    /// What goes to the server.
    std::string out() const
    {
        char *data = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(ssl()), &data);
        const std::string bytes(data, static_cast<std::size_t>(size));
        BIO_reset(SSL_get_wbio(ssl()));
        return bytes;
    }

    const std::string &said() const { return m_said; }
    bool hasEnded() const { return m_hasEnded; }

private:
    std::shared_ptr<SSL_CTX> m_context;
    std::shared_ptr<SSL> m_ssl;
    std::string m_said;
    bool m_hasEnded = false;
};
