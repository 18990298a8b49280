// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "backendcall.h"

#include <DispatchServer>

#include <QtCore/qobject.h>

#include <functional>
#include <memory>

/// A server that is asked by HTTP, as back ends do.
class BackendApiTest : public QObject {
    Q_OBJECT

protected:
    using Answer = BackendCall::Answer;
    using Headers = BackendCall::Headers;

    Answer ask(const char *method, const QString &path, const QByteArray &body = {},
               const Headers &headers = {}, const QByteArray &token = "p/backend");
    void configure(const std::function<void(DispatchServerSettings &)> &change);
    /// The query of a client in a shard of the project.
    static QString client(const QString &more);
    int statusOfJoin(const QByteArray &query);

    std::unique_ptr<DispatchServer> m_server;
    BackendCall m_call;

private Q_SLOTS:
    void init();
};
