// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import Dispatch.Inspector

/// What the poll's client says and hears.
InspectorOverlay {}
