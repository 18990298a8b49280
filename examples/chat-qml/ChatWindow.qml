// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic

/// One person's window: first who and where, then the room.
ApplicationWindow {
    id: window

    property alias url: room.url
    property alias project: room.project
    property string userName
    property string roomName
    /// Where others can join; empty if they can't.
    property string address
    /// Goes into the room without asking.
    property bool joinsAtOnce: false

    readonly property Room room: Room { id: room }

    width: 940
    height: 660
    minimumWidth: 320
    minimumHeight: 420
    color: Theme.canvas
    title: {
        const where = room.joined ? qsTr("%1 in %2").arg(room.userName).arg(room.roomName || qsTr("any room"))
                                  : qsTr("Chat")
        return pages.unread > 0 ? qsTr("(%1) %2").arg(pages.unread).arg(where) : where
    }

    LayoutMirroring.enabled: Qt.application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    function join(name: string, roomName: string): void {
        window.userName = name
        window.roomName = roomName
        room.join(name, roomName)
    }

    Loader {
        id: pages
        readonly property int unread: (pages.item as ChatPage)?.unread ?? 0
        anchors.fill: parent
        focus: true
        sourceComponent: room.joined ? chatPage : joinPage
    }
    Component {
        id: joinPage
        JoinPage {
            focus: true
            userName: window.userName
            roomName: window.roomName
            address: String(window.url)
            onJoinRequested: (name, roomName) => window.join(name, roomName)
        }
    }
    Component {
        id: chatPage
        ChatPage {
            focus: true
            room: window.room
            address: window.address
            isWatched: window.active
            onLeaveRequested: room.leave()
        }
    }

    onClosing: room.leave()
    Component.onCompleted: if (window.joinsAtOnce) window.join(window.userName, window.roomName)
}
