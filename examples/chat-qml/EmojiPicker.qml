// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit
import "text.js" as Words

/// A handful of emoji to put into a message.
Popup {
    id: picker

    signal picked(emoji: string)

    readonly property var choice: Words.characters(
        "😀😂🙂😉😍🤔😮😢😅😎🥳🙈👍👎👏🙏💪👋🎉🔥💡🚀☕🍕🌈🌍💙✅❓❗")

    padding: 8
    focus: true
    background: Rectangle {
        radius: 14
        color: Theme.raised
        border.color: Theme.line
    }

    Grid {
        columns: 6
        Repeater {
            model: picker.choice
            AbstractButton {
                id: cell
                required property string modelData
                implicitWidth: 40
                implicitHeight: 40
                hoverEnabled: true
                text: cell.modelData
                Accessible.name: cell.modelData
                background: Rectangle {
                    radius: 10
                    color: cell.hovered || cell.visualFocus ? Theme.hover : "transparent"
                }
                contentItem: PlainText {
                    text: cell.text
                    font.pixelSize: 22
                    horizontalAlignment: Text.AlignHCenter
                    verticalAlignment: Text.AlignVCenter
                }
                onClicked: {
                    picker.picked(cell.modelData)
                    picker.close()
                }
            }
        }
    }
}
