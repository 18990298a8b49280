// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit
import "text.js" as Words

/// One of the people in the room.
Item {
    id: person

    required property var userInfo
    required property bool isSelf

    readonly property string name: Words.cleanName(person.userInfo.name) || qsTr("Guest")

    width: ListView.view.width
    height: 52
    Accessible.role: Accessible.ListItem
    Accessible.name: person.isSelf ? qsTr("%1, you").arg(person.name) : person.name

    Rectangle {
        anchors { fill: parent; leftMargin: 8; rightMargin: 9; topMargin: 1; bottomMargin: 1 }
        radius: 12
        color: hover.hovered ? Theme.hover : "transparent"
    }
    HoverHandler { id: hover }

    Avatar {
        id: avatar
        anchors { left: parent.left; leftMargin: 18; verticalCenter: parent.verticalCenter }
        size: 36
        name: person.name
    }
    PlainText {
        id: label
        objectName: "personName"
        anchors { left: avatar.right; leftMargin: 12; verticalCenter: parent.verticalCenter }
        width: Math.min(implicitWidth, person.width - avatar.x - avatar.width - 12 - 20
                        - (person.isSelf ? you.width + 8 : 0))
        text: person.name
        font.weight: Font.Medium
        elide: Text.ElideRight
    }
    Rectangle {
        id: you
        visible: person.isSelf
        anchors { left: label.right; leftMargin: 8; verticalCenter: parent.verticalCenter }
        width: youText.implicitWidth + 14
        height: 20
        radius: 10
        color: Qt.alpha(Theme.accentText, 0.14)
        PlainText {
            id: youText
            anchors.centerIn: parent
            text: qsTr("you")
            color: Theme.accentText
            font { pixelSize: 11; weight: Font.DemiBold }
        }
    }
}
