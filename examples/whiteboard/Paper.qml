// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import ExampleKit
import "ink.js" as Ink

/// What the board looks like. Finished strokes are painted once, each on those before it; only what
/// is being drawn is painted anew in each frame.
Item {
    id: paper

    required property Board board
    required property list<color> inks
    /// What is being drawn: {client id: stroke}
    property var drafts: ({})
    readonly property real unit: paper.width / Ink.width

    /// Goes on with what somebody draws, for as long as a stroke can be; null ends it.
    function draft(clientId: string, ink: var): void {
        const before = paper.drafts[clientId]
        if (ink && before?.id === ink.id)
            before.points.push(...ink.points.slice(0, 2 * Ink.maxPoints - before.points.length))
        else if (ink)
            paper.drafts[clientId] = ink
        else if (before)
            delete paper.drafts[clientId]
        else
            return
        wet.requestPaint()
    }

    Rectangle {
        anchors.fill: parent
        radius: 14
        color: Theme.panel
        border.color: Theme.line
    }

    Canvas {
        id: dry
        anchors.fill: parent
        property var todo: []
        property bool afresh: true

        function repaint(): void {
            dry.afresh = true
            dry.requestPaint()
        }

        onPaint: {
            const context = dry.getContext("2d")
            const strokes = dry.afresh ? paper.board.strokes : dry.todo
            context.resetTransform()
            if (dry.afresh)
                context.clearRect(0, 0, dry.width, dry.height)
            context.scale(paper.unit, paper.unit)
            for (const stroke of strokes)
                Ink.draw(context, stroke, paper.inks[stroke.colour])
            dry.afresh = false
            dry.todo = []
        }
        onWidthChanged: dry.repaint()
    }

    Canvas {
        id: wet
        anchors.fill: parent
        onPaint: {
            const context = wet.getContext("2d")
            context.resetTransform()
            context.clearRect(0, 0, wet.width, wet.height)
            context.scale(paper.unit, paper.unit)
            for (const stroke of paper.board.pending.concat(Object.values(paper.drafts)))
                Ink.draw(context, stroke, paper.inks[stroke.colour])
        }
        onWidthChanged: wet.requestPaint()
    }

    onInksChanged: {
        dry.repaint()
        wet.requestPaint()
    }

    Connections {
        target: paper.board
        function onStrokeAdded(stroke: var): void {
            // It takes the place of what could be seen of it while it was drawn.
            for (const clientId of Object.keys(paper.drafts)) {
                if (paper.drafts[clientId].id === stroke.id)
                    paper.draft(clientId, null)
            }
            dry.todo.push(stroke)
            dry.requestPaint()
        }
        function onStrokesReplaced(): void { dry.repaint() }
        function onPendingChanged(): void { wet.requestPaint() }
    }
}
