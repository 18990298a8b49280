// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import Dispatch
import Dispatch.Inspector

/// What is left of a closed inspector: the state of the client, and the latest round trip.
AbstractButton {
    id: handle

    required property DispatchInspector inspector
    property string shortcut
    readonly property int clientState: handle.inspector.client?.state ?? DispatchClient.Disconnected

    objectName: "inspectorHandle"
    padding: InspectorStyle.gap
    hoverEnabled: true
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: qsTr("Open the inspector")
    Accessible.description: handle.shortcut

    contentItem: Row {
        spacing: 6
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 8
            height: 8
            radius: 4
            color: InspectorStyle.ofState(handle.clientState)
        }
        InspectorText {
            anchors.verticalCenter: parent.verticalCenter
            text: InspectorStyle.ms(handle.inspector.latestRoundTrip)
            font.pixelSize: InspectorStyle.smallSize
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: height / 2
        color: handle.hovered ? InspectorStyle.hover : InspectorStyle.panel
        border { width: handle.visualFocus ? 2 : 1; color: handle.visualFocus ? InspectorStyle.accent : InspectorStyle.line }
    }
}
