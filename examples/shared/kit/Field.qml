// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts

/// A line to fill in, with its name above.
ColumnLayout {
    id: field

    property string label
    property alias text: input.text
    property alias placeholder: input.placeholderText
    property alias input: input
    signal accepted()

    spacing: 6

    PlainText {
        text: field.label
        color: Theme.muted
        font { pixelSize: 13; weight: Font.Medium }
    }
    TextField {
        id: input
        Layout.fillWidth: true
        implicitHeight: 44
        leftPadding: 14
        rightPadding: 14
        color: Theme.text
        placeholderTextColor: Theme.muted
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentInk
        font.pixelSize: Theme.bodySize
        selectByMouse: true
        Accessible.name: field.label
        background: Rectangle {
            radius: 12
            color: Theme.field
            border { width: input.activeFocus ? 2 : 1; color: input.activeFocus ? Theme.accent : Theme.line }
        }
        onAccepted: field.accepted()
    }
}
