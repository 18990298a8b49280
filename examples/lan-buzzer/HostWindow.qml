// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import Dispatch
import ExampleKit

/// The host's window: for all to see, on the large screen.
ApplicationWindow {
    id: window

    required property DispatchServer server
    property alias project: contest.project
    property string networkAddress
    property string userName // a host needs none
    readonly property Contest contest: Contest {
        id: contest
        url: window.server.url
    }
    readonly property bool isOpen: window.server.listening && window.server.address !== "127.0.0.1"
    readonly property string page: "http://" + (window.isOpen ? window.networkAddress : "127.0.0.1") + ":" + window.server.port

    /// From now on others in the network reach the server.
    function letNetworkIn(): void {
        window.listenOn("0.0.0.0")
    }
    function keepOthersOut(): void {
        window.listenOn("127.0.0.1")
    }
    function listenOn(address: string): void {
        window.server.close()
        window.server.address = address
        window.server.listen()
    }

    /// Whose pages may join: ours, under the addresses that we tell. Without this it would be any
    /// page that reaches us under any name, as one of a stranger whose name leads to this address.
    function allowOwnPages(): void {
        if (!window.server.listening)
            return
        const origin = host => "http://" + host + ":" + window.server.port
        window.server.settings.allowedOrigins = [origin("127.0.0.1"), origin("localhost"), origin(window.networkAddress)]
    }

    width: 880
    height: 560
    minimumWidth: 640
    minimumHeight: 560
    color: Theme.canvas
    title: qsTr("Buzzer")

    header: ExampleHeader {
        client: contest.client
        title: qsTr("Round %1").arg(contest.round)
        subtitle: contest.players === 0 ? qsTr("Nobody is here yet")
                : contest.players === 1 ? qsTr("1 player is here") : qsTr("%1 players are here").arg(contest.players)
    }

    Invitation {
        id: invitation
        anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
        width: 304
        code: contest.code
        address: window.page
        isOpen: window.isOpen
        failure: window.server.listening ? "" : window.server.errorString
        onOpenRequested: window.letNetworkIn()
        onCloseRequested: window.keepOthersOut()
    }
    Ranking {
        id: ranking
        anchors { left: invitation.right; right: parent.right; top: parent.top; bottom: next.top; margins: 24 }
        order: contest.order
    }
    Column {
        visible: contest.order.length === 0
        anchors.centerIn: ranking
        spacing: 8
        PlainText {
            anchors.horizontalCenter: parent.horizontalCenter
            text: qsTr("Who will be first?")
            font { pixelSize: 28; weight: Font.Bold }
        }
        PlainText {
            anchors.horizontalCenter: parent.horizontalCenter
            text: contest.players === 0 ? qsTr("Players join with a phone, or with a second program.")
                                        : qsTr("Ask, and wait for them to press.")
            color: Theme.muted
        }
    }
    TextButton {
        id: next
        objectName: "nextButton"
        anchors { right: parent.right; bottom: parent.bottom; margins: 24 }
        filled: true
        enabled: contest.order.length > 0
        text: qsTr("Next round")
        onClicked: contest.nextRound()
    }

    Connections {
        target: window.server
        function onListeningChanged(): void { window.allowOwnPages() }
    }
    Component.onCompleted: window.allowOwnPages()
}
