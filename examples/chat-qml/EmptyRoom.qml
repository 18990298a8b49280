// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// What one sees before anybody has said anything.
Column {
    id: empty

    property string address

    spacing: 10

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        width: 72
        height: 72
        radius: 36
        color: Qt.alpha(Theme.accentText, 0.14)
        Icon {
            anchors.centerIn: parent
            width: 34
            height: 34
            name: "chat"
            color: Theme.accentText
            strokeWidth: 1.7
        }
    }
    PlainText {
        width: parent.width
        topPadding: 4
        text: qsTr("It is quiet here")
        horizontalAlignment: Text.AlignHCenter
        font { pixelSize: Theme.titleSize; weight: Font.Bold }
    }
    PlainText {
        width: parent.width
        text: empty.address !== "" ? qsTr("Say hello, or let others join at %1").arg(empty.address)
                                   : qsTr("Say hello – all who are in this room will read it.")
        color: Theme.muted
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignHCenter
        lineHeight: 1.2
    }
}
