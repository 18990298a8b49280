// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleKit

/// Something to vote for, and how many do: a button with a bar of the chart on it.
AbstractButton {
    id: choice

    property string sign
    property int votes: 0
    property int total: 0
    property bool chosen: false
    property color tint: Theme.accent
    readonly property real share: choice.total > 0 ? choice.votes / choice.total : 0

    implicitHeight: 60
    hoverEnabled: true
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.RadioButton
    Accessible.name: qsTr("%1, %2 votes").arg(choice.text).arg(choice.votes)
    Accessible.checked: choice.chosen
    Keys.onReturnPressed: choice.clicked()

    background: Rectangle {
        radius: Theme.radius
        color: choice.pressed ? Theme.pressed : choice.hovered ? Theme.hover : Theme.panel
        border { width: choice.chosen || choice.visualFocus ? 2 : 1; color: choice.chosen || choice.visualFocus ? choice.tint : Theme.line }
    }
    contentItem: RowLayout {
        spacing: 12
        PlainText {
            Layout.leftMargin: 12
            text: choice.sign
            font.pixelSize: 24
            Accessible.ignored: true
        }
        ColumnLayout {
            spacing: 5
            PlainText {
                Layout.fillWidth: true
                text: choice.text
                font { pixelSize: Theme.titleSize; weight: choice.chosen ? Font.DemiBold : Font.Medium }
                elide: Text.ElideRight
            }
            Meter {
                Layout.fillWidth: true
                share: choice.share
                tint: choice.tint
                color: Theme.pressed
            }
        }
        Icon {
            opacity: choice.chosen ? 1 : 0 // it keeps its place: all bars are equally long
            name: "check"
            color: choice.tint
            strokeWidth: 2.6
        }
        ColumnLayout {
            Layout.preferredWidth: 58
            Layout.rightMargin: 12
            spacing: 0
            PlainText {
                Layout.alignment: Qt.AlignRight
                text: Math.round(choice.share * 100) + " %"
                font { pixelSize: Theme.titleSize; weight: Font.Bold }
            }
            PlainText {
                Layout.alignment: Qt.AlignRight
                text: choice.votes === 1 ? qsTr("1 vote") : qsTr("%1 votes").arg(choice.votes)
                color: Theme.muted
                font.pixelSize: Theme.smallSize
            }
        }
    }
}
