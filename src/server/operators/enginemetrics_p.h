// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

#pragma once

#include "figures_p.h"

namespace Dispatch {

class MetricsWriter;

/// What a node has counted, as metrics.
void appendEngine(MetricsWriter &out, const Engine::Figures &figures);

} // namespace Dispatch
