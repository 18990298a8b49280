// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/qlist.h>

namespace Dispatch::Inspection {

/// The latest round trips to a server, in ms, in the order in which they were measured. Where a
/// connection ended is a gap.
class RoundTrips {
public:
    /// What stands for a gap.
    static constexpr double Gap = -1;

    explicit RoundTrips(qsizetype limit)
        : m_limit(limit)
    {
    }

    qsizetype limit() const { return m_limit; }
    void setLimit(qsizetype limit);

    void add(double ms);
    /// Does nothing if nothing was measured since the last one.
    void addGap();
    void clear() { m_samples.clear(); }

    const QList<double> &samples() const { return m_samples; }
    /// Those that follow are of all samples but gaps; -1 if there are none.
    double latest() const;
    double shortest() const;
    double longest() const;
    double mean() const;

private:
    QList<double> measured() const;
    void cut();

    qsizetype m_limit;
    QList<double> m_samples;
};

} // namespace Dispatch::Inspection
