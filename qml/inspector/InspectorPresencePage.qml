// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Dispatch.Inspector

/// Who is in the shard, and what they say of themselves.
InspectorList {
    id: page

    required property DispatchInspector inspector
    readonly property var client: page.inspector.client

    objectName: "presence"
    follows: false
    model: page.client?.clients ?? null
    emptyText: qsTr("The client is in no shard.")
    Accessible.name: qsTr("Clients in the shard")

    delegate: Item {
        id: row

        required property string clientId
        required property string userId
        required property var userInfo
        required property bool isSelf
        required property bool stale

        width: ListView.view.width
        height: words.implicitHeight + InspectorStyle.gap
        opacity: row.stale ? 0.5 : 1
        Accessible.role: Accessible.ListItem
        Accessible.name: name.text + (row.isSelf ? qsTr(", this client") : "") + (row.stale ? qsTr(", may be out of date") : "")

        ColumnLayout {
            id: words
            anchors { left: parent.left; right: parent.right; margins: InspectorStyle.gap }
            y: InspectorStyle.gap / 2
            spacing: 2

            RowLayout {
                spacing: InspectorStyle.gap
                InspectorText {
                    id: name
                    text: page.inspector.masked(String(row.userInfo.name ?? row.clientId))
                    font.bold: true
                }
                InspectorText {
                    visible: text !== ""
                    text: row.stale ? qsTr("stale") : row.isSelf ? qsTr("this client") : ""
                    color: row.stale ? InspectorStyle.warning : InspectorStyle.good
                    font.pixelSize: InspectorStyle.smallSize
                }
                InspectorText {
                    Layout.fillWidth: true
                    visible: row.userId !== ""
                    text: page.inspector.masked(row.userId)
                    color: InspectorStyle.platform
                    font.pixelSize: InspectorStyle.smallSize
                }
            }
            InspectorText {
                Layout.fillWidth: true
                text: row.clientId
                color: InspectorStyle.muted
                font.pixelSize: InspectorStyle.smallSize
            }
            InspectorText {
                Layout.fillWidth: true
                text: page.inspector.masked(JSON.stringify(row.userInfo))
                color: InspectorStyle.muted
                wrapMode: Text.WrapAnywhere
                maximumLineCount: 3
                font.pixelSize: InspectorStyle.smallSize
            }
        }
    }
}
