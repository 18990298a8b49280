// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import ExampleKit

/// The name of the room, and what one can do with it.
Rectangle {
    id: header

    required property Room room
    required property int peopleCount
    property bool compact: false
    property string address

    signal peopleRequested()

    implicitHeight: 64
    color: Theme.panel

    RowLayout {
        anchors { fill: parent; leftMargin: header.compact ? 8 : 20; rightMargin: 10 }
        spacing: 6

        IconButton {
            objectName: "peopleButton"
            visible: header.compact
            text: qsTr("Show people")
            iconName: "people"
            badge: header.peopleCount
            onClicked: header.peopleRequested()
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.leftMargin: header.compact ? 6 : 0
            spacing: 1
            PlainText {
                Layout.fillWidth: true
                text: header.room.client.currentShardName || header.room.roomName || qsTr("Anywhere")
                font { pixelSize: Theme.titleSize; weight: Font.Bold }
                elide: Text.ElideRight
            }
            PlainText {
                Layout.fillWidth: true
                text: !header.room.online && header.peopleCount > 1 ? qsTr("%1 people were here").arg(header.peopleCount)
                    : header.peopleCount === 0 ? qsTr("Nobody is in sight")
                    : header.peopleCount === 1 ? qsTr("Only you are here")
                    : qsTr("%1 people are here").arg(header.peopleCount)
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                elide: Text.ElideRight
            }
        }
        IconButton {
            id: share
            visible: header.address !== ""
            text: copied.running ? qsTr("Copied: %1").arg(header.address) : qsTr("Copy %1 for others to join").arg(header.address)
            iconName: copied.running ? "check" : "link"
            iconColor: copied.running ? Theme.online : Theme.muted
            onClicked: {
                clipboard.text = header.address
                clipboard.selectAll()
                clipboard.copy()
                copied.restart()
            }
            Timer { id: copied; interval: 1800 }
            TextEdit { id: clipboard; visible: false; textFormat: TextEdit.PlainText }
        }
        IconButton {
            objectName: "themeButton"
            text: Theme.dark ? qsTr("Light colours") : qsTr("Dark colours")
            iconName: Theme.dark ? "sun" : "moon"
            onClicked: Theme.toggle()
        }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: 1
        color: Theme.line
    }
}
