// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "faultyservertest.h"

#include <QtCore/qfuture.h>

/// Looks at the tokens that came to the server.
class TokenTest : public FaultyServerTest {
    Q_OBJECT

protected:
    static QFuture<QString> ready(const QString &token);
    /// What the connection of this number, from 0 on, was opened with.
    QByteArray header(int connection) const;
    /// The tokens that came by IDENTIFY over the last connection.
    QStringList identities() const;
    /// Has the server complain of something that does not end the connection.
    void sendError(const QString &code);
};
