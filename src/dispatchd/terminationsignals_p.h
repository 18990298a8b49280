// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>

#include <array>

namespace Dispatch {

/// Turns the first SIGTERM, SIGINT or SIGHUP into a Qt signal; a second one ends the process at once.
/// There can be one at a time.
class TerminationSignals : public QObject {
    Q_OBJECT

public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

Q_SIGNALS:
    void requested();

private:
    std::array<int, 2> m_pipe{-1, -1};
};

} // namespace Dispatch
