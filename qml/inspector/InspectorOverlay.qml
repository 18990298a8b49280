// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import Dispatch.Inspector

/// A DispatchInspector to lay over a window, in front of all else: a panel at its right, or a small
/// sign of life in its corner while that is closed.
Item {
    id: overlay

    /// Who is looked at.
    property alias client: inspector.client
    /// What all of it comes from: its bounds are settings, too.
    readonly property alias inspector: inspector
    /// Whether the panel is shown.
    property bool opened: false
    /// The keys that open and close the panel; empty: none do.
    property string shortcut: "Ctrl+Shift+D"
    /// How wide the panel is, if there is room.
    property real panelWidth: 460
    /// Which page is shown: InspectorOverlay.Frames...
    property int page: InspectorOverlay.Frames
    /// Ms between two measurements of the round trip while the panel is open; 0: those of the client
    /// alone.
    property int pingInterval: 1000

    enum Page { Frames, States, Queue, Presence, RoundTrips }

    function toggle(): void {
        overlay.opened = !overlay.opened
    }

    anchors.fill: parent
    z: 1000

    DispatchInspector {
        id: inspector
        client: null
        pingInterval: overlay.opened ? overlay.pingInterval : 0
    }
    Shortcut {
        sequences: overlay.shortcut !== "" ? [overlay.shortcut] : []
        context: Qt.WindowShortcut
        onActivated: overlay.toggle()
    }
    InspectorHandle {
        anchors { right: parent.right; bottom: parent.bottom; margins: InspectorStyle.gap }
        visible: !overlay.opened
        inspector: inspector
        shortcut: overlay.shortcut
        onClicked: overlay.opened = true
    }
    // By its address: a Loader of Qt 6.4 makes no component that is bound.
    Loader {
        id: panel
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: Math.min(overlay.panelWidth, overlay.width)
    }
    function showPanel(): void {
        panel.setSource(overlay.opened ? "InspectorPanel.qml" : "", { "overlay": overlay })
    }
    onOpenedChanged: overlay.showPanel()
    Component.onCompleted: if (overlay.opened && !panel.item) overlay.showPanel()
}
