// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import ExampleKit
import "ink.js" as Ink

/// One person's window.
ApplicationWindow {
    id: window

    property alias url: board.url
    property alias project: board.project
    property alias roomName: board.roomName
    property alias userName: board.userName
    readonly property Board board: Board { id: board }
    readonly property alias paper: paper
    readonly property list<color> inks: [Theme.text, Theme.inks[9], Theme.inks[0], Theme.inks[3], Theme.inks[6], Theme.inks[7]]

    width: 820
    height: 660
    minimumWidth: 480
    minimumHeight: 400
    color: Theme.canvas
    title: qsTr("%1 at the whiteboard").arg(board.userName)

    header: ExampleHeader {
        client: board.client
        title: qsTr("Whiteboard")
    }

    Paper {
        id: paper
        anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: 16 }
        width: Math.floor(Math.min(window.width - 32, (bar.y - 32) * Ink.width / Ink.height))
        height: Math.floor(width * Ink.height / Ink.width)
        board: window.board
        inks: window.inks

        Column {
            visible: board.blank && !pen.pressed
            anchors.centerIn: parent
            spacing: 6
            PlainText {
                anchors.horizontalCenter: parent.horizontalCenter
                text: qsTr("Draw something")
                font { pixelSize: Theme.titleSize; weight: Font.Bold }
            }
            PlainText {
                anchors.horizontalCenter: parent.horizontalCenter
                text: qsTr("All who are here see it while you draw.")
                color: Theme.muted
            }
        }

        MouseArea {
            id: pen
            objectName: "pen"
            anchors.fill: parent
            hoverEnabled: true
            cursorShape: Qt.CrossCursor
            Accessible.role: Accessible.Canvas
            Accessible.name: qsTr("Whiteboard")

            property var stroke: null // that is being drawn
            property int told: 0 // how many of its numbers the others have been sent
            property bool moved: false

            function at(x: real, y: real): var {
                return [Ink.clamped(x / paper.unit, Ink.width), Ink.clamped(y / paper.unit, Ink.height)]
            }
            function begin(point: var): void {
                pen.told = 0
                pen.stroke = { "id": Ink.newId(), "colour": board.colour, "thickness": board.thickness, "points": point }
            }
            function finish(): void {
                if (!pen.stroke)
                    return
                paper.draft("", null)
                board.add(pen.stroke)
                pen.stroke = null
            }
            function part(from: int): var {
                return Object.assign({}, pen.stroke, { "points": pen.stroke.points.slice(from) })
            }

            onPressed: mouse => {
                pen.begin(pen.at(mouse.x, mouse.y))
                paper.draft("", pen.part(0))
                pen.moved = true
            }
            onPositionChanged: mouse => {
                pen.moved = true
                if (!pen.stroke)
                    return
                const point = pen.at(mouse.x, mouse.y)
                pen.stroke.points.push(...point)
                paper.draft("", Object.assign({}, pen.stroke, { "points": point }))
                if (pen.stroke.points.length >= 2 * Ink.maxPoints) {
                    pen.finish()
                    pen.begin(point)
                }
            }
            onEntered: pen.moved = true
            onReleased: pen.finish()
            onCanceled: pen.finish()

            // However often the mouse tells of itself: once a frame is what others can see.
            FrameAnimation {
                running: pen.containsMouse || pen.pressed
                onTriggered: {
                    if (!pen.moved)
                        return
                    pen.moved = false
                    const news = pen.stroke && pen.stroke.points.length > pen.told ? pen.part(pen.told) : null
                    pen.told = pen.stroke ? pen.stroke.points.length : 0
                    board.point(...pen.at(pen.mouseX, pen.mouseY), news)
                }
            }
        }

        // A cursor for everybody in the list of clients but ourselves: whoever leaves takes it along.
        Repeater {
            id: cursors
            model: board.client.clients
            delegate: LiveCursor {
                id: cursor
                required property string clientId
                required property var userInfo
                required property bool isSelf
                visible: !cursor.isSelf
                name: board.client.displayText(String(cursor.userInfo.name ?? qsTr("Guest")), 32)
                tint: window.inks[Ink.clamped(cursor.userInfo.colour, Ink.colours - 1)]
                Connections {
                    target: board
                    function onPointed(clientId: string, x: real, y: real, ink: var): void {
                        if (clientId !== cursor.clientId)
                            return
                        cursor.moveTo(x * paper.unit, y * paper.unit)
                        paper.draft(clientId, ink)
                    }
                }
                Component.onDestruction: paper.draft(cursor.clientId, null)
            }
        }
    }

    PenBar {
        id: bar
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 16 }
        inks: window.inks
        colour: board.colour
        thickness: board.thickness
        canClear: board.strokes.length > 0
        onColourChosen: colour => board.colour = colour
        onThicknessChosen: thickness => board.thickness = thickness
        onClearRequested: board.clear()
    }
}
