// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import ExampleKit
import "rules.js" as Rules

/// The board: discs behind a wall with holes.
Item {
    id: board

    required property Game game
    // Whole pixels, so that round things are round.
    readonly property int cell: board.width / Rules.columns
    readonly property int gap: board.cell / 11
    property int hovered: -1

    implicitWidth: 420
    implicitHeight: board.width * Rules.rows / Rules.columns

    function isWinning(column: int, row: int): bool {
        return board.game.state.line.some(place => place[0] === column && place[1] === row)
    }

    Rectangle {
        id: wall
        anchors { fill: parent; margins: -10 }
        radius: 28
        color: Theme.accent
    }

    Repeater {
        model: Rules.columns
        delegate: Item {
            id: column
            required property int index
            readonly property var discs: board.game.state.board[column.index]
            objectName: "column" + column.index
            x: column.index * board.cell
            width: board.cell
            height: board.height
            Accessible.role: Accessible.Button
            Accessible.name: qsTr("Column %1, %2 discs").arg(column.index + 1).arg(column.discs.length)
            Accessible.onPressAction: board.game.drop(column.index)

            Rectangle {
                anchors.fill: parent
                radius: 16
                color: Qt.alpha("#ffffff", board.hovered === column.index && board.game.canDrop(column.index) ? 0.14 : 0)
            }
            Repeater {
                model: Rules.rows
                delegate: Rectangle {
                    required property int index
                    x: board.gap
                    y: index * board.cell + board.gap
                    width: board.cell - 2 * board.gap
                    height: width
                    radius: width / 2
                    color: Theme.dark ? "#2b368f" : "#2f3cae"
                }
            }
            Item {
                anchors.fill: parent
                clip: true
                Repeater {
                    model: column.discs.length
                    delegate: Disc {
                        id: disc
                        required property int index
                        readonly property int place: (Rules.rows - 1 - disc.index) * board.cell + board.gap
                        x: board.gap
                        y: disc.place
                        width: board.cell - 2 * board.gap
                        height: width
                        first: column.discs[disc.index] === board.game.players[0]
                        winning: board.isWinning(column.index, disc.index)

                        // It falls to its place, from above the board.
                        SequentialAnimation {
                            running: true
                            NumberAnimation {
                                target: disc
                                property: "y"
                                from: -disc.height
                                to: disc.place
                                duration: 180 + 0.6 * Math.abs(disc.place)
                                easing.type: Easing.OutBounce
                            }
                            // The window may have got another size meanwhile.
                            ScriptAction { script: disc.y = Qt.binding(() => disc.place) }
                        }
                    }
                }
            }
            MouseArea {
                anchors.fill: parent
                hoverEnabled: true
                cursorShape: board.game.canDrop(column.index) ? Qt.PointingHandCursor : Qt.ArrowCursor
                onEntered: board.hovered = column.index
                onExited: if (board.hovered === column.index) board.hovered = -1
                onClicked: board.game.drop(column.index)
            }
        }
    }
}
