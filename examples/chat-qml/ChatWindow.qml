// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit

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
        return chat.unread > 0 ? qsTr("(%1) %2").arg(chat.unread).arg(where) : where
    }

    LayoutMirroring.enabled: Qt.locale().textDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true

    function join(name: string, roomName: string): void {
        window.userName = name
        window.roomName = roomName
        room.join(name, roomName)
    }

    JoinPage {
        anchors.fill: parent
        visible: !room.joined
        focus: visible
        userName: window.userName
        roomName: window.roomName
        address: String(window.url)
        onJoinRequested: (name, roomName) => window.join(name, roomName)
    }
    ChatPage {
        id: chat
        anchors.fill: parent
        visible: room.joined
        focus: visible
        room: window.room
        address: window.address
        isWatched: window.active
        onLeaveRequested: room.leave()
    }

    onClosing: room.leave()
    Component.onCompleted: if (window.joinsAtOnce) window.join(window.userName, window.roomName)
}
