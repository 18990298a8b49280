// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic

/// The name of a page, underlined while that is shown.
TabButton {
    id: tab

    /// How much there is on the page; -1: nobody counts.
    property int count: -1

    implicitHeight: 30
    hoverEnabled: true
    Accessible.name: tab.count < 0 ? tab.text : qsTr("%1, %2").arg(tab.text).arg(tab.count)

    contentItem: InspectorText {
        text: tab.count < 0 ? tab.text : tab.text + " " + (tab.count > 999 ? "999+" : tab.count)
        color: tab.checked || tab.hovered ? InspectorStyle.text : InspectorStyle.muted
        font.pixelSize: InspectorStyle.smallSize
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        Accessible.ignored: true
    }
    background: Rectangle {
        color: tab.visualFocus ? InspectorStyle.hover : "transparent"
        Rectangle {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: 2
            color: InspectorStyle.accent
            visible: tab.checked
        }
    }
}
