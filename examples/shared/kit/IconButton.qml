// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic

/// A round button with an icon; its text is what a screen reader and the tool tip say.
AbstractButton {
    id: button

    property string iconName
    property color iconColor: Theme.muted
    property bool filled: false
    property int badge: 0

    implicitWidth: 40
    implicitHeight: 40
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    opacity: button.enabled ? 1 : 0.45
    Accessible.name: button.text

    background: Rectangle {
        radius: height / 2
        color: button.filled ? (button.pressed ? Theme.accentPressed : Theme.accent)
             : button.pressed ? Theme.pressed : button.hovered ? Theme.hover : "transparent"
        border { width: button.visualFocus ? 2 : 0; color: button.filled ? Theme.text : Theme.accentText }
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.iconName
            color: button.filled ? Theme.accentInk : button.iconColor
        }
        Badge {
            visible: button.badge > 0
            anchors { right: parent.right; top: parent.top; rightMargin: -2; topMargin: -2 }
            value: button.badge
        }
    }

    ToolTip {
        id: tip
        visible: button.hovered
        delay: 600
        contentItem: PlainText { text: button.text; font.pixelSize: Theme.smallSize }
        background: Rectangle { color: Theme.raised; radius: 8; border.color: Theme.line }
    }
}
