// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>

#include <array>

namespace Dispatch {

/// Turns signals of the system into those of Qt. A second SIGTERM or SIGINT ends the process at
/// once. SIGPIPE is ignored. There can be one at a time.
class ProcessSignals : public QObject {
    Q_OBJECT

public:
    explicit ProcessSignals(QObject *parent = nullptr);
    ~ProcessSignals() override;

Q_SIGNALS:
    /// The first SIGTERM or SIGINT.
    void endRequested();
    /// SIGHUP; several that come together are one.
    void reloadRequested();

private:
    void read();

    std::array<int, 2> m_pipe{-1, -1};
};

} // namespace Dispatch
