// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "metricstext.h"
#include "rawpeer.h"

#include <DispatchServer>

#include <QtCore/qobject.h>

#include <memory>

/// A server with a port for operators.
class OperatorsTest : public QObject {
    Q_OBJECT

protected:
    /// Another server in the place of the one that each test begins with.
    void serve(const DispatchServerSettings &settings);
    RawPeer::Response get(const QByteArray &target) const;
    MetricsText metrics() const { return MetricsText(get("/metrics").body); }
    /// Waits until a metric has a value.
    bool waitFor(const QString &name, double expected,
                 const MetricsText::Labels &labels = {}) const;

    std::unique_ptr<DispatchServer> m_server;

private Q_SLOTS:
    void init();
    void cleanup();
};
