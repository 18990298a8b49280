// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick

/// A small number in a coloured pill.
Rectangle {
    id: badge

    property int value: 0

    implicitWidth: Math.max(implicitHeight, number.implicitWidth + 10)
    implicitHeight: 18
    radius: height / 2
    color: Theme.accent

    PlainText {
        id: number
        anchors.centerIn: parent
        text: badge.value > 99 ? "99+" : String(badge.value)
        color: Theme.accentInk
        font { pixelSize: 11; weight: Font.DemiBold }
    }
}
