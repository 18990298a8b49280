// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import Dispatch
import Dispatch.Inspector

/// Who is looked at, what it does just now, and what can be done about the looking.
ColumnLayout {
    id: header

    required property DispatchInspector inspector
    readonly property var client: header.inspector.client
    readonly property string stateName: {
        switch (header.client?.state ?? -1) {
        case DispatchClient.Disconnected: return qsTr("Disconnected")
        case DispatchClient.Connecting: return qsTr("Connecting")
        case DispatchClient.Connected: return qsTr("Connected")
        case DispatchClient.Recovering: return qsTr("Recovering")
        case DispatchClient.Waiting: return qsTr("Waiting, %1 s").arg(Math.ceil(header.client.nextRetryIn / 1000))
        case DispatchClient.Failed: return qsTr("Failed")
        default: return qsTr("Gone")
        }
    }

    signal copyRequested()
    signal closeRequested()

    spacing: InspectorStyle.gap

    RowLayout {
        spacing: InspectorStyle.gap

        Rectangle {
            Layout.leftMargin: 2
            implicitWidth: 10
            implicitHeight: 10
            radius: 5
            color: InspectorStyle.ofState(header.client?.state ?? DispatchClient.Disconnected)
        }
        InspectorText {
            objectName: "stateName"
            text: header.stateName
            font { bold: true; pixelSize: 14 }
        }
        InspectorText {
            Layout.fillWidth: true
            text: header.client?.currentShardName ?? ""
            color: InspectorStyle.muted
        }
        InspectorGraph {
            implicitWidth: 80
            implicitHeight: 22
            scaled: false
            capacity: 40
            samples: header.inspector.roundTrips
        }
        InspectorText {
            Layout.preferredWidth: 58
            horizontalAlignment: Text.AlignRight
            text: InspectorStyle.ms(header.inspector.latestRoundTrip)
            Accessible.ignored: true
        }
    }
    RowLayout {
        spacing: InspectorStyle.gap

        InspectorText {
            Layout.leftMargin: 2
            Layout.fillWidth: true
            text: "↑ %1 (%2)  ↓ %3 (%4)".arg(header.inspector.sentMessages).arg(InspectorStyle.size(header.inspector.sentBytes))
                .arg(header.inspector.heardMessages).arg(InspectorStyle.size(header.inspector.heardBytes))
            color: InspectorStyle.muted
            font.pixelSize: InspectorStyle.smallSize
            Accessible.name: qsTr("%1 messages sent, %2 heard").arg(header.inspector.sentMessages).arg(header.inspector.heardMessages)
        }
        InspectorButton {
            objectName: "pauseButton"
            text: header.inspector.paused ? qsTr("Paused") : qsTr("Pause")
            description: qsTr("Pause")
            checkable: true
            checked: header.inspector.paused
            tint: InspectorStyle.warning
            onToggled: header.inspector.paused = checked
        }
        InspectorButton {
            objectName: "clearButton"
            text: qsTr("Clear")
            onClicked: header.inspector.clear()
        }
        InspectorButton {
            objectName: "copyButton"
            text: qsTr("Copy")
            description: qsTr("Copy states and frames")
            onClicked: header.copyRequested()
        }
        InspectorButton {
            objectName: "closeButton"
            text: "×"
            description: qsTr("Close the inspector")
            onClicked: header.closeRequested()
        }
    }
}
