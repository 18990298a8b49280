// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit

/// The conversation. Stays at the end while one reads there, and stays put while one reads above.
ListView {
    id: view

    /// How many came in while the end was out of sight.
    property int unread: 0
    readonly property bool atLatest: view.contentHeight <= view.height
                                     || view.contentY >= view.originY + view.contentHeight - view.height - 24
    property bool follows: true

    signal sendAgainRequested(id: string)

    function jumpToLatest(): void {
        view.follows = true
        view.unread = 0
        view.positionViewAtEnd()
    }

    function noteArrival(isSeen: bool): void {
        if (!view.follows || !isSeen)
            view.unread += 1
    }

    verticalLayoutDirection: ListView.TopToBottom
    header: Item { implicitHeight: 8 }
    footer: Item { implicitHeight: 14 }
    cacheBuffer: 400
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    delegate: MessageDelegate {}
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Messages")

    onMovementEnded: view.settle()
    onContentHeightChanged: if (view.follows) follow.start()
    onHeightChanged: if (view.follows) follow.start()
    onCountChanged: if (view.follows) follow.start()

    // After the layout, and once for all of its changes.
    Timer {
        id: follow
        interval: 0
        onTriggered: if (view.follows) view.positionViewAtEnd()
    }

    function settle(): void {
        view.follows = view.atLatest
        if (view.follows)
            view.unread = 0
    }

    function scrollBy(distance: real): void {
        const top = view.originY
        const bottom = Math.max(top, view.originY + view.contentHeight - view.height)
        view.contentY = Math.max(top, Math.min(bottom, view.contentY + distance))
        view.settle()
    }

    ScrollBar.vertical: ScrollBar {
        id: bar
        policy: ScrollBar.AsNeeded
        minimumSize: 0.08
        onPressedChanged: if (!bar.pressed) view.settle()
        contentItem: Rectangle {
            implicitWidth: 6
            radius: 3
            color: Theme.muted
            opacity: bar.size < 1 ? (bar.pressed ? 0.7 : bar.hovered || view.moving ? 0.45 : 0.2) : 0
        }
    }
}
