// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Dispatch.Inspector

/// How long the way to the server and back takes.
ColumnLayout {
    id: page

    required property DispatchInspector inspector
    readonly property var client: page.inspector.client

    spacing: 0

    GridLayout {
        Layout.fillWidth: true
        Layout.margins: 2 * InspectorStyle.gap
        columns: 4
        columnSpacing: InspectorStyle.gap

        Repeater {
            model: [
                { "name": qsTr("latest"), "value": page.inspector.latestRoundTrip },
                { "name": qsTr("shortest"), "value": page.inspector.shortestRoundTrip },
                { "name": qsTr("mean"), "value": page.inspector.meanRoundTrip },
                { "name": qsTr("longest"), "value": page.inspector.longestRoundTrip }
            ]
            delegate: ColumnLayout {
                id: figure

                required property var modelData

                Layout.fillWidth: true
                Layout.preferredWidth: 1
                spacing: 2
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("%1: %2").arg(figure.modelData.name).arg(InspectorStyle.ms(figure.modelData.value))

                InspectorText {
                    Layout.fillWidth: true
                    text: InspectorStyle.ms(figure.modelData.value)
                    font { pixelSize: 17; bold: true }
                    Accessible.ignored: true
                }
                InspectorText {
                    Layout.fillWidth: true
                    text: figure.modelData.name
                    color: InspectorStyle.muted
                    font.pixelSize: InspectorStyle.smallSize
                    Accessible.ignored: true
                }
            }
        }
    }
    InspectorGraph {
        objectName: "graph"
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.leftMargin: InspectorStyle.gap
        Layout.rightMargin: 2 * InspectorStyle.gap
        samples: page.inspector.roundTrips
        capacity: page.inspector.maxRoundTrips
    }
    InspectorText {
        Layout.fillWidth: true
        Layout.margins: 2 * InspectorStyle.gap
        text: page.inspector.pingInterval > 0 ? qsTr("The last %1 round trips, measured every %2 s while this is open.")
                                                    .arg(page.inspector.maxRoundTrips).arg(page.inspector.pingInterval / 1000)
                                              : qsTr("The last %1 round trips.").arg(page.inspector.maxRoundTrips)
        color: InspectorStyle.muted
        wrapMode: Text.Wrap
        font.pixelSize: InspectorStyle.smallSize
    }
    InspectorText {
        Layout.fillWidth: true
        Layout.leftMargin: 2 * InspectorStyle.gap
        Layout.bottomMargin: 2 * InspectorStyle.gap
        readonly property real offset: page.client?.clockOffset ?? NaN
        visible: !isNaN(offset)
        text: qsTr("The server's clock is %1 ms %2").arg(Math.abs(offset).toFixed(0)).arg(offset < 0 ? qsTr("behind") : qsTr("ahead"))
        color: InspectorStyle.muted
        font.pixelSize: InspectorStyle.smallSize
    }
}
