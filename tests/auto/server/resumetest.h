// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "extendedpeer.h"

#include <DispatchServer>

#include <QtCore/qobject.h>

#include <functional>
#include <memory>

/// A server whose clients of the extended profile come back.
class ResumeTest : public QObject {
    Q_OBJECT

protected:
    /// A shard for all.
    static const QString Room;

    static bool isRecovered(const ExtendedPeer &peer);
    QUrl url() const { return m_server->url(); }
    void configure(const std::function<void(DispatchServerSettings &)> &change);

    std::unique_ptr<DispatchServer> m_server;

private Q_SLOTS:
    void init();
    void cleanup();
};
