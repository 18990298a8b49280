// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Layouts
import ExampleKit

/// A player: the colour of the discs, and whose turn it is.
Rectangle {
    id: plate

    property string name
    property string note
    property bool first: true
    property bool active: false

    implicitHeight: 60
    radius: Theme.radius
    color: Theme.panel
    border { width: plate.active ? 2 : 1; color: plate.active ? disc.tint : Theme.line }

    RowLayout {
        anchors { fill: parent; leftMargin: 14; rightMargin: 14 }
        spacing: 12
        Disc {
            id: disc
            implicitWidth: 32
            implicitHeight: 32
            first: plate.first
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0
            PlainText {
                Layout.fillWidth: true
                text: plate.name
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }
            PlainText {
                Layout.fillWidth: true
                visible: text !== ""
                text: plate.note
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                elide: Text.ElideRight
            }
        }
    }
}
