// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qobject.h>

#include <array>

namespace Dispatch::Ctl {

/// Tells of the first SIGINT or SIGTERM; a second one ends the process at once. A pipe that nobody
/// reads any more is an error of write(), no signal. There can be one of these at a time.
class Interruption : public QObject {
    Q_OBJECT

public:
    explicit Interruption(QObject *parent = nullptr);
    ~Interruption() override;

Q_SIGNALS:
    void requested();

private:
    std::array<int, 2> m_pipe{-1, -1};
};

} // namespace Dispatch::Ctl
