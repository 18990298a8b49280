// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// A disc, which falls to its place when it comes.
Rectangle {
    id: disc

    property bool first: true
    property bool winning: false
    property real place: 0
    readonly property color tint: disc.first ? "#e5484d" : "#f2b632"

    radius: width / 2
    color: disc.tint
    border { width: Math.max(2, width * 0.08); color: Qt.darker(disc.tint, 1.18) }
    y: disc.place

    // From above the board.
    SequentialAnimation {
        running: true
        NumberAnimation {
            target: disc
            property: "y"
            from: -disc.height
            to: disc.place
            duration: 180 + 0.6 * Math.abs(disc.place)
            easing.type: Easing.OutBounce
        }
        // The window may have got another size meanwhile.
        ScriptAction { script: disc.y = Qt.binding(() => disc.place) }
    }

    Icon {
        visible: disc.winning
        anchors.centerIn: parent
        width: parent.width * 0.56
        height: width
        name: "check"
        color: "#ffffff"
        strokeWidth: 3
    }
}
