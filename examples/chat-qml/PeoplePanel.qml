// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import Dispatch
import ExampleKit

/// Who is here; oneself at the bottom, with what one can do about it.
Rectangle {
    id: panel

    required property Room room
    readonly property bool online: panel.room.online
    readonly property string stateText: {
        const latency = panel.room.client.latency
        switch (panel.room.client.state) {
        case DispatchClient.Connected:
            return latency >= 0.5 ? qsTr("Online · %1 ms").arg(Math.round(latency)) : qsTr("Online")
        case DispatchClient.Waiting:
        case DispatchClient.Recovering:
            return qsTr("Reconnecting")
        case DispatchClient.Connecting:
            return qsTr("Connecting")
        case DispatchClient.Failed:
            return qsTr("Refused")
        default:
            return qsTr("Offline")
        }
    }
    signal leaveRequested()

    implicitWidth: 248
    color: Theme.panel

    ColumnLayout {
        anchors.fill: parent
        spacing: 0

        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: 64
            Layout.leftMargin: 20
            Layout.rightMargin: 16
            spacing: 8

            PlainText {
                text: qsTr("People")
                font { pixelSize: Theme.titleSize; weight: Font.Bold }
            }
            Rectangle {
                implicitWidth: Math.max(24, count.implicitWidth + 14)
                implicitHeight: 22
                radius: 11
                color: Theme.field
                PlainText {
                    id: count
                    anchors.centerIn: parent
                    text: String(list.count)
                    color: Theme.muted
                    font { pixelSize: Theme.smallSize; weight: Font.DemiBold }
                }
            }
            Item { Layout.fillWidth: true }
        }

        ListView {
            id: list
            objectName: "people"
            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: panel.room.client.clients
            opacity: panel.online ? 1 : 0.45
            Accessible.role: Accessible.List
            Accessible.name: qsTr("People in this room")
            delegate: PersonDelegate {}
            add: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: 180 } }
            displaced: Transition { NumberAnimation { properties: "y"; duration: 160; easing.type: Easing.OutCubic } }
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: 1
            color: Theme.line
        }

        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: 63
            Layout.leftMargin: 16
            Layout.rightMargin: 10
            spacing: 10

            Avatar {
                name: panel.room.userName
                size: 36
                showsPresence: true
                online: panel.online
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0
                PlainText {
                    Layout.fillWidth: true
                    text: panel.room.userName
                    font.weight: Font.DemiBold
                    elide: Text.ElideRight
                }
                PlainText {
                    Layout.fillWidth: true
                    text: panel.stateText
                    color: panel.online ? Theme.muted : Theme.warningText
                    font.pixelSize: Theme.smallSize
                    elide: Text.ElideRight
                }
            }
            IconButton {
                objectName: "leaveButton"
                text: qsTr("Leave the room")
                iconName: "leave"
                onClicked: panel.leaveRequested()
            }
        }
    }

    Rectangle {
        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: 1
        color: Theme.line
    }
}
