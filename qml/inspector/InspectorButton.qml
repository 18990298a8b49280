// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic

/// A flat button with a word on it.
AbstractButton {
    id: button

    property string description
    /// While it is checked.
    property color tint: InspectorStyle.accent

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    leftPadding: InspectorStyle.gap
    rightPadding: InspectorStyle.gap
    implicitHeight: 24
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: button.checkable ? Accessible.CheckBox : Accessible.Button
    Accessible.name: button.description !== "" ? button.description : button.text
    Accessible.checkable: button.checkable
    Accessible.checked: button.checked
    Accessible.onPressAction: button.clicked()

    contentItem: InspectorText {
        text: button.text
        color: button.checked ? InspectorStyle.panel : InspectorStyle.text
        font.pixelSize: InspectorStyle.smallSize
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
    background: Rectangle {
        radius: 4
        color: button.checked ? button.tint : button.down || button.hovered ? InspectorStyle.hover : InspectorStyle.raised
        border { width: button.visualFocus ? 2 : 1; color: button.visualFocus ? InspectorStyle.accent : InspectorStyle.line }
    }
}
