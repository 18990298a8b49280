// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import ExampleKit

/// Asks who one is and where one wants to go.
FocusScope {
    id: page

    property alias userName: nameField.text
    property alias roomName: roomField.text
    property string address

    signal joinRequested(name: string, room: string)

    readonly property bool ready: nameField.text.trim() !== ""

    function submit(): void {
        if (page.ready)
            page.joinRequested(nameField.text, roomField.text)
        else
            nameField.input.forceActiveFocus()
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }
    IconButton {
        anchors { right: parent.right; top: parent.top; margins: 12 }
        text: Theme.dark ? qsTr("Light colours") : qsTr("Dark colours")
        iconName: Theme.dark ? "sun" : "moon"
        onClicked: Theme.toggle()
    }

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(380, page.width - 32)
        height: form.implicitHeight + 64
        radius: 24
        color: Theme.panel
        border.color: Theme.line

        ColumnLayout {
            id: form
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 32 }
            spacing: 18

            Avatar {
                Layout.alignment: Qt.AlignHCenter
                size: 72
                name: nameField.text.trim()
            }
            ColumnLayout {
                spacing: 4
                PlainText {
                    Layout.fillWidth: true
                    text: qsTr("Join the conversation")
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.Wrap
                    font { pixelSize: 22; weight: Font.Bold }
                }
                PlainText {
                    Layout.fillWidth: true
                    text: page.address
                    color: Theme.muted
                    horizontalAlignment: Text.AlignHCenter
                    elide: Text.ElideMiddle
                    font.pixelSize: Theme.smallSize
                }
            }
            Field {
                id: nameField
                Layout.fillWidth: true
                label: qsTr("Your name")
                placeholder: qsTr("How others will see you")
                input.objectName: "nameField"
                input.maximumLength: 32
                input.focus: true
                onAccepted: page.submit()
            }
            Field {
                id: roomField
                Layout.fillWidth: true
                label: qsTr("Room")
                placeholder: qsTr("Any room with a free seat")
                input.objectName: "roomField"
                input.maximumLength: 40
                onAccepted: page.submit()
            }
            TextButton {
                objectName: "joinButton"
                Layout.fillWidth: true
                Layout.topMargin: 4
                filled: true
                enabled: page.ready
                text: qsTr("Join")
                onClicked: page.submit()
            }
        }
    }

    onVisibleChanged: if (page.visible) nameField.input.forceActiveFocus()
    Component.onCompleted: if (page.visible) nameField.input.forceActiveFocus()
}
