// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// Where somebody else's pointer is, and whose it is.
Item {
    id: cursor

    required property string name
    required property color tint
    readonly property color nameInk: Theme.dark ? Theme.canvas : "#ffffff"

    /// Glides there, within the time of two or three frames.
    function moveTo(x: real, y: real): void {
        cursor.x = x
        cursor.y = y
        cursor.opacity = 1
        idle.restart()
    }

    opacity: 0
    Accessible.ignored: true
    Behavior on x { SmoothedAnimation { duration: 45; velocity: -1 } }
    Behavior on y { SmoothedAnimation { duration: 45; velocity: -1 } }
    Behavior on opacity { NumberAnimation { duration: 250 } }

    // Who does not move may not be there.
    Timer {
        id: idle
        interval: 6000
        onTriggered: cursor.opacity = 0
    }

    Canvas {
        id: arrow
        width: 22
        height: 24
        onPaint: {
            const context = arrow.getContext("2d")
            context.reset()
            context.path = "M1.5 1.5 L1.5 18.5 L6.2 14.4 L9.2 21.4 L12.4 20 L9.4 13.2 L15.6 12.8 Z"
            context.fillStyle = cursor.tint
            context.strokeStyle = Theme.panel
            context.lineWidth = 1.6
            context.lineJoin = "round"
            context.fill()
            context.stroke()
        }
        Connections {
            target: cursor
            function onTintChanged(): void { arrow.requestPaint() }
        }
    }
    Rectangle {
        x: 14
        y: 18
        width: label.implicitWidth + 16
        height: 22
        radius: 11
        color: cursor.tint
        PlainText {
            id: label
            anchors.centerIn: parent
            text: cursor.name
            color: cursor.nameInk
            font { pixelSize: Theme.smallSize; weight: Font.DemiBold }
        }
    }
}
