// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Dispatch
import Dispatch.Inspector

/// The client's own events that have not arrived, or did not. While it is shown the server is asked
/// to acknowledge each event at once.
ColumnLayout {
    id: page

    required property DispatchInspector inspector
    readonly property var client: page.inspector.client
    readonly property var names: ({
        [DispatchPendingEventsModel.Queued]: qsTr("queued"), [DispatchPendingEventsModel.Sending]: qsTr("sending"),
        [DispatchPendingEventsModel.Sent]: qsTr("sent"), [DispatchPendingEventsModel.Failed]: qsTr("failed"),
        [DispatchPendingEventsModel.Uncertain]: qsTr("uncertain")
    })

    function colourOf(status: int): color {
        return status === DispatchPendingEventsModel.Failed ? InspectorStyle.bad
             : status === DispatchPendingEventsModel.Uncertain || status === DispatchPendingEventsModel.Queued ? InspectorStyle.warning
             : InspectorStyle.good
    }

    spacing: 0

    InspectorText {
        Layout.fillWidth: true
        Layout.margins: InspectorStyle.gap
        text: qsTr("%1 of %2 wait to be sent").arg(page.client?.queuedEvents ?? 0).arg(page.client?.queue.maxMessages ?? 0)
        color: InspectorStyle.muted
        font.pixelSize: InspectorStyle.smallSize
    }
    InspectorList {
        objectName: "queue"
        Layout.fillWidth: true
        Layout.fillHeight: true
        model: page.client?.pendingEvents ?? null
        emptyText: qsTr("All that was emitted has arrived.")
        Accessible.name: qsTr("Events on their way")

        delegate: Item {
            id: row

            required property date time
            required property string eventName
            required property var payload
            required property int status
            required property var error

            width: ListView.view.width
            height: words.implicitHeight + InspectorStyle.gap
            Accessible.role: Accessible.ListItem
            Accessible.name: qsTr("%1, %2").arg(row.eventName).arg(page.names[row.status])

            ColumnLayout {
                id: words
                anchors { left: parent.left; right: parent.right; margins: InspectorStyle.gap }
                y: InspectorStyle.gap / 2
                spacing: 2

                RowLayout {
                    spacing: InspectorStyle.gap
                    InspectorText {
                        text: InspectorStyle.time(row.time)
                        color: InspectorStyle.muted
                        font.pixelSize: InspectorStyle.smallSize
                    }
                    InspectorText {
                        Layout.preferredWidth: 64
                        text: page.names[row.status]
                        color: page.colourOf(row.status)
                        font.pixelSize: InspectorStyle.smallSize
                    }
                    InspectorText {
                        Layout.fillWidth: true
                        text: row.eventName
                        font.bold: true
                    }
                }
                InspectorText {
                    Layout.fillWidth: true
                    text: page.inspector.masked(JSON.stringify(row.payload))
                    color: InspectorStyle.muted
                    font.pixelSize: InspectorStyle.smallSize
                }
                InspectorText {
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: row.error.message
                    color: InspectorStyle.bad
                    wrapMode: Text.Wrap
                    font.pixelSize: InspectorStyle.smallSize
                }
            }
        }
    }
}
