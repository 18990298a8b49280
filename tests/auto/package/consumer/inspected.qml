// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import Dispatch
import Dispatch.Inspector

Item {
    id: root

    readonly property bool passed: overlay.inspector.frames.count > 0

    width: 420
    height: 600

    DispatchServer { id: server; active: true }
    DispatchClient { id: dispatch; url: server.url; active: true }
    InspectorOverlay { id: overlay; client: dispatch; opened: true }
}
