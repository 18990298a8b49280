// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit

/// A short line in the middle of the conversation: a day, who came, who went.
Item {
    id: pill

    property string text
    property bool strong: false

    implicitHeight: label.implicitHeight + 10 + 12

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(label.implicitWidth + 24, pill.width - 24)
        height: label.implicitHeight + 10
        radius: Math.min(height / 2, 14)
        color: pill.strong ? Theme.note : "transparent"

        PlainText {
            id: label
            anchors.centerIn: parent
            width: Math.min(implicitWidth, pill.width - 48)
            text: pill.text
            color: Theme.muted
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            font { pixelSize: Theme.smallSize; weight: pill.strong ? Font.DemiBold : Font.Medium }
        }
    }
}
