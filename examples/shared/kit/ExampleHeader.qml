// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import Dispatch

/// The top of a window: what this is, who is here, and how the connection goes.
Rectangle {
    id: header

    required property DispatchClient client
    property string title
    property string subtitle: header.client.clients.count < 2 ? qsTr("Only you are here")
                            : qsTr("%1 people are here").arg(header.client.clients.count)

    readonly property bool online: header.client.state === DispatchClient.Connected
    readonly property int shown: Math.min(header.client.clients.count, header.width < 520 ? 3 : 6)

    implicitHeight: 64
    color: Theme.panel

    RowLayout {
        anchors { fill: parent; leftMargin: 20; rightMargin: 10 }
        spacing: 8

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 1
            PlainText {
                Layout.fillWidth: true
                text: header.title
                font { pixelSize: Theme.titleSize; weight: Font.Bold }
                elide: Text.ElideRight
            }
            PlainText {
                objectName: "subtitle"
                Layout.fillWidth: true
                text: {
                    switch (header.client.state) {
                    case DispatchClient.Connected:
                        return header.subtitle
                    case DispatchClient.Failed:
                        return header.client.errorString
                    case DispatchClient.Waiting:
                    case DispatchClient.Recovering:
                        return qsTr("Connection lost – trying again…")
                    default:
                        return qsTr("Connecting…")
                    }
                }
                color: header.online ? Theme.muted : Theme.warningText
                font.pixelSize: Theme.smallSize
                elide: Text.ElideRight
            }
        }
        Row {
            spacing: 0
            Accessible.role: Accessible.List
            Accessible.name: qsTr("People who are here")
            Repeater {
                model: header.client.clients
                delegate: Rectangle {
                    id: person
                    required property int index
                    required property var userInfo
                    required property bool isSelf
                    readonly property string name: header.client.displayText(String(person.userInfo.name ?? ""), 32)
                    visible: person.index < header.shown
                    width: 36
                    height: 36
                    radius: 18
                    color: header.color
                    Accessible.role: Accessible.ListItem
                    Accessible.name: person.isSelf ? qsTr("%1, you").arg(person.name) : person.name
                    Avatar {
                        anchors.centerIn: parent
                        size: 32
                        name: person.name
                        showsPresence: person.isSelf
                        online: header.online
                    }
                }
            }
            Rectangle {
                visible: header.client.clients.count > header.shown
                width: 36
                height: 36
                radius: 18
                color: Theme.field
                border { width: 2; color: header.color }
                PlainText {
                    anchors.centerIn: parent
                    text: "+" + (header.client.clients.count - header.shown)
                    color: Theme.muted
                    font { pixelSize: Theme.smallSize; weight: Font.DemiBold }
                }
            }
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
