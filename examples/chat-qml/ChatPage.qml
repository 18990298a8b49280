// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleKit

/// The room: people on one side, the conversation on the other. Narrow windows show people in a
/// drawer.
FocusScope {
    id: page

    required property Room room
    property string address
    property bool isWatched: true
    readonly property bool compact: page.width < 640
    readonly property alias unread: view.unread

    signal leaveRequested()

    onCompactChanged: drawer.close()
    onIsWatchedChanged: if (page.isWatched && view.follows) view.unread = 0

    Connections {
        target: page.room
        function onReceived(): void { view.noteArrival(page.isWatched) }
    }

    Keys.onPressed: event => {
        event.accepted = true
        if (event.key === Qt.Key_PageUp)
            view.scrollBy(-view.height * 0.8)
        else if (event.key === Qt.Key_PageDown)
            view.scrollBy(view.height * 0.8)
        else if (event.key === Qt.Key_Escape)
            page.returnToLatest()
        else if (page.isText(event))
            composer.type(event.text)
        else
            event.accepted = false
    }
    Shortcut {
        sequence: "Ctrl+K"
        onActivated: composer.input.forceActiveFocus()
    }

    // Whoever begins to type means the message, wherever the focus is.
    function isText(event: KeyEvent): bool {
        const modified = event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier)
        return !modified && event.text.length > 0 && event.text.charCodeAt(0) > 32
    }

    function returnToLatest(): void {
        view.jumpToLatest()
        composer.input.forceActiveFocus()
    }

    Drawer {
        id: drawer
        width: Math.min(280, page.width * 0.82)
        height: page.height
        // With a wide window there is nothing to pull in.
        interactive: page.compact
        background: Rectangle { color: Theme.panel }
        PeoplePanel {
            anchors.fill: parent
            room: page.room
            onLeaveRequested: { drawer.close(); page.leaveRequested() }
        }
    }

    RowLayout {
        anchors.fill: parent
        spacing: 0

        PeoplePanel {
            visible: !page.compact
            Layout.fillHeight: true
            Layout.preferredWidth: implicitWidth
            room: page.room
            onLeaveRequested: page.leaveRequested()
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            spacing: 0

            ConversationHeader {
                Layout.fillWidth: true
                room: page.room
                peopleCount: page.room.client.clients.count
                compact: page.compact
                address: page.address
                onPeopleRequested: drawer.open()
            }
            Rectangle {
                Layout.fillWidth: true
                Layout.fillHeight: true
                color: Theme.canvas

                ColumnLayout {
                    anchors.fill: parent
                    spacing: 0

                    ConnectionBanner {
                        Layout.fillWidth: true
                        room: page.room
                    }
                    MessageView {
                        id: view
                        objectName: "messages"
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        model: page.room.messages
                        onSendAgainRequested: id => page.room.sendAgain(id)

                        EmptyRoom {
                            anchors.centerIn: parent
                            width: Math.min(parent.width - 48, 360)
                            visible: view.count === 0
                            address: page.address
                        }
                    }
                    TypingIndicator {
                        objectName: "typing"
                        Layout.leftMargin: 16
                        Layout.bottomMargin: 8
                        typists: page.room.typists
                    }
                }
                JumpButton {
                    objectName: "jumpButton"
                    anchors { right: parent.right; bottom: parent.bottom; margins: 16 }
                    shown: !view.follows
                    unread: view.unread
                    onClicked: view.jumpToLatest()
                }
            }
            Composer {
                id: composer
                Layout.fillWidth: true
                focus: true
                onEdited: page.room.hintTyping()
                onSubmitted: text => {
                    if (page.room.send(text))
                        view.jumpToLatest()
                }
            }
        }
    }

    onVisibleChanged: if (page.visible) page.returnToLatest()
}
