// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#include "roundtrips_p.h"

#include <algorithm>
#include <numeric>

namespace Dispatch::Inspection {

void RoundTrips::setLimit(qsizetype limit)
{
    m_limit = limit;
    cut();
}

void RoundTrips::add(double ms)
{
    m_samples.append(std::max(ms, 0.0));
    cut();
}

void RoundTrips::addGap()
{
    if (m_samples.isEmpty() || m_samples.last() == Gap)
        return;
    m_samples.append(Gap);
    cut();
}

void RoundTrips::cut()
{
    if (m_samples.size() > m_limit)
        m_samples.remove(0, m_samples.size() - m_limit);
}

QList<double> RoundTrips::measured() const
{
    QList<double> all = m_samples;
    all.removeAll(Gap);
    return all;
}

double RoundTrips::latest() const
{
    const QList<double> all = measured();
    return all.isEmpty() ? -1 : all.last();
}

double RoundTrips::shortest() const
{
    const QList<double> all = measured();
    return all.isEmpty() ? -1 : std::ranges::min(all);
}

double RoundTrips::longest() const
{
    const QList<double> all = measured();
    return all.isEmpty() ? -1 : std::ranges::max(all);
}

double RoundTrips::mean() const
{
    const QList<double> all = measured();
    return all.isEmpty() ? -1 : std::accumulate(all.begin(), all.end(), 0.0) / double(all.size());
}

} // namespace Dispatch::Inspection
