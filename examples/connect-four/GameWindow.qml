// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import ExampleKit

/// One player's window.
ApplicationWindow {
    id: window

    property alias url: game.url
    property alias project: game.project
    property alias table: game.table
    property alias userName: game.userName
    readonly property Game game: Game { id: game }
    readonly property string verdict: !game.over ? ""
        : game.state.winner === "" ? qsTr("Nobody wins")
        : game.state.winner === game.self ? qsTr("You win!") : qsTr("%1 wins").arg(game.opponentName)

    width: 520
    height: 660
    minimumWidth: 380
    minimumHeight: 540
    color: Theme.canvas
    title: qsTr("%1 plays connect four").arg(game.userName)

    header: ExampleHeader {
        client: game.client
        title: qsTr("Connect four")
        subtitle: qsTr("Table %1").arg(game.client.currentShardName)
    }

    RowLayout {
        id: plates
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 20 }
        spacing: 12
        Repeater {
            model: 2
            delegate: PlayerPlate {
                required property int index
                readonly property string player: game.players[index] ?? ""
                readonly property bool isSelf: game.complete ? player === game.self : index === 0
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                first: index === 0
                name: isSelf ? qsTr("%1 (you)").arg(game.userName) : game.complete ? game.opponentName : qsTr("A free seat")
                note: game.over && game.state.winner === player ? qsTr("Winner")
                    : active ? qsTr("to move") : ""
                active: game.complete && !game.over && game.state.turn === player
            }
        }
    }

    Board {
        id: board
        anchors { horizontalCenter: parent.horizontalCenter; top: plates.bottom; topMargin: 32 }
        width: 7 * Math.floor(Math.min((window.width - 60) / 7, (footer.y - y - 24) / 6))
        height: width / 7 * 6
        game: window.game
        opacity: game.complete ? 1 : 0.4
    }

    RowLayout {
        id: footer
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 18 }
        height: 44
        spacing: 16
        PlainText {
            objectName: "status"
            text: !game.complete ? qsTr("Waiting for somebody to play with…")
                : window.verdict !== "" ? window.verdict
                : game.ownTurn ? qsTr("Your turn: choose a column") : qsTr("%1 is thinking…").arg(game.opponentName)
            color: game.complete && (game.ownTurn || game.over) ? Theme.text : Theme.muted
            font { pixelSize: Theme.titleSize; weight: game.over ? Font.Bold : Font.Medium }
        }
        TextButton {
            objectName: "againButton"
            visible: game.over
            filled: true
            text: qsTr("Play again")
            onClicked: game.again()
        }
    }
}
