// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>

#include <array>

namespace Dispatch {

/// Turns signals of the system into those of Qt. A third SIGTERM or SIGINT kills the process.
/// SIGPIPE is ignored. There can be one at a time.
class ProcessSignals : public QObject {
    Q_OBJECT

public:
    explicit ProcessSignals(QObject *parent = nullptr);
    ~ProcessSignals() override;

Q_SIGNALS:
    /// The first SIGTERM or SIGINT.
    void endRequested();
    /// The second one: somebody does not want to wait. May come right behind the first.
    void endNowRequested();
    /// SIGHUP; several that come together are one.
    void reloadRequested();

private:
    void read();

    std::array<int, 2> m_pipe{-1, -1};
    int m_ends = 0;
};

} // namespace Dispatch
