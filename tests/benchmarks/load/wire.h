// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <memory>
#include <string_view>
#include <sys/types.h>

struct ssl_st;

namespace Load {

/// What goes over a socket, in the clear or with TLS. Believes any certificate: it is only there to
/// load a server of its own machine.
class Wire {
public:
    Wire() = default;
    Wire(int fd, bool isEncrypted);

    /// Goes on with the handshake of TLS. True when it is over.
    bool handshake();
    // As recv() and send() do: -1 and EAGAIN if it has to be tried again later.
    ssize_t receive(char *data, std::size_t size);
    ssize_t send(std::string_view data);

private:
    ssize_t result(int done, std::size_t bytes);

    int m_fd = -1;
    std::shared_ptr<ssl_st> m_ssl;
};

} // namespace Load
