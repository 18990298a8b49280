// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit

/// Takes one back to the end of the conversation, and says how much is new there.
AbstractButton {
    id: button

    property bool shown: false
    property int unread: 0

    text: button.unread === 0 ? qsTr("Jump to latest") : button.unread === 1 ? qsTr("1 new message")
        : qsTr("%1 new messages").arg(button.unread)
    visible: opacity > 0
    opacity: button.shown ? 1 : 0
    implicitHeight: 40
    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    leftPadding: button.unread > 0 ? 16 : 11
    rightPadding: button.unread > 0 ? 14 : 11
    hoverEnabled: true
    Accessible.name: button.text
    Behavior on opacity { NumberAnimation { duration: 120 } }

    background: Rectangle {
        radius: 20
        color: button.unread > 0 ? Theme.accent : button.hovered ? Theme.hover : Theme.raised
        border { width: button.unread > 0 ? 2 : 1; color: button.unread > 0 ? Theme.canvas : Theme.line }
    }
    contentItem: Row {
        spacing: 8
        PlainText {
            visible: button.unread > 0
            anchors.verticalCenter: parent.verticalCenter
            text: button.text
            color: Theme.accentInk
            font { pixelSize: 13; weight: Font.DemiBold }
        }
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            implicitWidth: 18
            implicitHeight: 18
            name: "down"
            color: button.unread > 0 ? Theme.accentInk : Theme.text
        }
    }
}
