// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit

/// A player's window: a page in a browser shows the same.
ApplicationWindow {
    id: window

    property alias url: player.url
    property alias project: player.project
    property alias code: player.code
    property alias userName: player.userName
    readonly property Player player: Player { id: player }

    width: 380
    height: 600
    minimumWidth: 300
    minimumHeight: 460
    color: Theme.canvas
    title: qsTr("%1 at the buzzer").arg(player.userName)

    header: ExampleHeader {
        client: player.client
        title: player.userName
        subtitle: player.round > 0 ? qsTr("Round %1").arg(player.round) : qsTr("No host has the code %1").arg(player.code)
    }

    Column {
        visible: player.code === ""
        anchors.centerIn: parent
        width: parent.width - 48
        spacing: 14
        Field {
            id: field
            width: parent.width
            label: qsTr("Code")
            placeholder: qsTr("The four letters on the host's screen")
            input.maximumLength: 4
            onAccepted: player.code = field.text.trim().toUpperCase()
        }
        TextButton {
            width: parent.width
            filled: true
            enabled: field.text.trim() !== ""
            text: qsTr("Join")
            onClicked: player.code = field.text.trim().toUpperCase()
        }
    }

    AbstractButton {
        id: buzzer
        objectName: "buzzer"
        visible: player.code !== ""
        anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: 32 }
        width: 220
        height: 220
        enabled: player.ready
        focusPolicy: Qt.StrongFocus
        text: player.place === 0 ? qsTr("First!") : player.place > 0 ? qsTr("Place %1").arg(player.place + 1) : qsTr("Buzz")
        Accessible.name: buzzer.text
        background: Rectangle {
            radius: width / 2
            color: player.place === 0 ? Theme.online : !player.ready ? Theme.pressed
                 : buzzer.pressed ? Theme.accentPressed : Theme.accent
            border { width: buzzer.visualFocus ? 3 : 0; color: Theme.text }
        }
        contentItem: PlainText {
            text: buzzer.text
            color: player.ready || player.place === 0 ? Theme.accentInk : Theme.muted
            font { pixelSize: 32; weight: Font.Bold }
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
        onPressed: player.buzz()
    }
    Ranking {
        visible: player.code !== ""
        anchors { left: parent.left; right: parent.right; top: buzzer.bottom; bottom: parent.bottom; margins: 24 }
        order: player.order
        ownId: player.client.clientId
    }
}
