// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic

/// A button with words: filled for the one thing to do, quiet for others.
AbstractButton {
    id: button

    property bool filled: false
    property color textColor: button.filled ? Theme.accentInk : Theme.accentText

    implicitHeight: button.filled ? 44 : 32
    implicitWidth: implicitContentWidth + (button.filled ? 40 : 24)
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: button.enabled ? 1 : 0.45
    Accessible.name: button.text
    Keys.onReturnPressed: button.clicked()
    Keys.onEnterPressed: button.clicked()

    background: Rectangle {
        radius: button.filled ? 12 : height / 2
        color: button.filled ? (button.pressed ? Theme.accentPressed : Theme.accent)
             : Qt.alpha(button.textColor, button.pressed ? 0.24 : button.hovered ? 0.18 : 0.1)
        border { width: button.visualFocus ? 2 : 0; color: button.filled ? Theme.text : button.textColor }
    }
    contentItem: PlainText {
        text: button.text
        color: button.textColor
        font { pixelSize: button.filled ? Theme.bodySize : 13; weight: Font.DemiBold }
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
}
