// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import ExampleKit

/// Who was first, and who came after.
ListView {
    id: ranking

    property var order: []
    /// Of whoever looks at it, if that is a player.
    property string ownId

    model: ranking.order
    spacing: 8
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Who was first")

    delegate: Rectangle {
        id: row
        required property int index
        required property var modelData
        readonly property bool first: row.index === 0
        readonly property string name: String(row.modelData.name ?? "")

        width: ranking.width
        height: row.first ? 84 : 60
        radius: Theme.radius
        color: row.first ? Theme.accent : Theme.panel
        border { width: row.first ? 0 : 1; color: Theme.line }
        Accessible.role: Accessible.ListItem
        Accessible.name: qsTr("%1. %2").arg(row.index + 1).arg(row.name)

        PlainText {
            id: place
            anchors { left: parent.left; leftMargin: 20; verticalCenter: parent.verticalCenter }
            width: 28
            text: row.index + 1
            color: row.first ? Theme.accentInk : Theme.muted
            font { pixelSize: row.first ? 28 : Theme.titleSize; weight: Font.Bold }
        }
        Avatar {
            id: avatar
            anchors { left: place.right; leftMargin: 8; verticalCenter: parent.verticalCenter }
            size: row.first ? 48 : 36
            name: row.name
        }
        PlainText {
            anchors { left: avatar.right; leftMargin: 14; right: behind.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
            text: row.modelData.clientId === ranking.ownId ? qsTr("%1 (you)").arg(row.name) : row.name
            color: row.first ? Theme.accentInk : Theme.text
            font { pixelSize: row.first ? 22 : Theme.bodySize; weight: row.first ? Font.Bold : Font.Medium }
            elide: Text.ElideRight
        }
        PlainText {
            id: behind
            anchors { right: parent.right; rightMargin: 20; verticalCenter: parent.verticalCenter }
            text: row.first ? qsTr("first") : qsTr("+%1 ms").arg(Number(row.modelData.behind) || 0)
            color: row.first ? Theme.accentInk : Theme.muted
            font { pixelSize: row.first ? Theme.bodySize : Theme.smallSize; weight: Font.DemiBold }
        }
    }
}
