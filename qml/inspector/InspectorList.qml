// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic

/// A list that stays at its end, where the news are, until somebody looks further up.
ListView {
    id: list

    /// What is said where there are no rows.
    property string emptyText
    property bool follows: true

    clip: true
    reuseItems: true
    boundsBehavior: Flickable.StopAtBounds
    activeFocusOnTab: true
    keyNavigationEnabled: true
    Accessible.role: Accessible.List

    onMovementEnded: list.follows = list.atYEnd
    onCountChanged: if (list.follows) follow.start()
    onContentHeightChanged: if (list.follows) follow.start()
    onHeightChanged: if (list.follows) follow.start()

    // After the layout, and once for all of its changes.
    Timer {
        id: follow
        interval: 0
        onTriggered: if (list.follows) list.positionViewAtEnd()
    }

    ScrollBar.vertical: ScrollBar {
        id: bar
        policy: list.contentHeight > list.height ? ScrollBar.AlwaysOn : ScrollBar.AlwaysOff
        onPressedChanged: if (!pressed) list.follows = list.atYEnd
        contentItem: Rectangle {
            implicitWidth: 5
            radius: 2.5
            color: bar.pressed ? InspectorStyle.muted : InspectorStyle.line
        }
    }

    InspectorText {
        anchors.centerIn: parent
        width: parent.width - 4 * InspectorStyle.gap
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        visible: list.count === 0
        text: list.emptyText
        color: InspectorStyle.muted
    }
}
