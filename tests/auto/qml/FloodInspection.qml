// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import Dispatch.Inspector

/// An open inspector, at the frames that come in.
InspectorOverlay {
    opened: true
    panelWidth: 300
}
