// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Dispatch.Inspector

/// What became of the client, and why.
InspectorList {
    id: page

    required property DispatchInspector inspector

    objectName: "states"
    model: page.inspector.states
    emptyText: qsTr("No change was seen yet.")
    Accessible.name: qsTr("Changes of the state")

    delegate: Item {
        id: row

        required property date time
        required property int state
        required property string stateName
        required property bool changed
        required property string codeName
        required property string message
        required property string reason
        required property bool retryable
        required property string detail
        required property string summary

        width: ListView.view.width
        height: words.implicitHeight + InspectorStyle.gap
        Accessible.role: Accessible.ListItem
        Accessible.name: row.summary

        InspectorText {
            id: when
            x: InspectorStyle.gap
            y: InspectorStyle.gap / 2
            text: InspectorStyle.time(row.time)
            color: InspectorStyle.muted
            font.pixelSize: InspectorStyle.smallSize
        }
        Rectangle {
            id: dot
            anchors { left: when.right; leftMargin: InspectorStyle.gap; verticalCenter: when.verticalCenter }
            width: 8
            height: 8
            radius: 4
            color: row.changed ? InspectorStyle.ofState(row.state) : InspectorStyle.bad
        }
        ColumnLayout {
            id: words
            anchors { left: dot.right; right: parent.right; top: when.top; leftMargin: InspectorStyle.gap; rightMargin: 2 * InspectorStyle.gap }
            spacing: 2

            InspectorText {
                text: row.changed ? row.stateName : qsTr("Error")
                color: dot.color
                font.bold: true
            }
            InspectorText {
                Layout.fillWidth: true
                visible: row.detail !== ""
                text: row.detail
                color: InspectorStyle.muted
                wrapMode: Text.Wrap
                font.pixelSize: InspectorStyle.smallSize
            }
            InspectorText {
                Layout.fillWidth: true
                visible: row.codeName !== ""
                text: row.reason !== "" ? row.codeName + " · " + row.reason : row.codeName
                color: InspectorStyle.bad
                font.pixelSize: InspectorStyle.smallSize
            }
            InspectorText {
                Layout.fillWidth: true
                visible: row.message !== ""
                text: row.message
                wrapMode: Text.Wrap
                font.pixelSize: InspectorStyle.smallSize
            }
        }
    }
}
