// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import ExampleKit

/// "Ann is typing" with three dots that move.
Row {
    id: indicator

    /// [{name}]
    property var typists: []
    readonly property string text: {
        const names = indicator.typists.map(typist => typist.name)
        if (names.length === 0)
            return ""
        if (names.length === 1)
            return qsTr("%1 is typing…").arg(names[0])
        if (names.length === 2)
            return qsTr("%1 and %2 are typing…").arg(names[0]).arg(names[1])
        return qsTr("%1 people are typing…").arg(names.length)
    }

    visible: indicator.text !== ""
    spacing: 8

    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        width: 40
        height: 22
        radius: 11
        color: Theme.raised

        Row {
            anchors.centerIn: parent
            spacing: 4
            Repeater {
                model: 3
                Rectangle {
                    id: dot
                    required property int index
                    width: 5
                    height: 5
                    radius: 2.5
                    color: Theme.muted
                    SequentialAnimation on opacity {
                        running: indicator.visible
                        loops: Animation.Infinite
                        PauseAnimation { duration: dot.index * 160 }
                        NumberAnimation { from: 0.3; to: 1; duration: 320 }
                        NumberAnimation { from: 1; to: 0.3; duration: 320 }
                        PauseAnimation { duration: (2 - dot.index) * 160 }
                    }
                }
            }
        }
    }
    PlainText {
        anchors.verticalCenter: parent.verticalCenter
        text: indicator.text
        color: Theme.muted
        font.pixelSize: 13
        Accessible.name: text
    }
}
