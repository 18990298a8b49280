// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch
import "ink.js" as Ink

/// One person at one board: all that is said to the server and heard from it. Has no looks.
///
/// Three kinds of traffic, each with what fits it:
/// - where a pointer is, 60 times a second: volatile. What can't go at once is dropped, for the next
///   one says more;
/// - a stroke that is finished: an event that waits while there is no connection, and comes once;
/// - what was drawn before one came: a request, which somebody who is there answers.
QtObject {
    id: board

    property url url
    property string project
    property string roomName
    property string userName
    property int colour: 4
    property int thickness: Ink.thicknesses[1]
    readonly property bool online: board.client.state === DispatchClient.Connected

    /// What is on the board, in the order that the server gave it: [{id, colour, thickness, points}]
    property var strokes: []
    /// Own strokes that have not come back from the server.
    property var pending: []
    readonly property bool blank: board.strokes.length === 0 && board.pending.length === 0

    signal strokeAdded(stroke: var)
    signal strokesReplaced()
    /// The pointer of somebody else is at x, y; \a ink is what it has just drawn, or null.
    signal pointed(clientId: string, x: real, y: real, ink: var)

    /// Tells where one's pointer is, and what it has drawn since the last time.
    function point(x: real, y: real, ink: var): void {
        const payload = ink ? { "x": x, "y": y, "ink": ink } : { "x": x, "y": y }
        board.client.emitEvent("pointer", payload, { "ifDelayed": DispatchEmitOptions.Drop })
    }

    /// Adds a stroke for everybody. It is on the board when it comes back: so it has the same place
    /// among all strokes, and before or after a clear(), for everybody.
    function add(stroke: var): void {
        board.pending = board.pending.concat([stroke])
        board.client.emitEvent("stroke", stroke)
    }

    function clear(): void {
        board.client.emitEvent("clear")
    }

    // Below: how it is done.

    /// The number that the server gave to the last clear.
    property double clearedAt: 0
    /// How many of the strokes are from before we joined, and may be out of date.
    property int known: 0

    readonly property DispatchClient client: DispatchClient {
        url: board.url
        projectId: board.project
        shardName: board.roomName
        userInfo: ({ "name": board.userName, "colour": board.colour }) // a change is told at once
        maxConnectionsPerShard: 50
        active: true
        allowInsecure: true // for --host in a local network; a server on the Internet has wss://

        // Where the session goes on, what was missed comes by itself.
        onConnected: info => {
            if (info.recovered)
                return
            board.known = board.strokes.length
            board.clearedAt = 0
            board.askForStrokes([], undefined)
        }
        onEventDropped: (eventName, payload) => {
            if (eventName === "stroke")
                board.forget(payload.id)
        }

        EventHandler {
            eventName: "pointer"
            onTriggered: (payload, about) => {
                if (!about.own)
                    board.pointed(about.senderId, Ink.clamped(payload.x, Ink.width),
                                  Ink.clamped(payload.y, Ink.height), Ink.cleanStroke(payload.ink))
            }
        }
        EventHandler {
            eventName: "stroke"
            onTriggered: payload => board.keep(Ink.cleanStroke(payload))
        }
        EventHandler {
            eventName: "clear"
            onTriggered: (payload, about) => {
                board.clearedAt = about.sequence
                board.known = 0
                board.strokes = []
                board.strokesReplaced()
            }
        }
        Component.onCompleted: board.client.onRequest("strokes", asked => board.strokesFrom(asked?.from))
    }

    function keep(stroke: var): void {
        if (!stroke || board.strokes.length >= Ink.maxStrokes)
            return
        board.forget(stroke.id)
        board.strokes = board.strokes.concat([stroke])
        board.strokeAdded(stroke)
    }

    function forget(id: string): void {
        board.pending = board.pending.filter(stroke => stroke.id !== id)
    }

    /// As many strokes as fit in a message, with the place of the next one.
    function strokesFrom(first: var): var {
        const longest = 100000 // of a message: 128,000 code units
        const from = Ink.clamped(first, board.strokes.length)
        let length = 0
        let next = from
        while (next < board.strokes.length && length < longest)
            length += JSON.stringify(board.strokes[next++]).length
        return { "strokes": board.strokes.slice(from, next), "more": next < board.strokes.length,
                 "clearedAt": board.clearedAt }
    }

    /// Asks all who are here, and for the rest whoever was the first to reply. \a soFar is what he
    /// has told already.
    function askForStrokes(soFar: var, whom: var): void {
        const options = whom ? { "recipients": [whom] } : undefined
        board.client.request("strokes", { "from": soFar.length }, options).then(reply => {
            const told = reply.payload
            // If somebody has cleared the board since, there is nothing to learn.
            if (!Array.isArray(told?.strokes) || board.clearedAt > told.clearedAt)
                return
            const all = soFar.concat(told.strokes).slice(0, Ink.maxStrokes)
            if (told.more === true && all.length > soFar.length && all.length < Ink.maxStrokes)
                board.askForStrokes(all, reply.metadata.senderId)
            else
                board.learn(all)
        }, () => {}) // nobody else is here, and the board is ours
    }

    /// What was drawn before we came, and then what was drawn since.
    function learn(earlier: var): void {
        const since = board.strokes.slice(board.known)
        const known = new Set(since.map(stroke => stroke.id))
        board.strokes = earlier.map(stroke => Ink.cleanStroke(stroke))
            .filter(stroke => stroke !== null && !known.has(stroke.id)).concat(since)
        board.known = 0
        board.strokesReplaced()
    }
}
