// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit
import "ink.js" as Ink

/// Colours, pens, and a clean board.
Rectangle {
    id: bar

    required property list<color> inks
    required property int colour
    required property int thickness
    property bool canClear: false

    signal colourChosen(colour: int)
    signal thicknessChosen(thickness: int)
    signal clearRequested()

    readonly property var colourNames: [qsTr("Black"), qsTr("Red"), qsTr("Orange"), qsTr("Green"), qsTr("Blue"), qsTr("Violet")]
    readonly property var penNames: [qsTr("Fine pen"), qsTr("Pen"), qsTr("Thick pen")]

    implicitWidth: row.implicitWidth + 24
    implicitHeight: 52
    radius: height / 2
    color: Theme.raised
    border.color: Theme.line

    component Choice: AbstractButton {
        id: choice
        property bool chosen: false
        property color tint
        property real dot: 20
        width: 34
        height: 34
        hoverEnabled: true
        focusPolicy: Qt.StrongFocus
        Accessible.name: choice.text
        Accessible.role: Accessible.RadioButton
        Accessible.checked: choice.chosen
        background: Rectangle {
            radius: height / 2
            color: choice.hovered ? Theme.hover : "transparent"
            border { width: choice.chosen || choice.visualFocus ? 2 : 0; color: choice.tint }
        }
        contentItem: Item {
            Rectangle {
                anchors.centerIn: parent
                width: choice.dot
                height: choice.dot
                radius: choice.dot / 2
                color: choice.tint
            }
        }
    }

    Row {
        id: row
        anchors.centerIn: parent
        spacing: 4

        Repeater {
            model: bar.inks.length
            Choice {
                required property int index
                objectName: "colour" + index
                text: bar.colourNames[index]
                tint: bar.inks[index]
                chosen: bar.colour === index
                onClicked: bar.colourChosen(index)
            }
        }
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 1
            height: 26
            color: Theme.pressed
        }
        Repeater {
            model: Ink.thicknesses
            Choice {
                required property int index
                required property int modelData
                objectName: "pen" + index
                text: bar.penNames[index]
                tint: bar.inks[bar.colour]
                dot: 4 + index * 6 // even, to be in the very middle
                chosen: bar.thickness === modelData
                onClicked: bar.thicknessChosen(modelData)
            }
        }
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 1
            height: 26
            color: Theme.pressed
        }
        TextButton {
            objectName: "clearButton"
            anchors.verticalCenter: parent.verticalCenter
            enabled: bar.canClear
            text: qsTr("Clear")
            onClicked: bar.clearRequested()
        }
    }
}
