// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// A disc of the first player, or of the second one.
Rectangle {
    id: disc

    property bool first: true
    property bool winning: false
    readonly property color tint: disc.first ? "#e5484d" : "#f2b632"

    radius: width / 2
    color: disc.tint
    border { width: Math.max(2, width * 0.08); color: Qt.darker(disc.tint, 1.18) }

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
