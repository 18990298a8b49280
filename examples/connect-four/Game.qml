// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch
import "rules.js" as Rules

/// One player at a table: what is said to the server and heard from it. Has no looks.
///
/// A table is a shard of two: the server seats who comes at a table with a free place, or at a new
/// one. Moves are events, which both players get in the same order, and the rules are the same for
/// both: nobody keeps the board, and nobody can cheat, for who moved says the server.
QtObject {
    id: game

    property url url
    property string project
    /// The table to sit down at; empty: one that the server chooses.
    property string table
    property string userName

    readonly property bool online: game.client.state === DispatchClient.Connected
    readonly property string self: game.client.clientId
    /// The ids of the two, always in the same order; [] while somebody is missing.
    property var players: []
    readonly property bool complete: game.players.length === 2
    readonly property string match: game.players.join("+")
    readonly property string opponentName: game.nameOf(game.players.find(player => player !== game.self))
    /// What has been said at this table, in the order of the server: see rules.js.
    property var log: []
    readonly property var state: Rules.play(game.log, game.players, game.match)
    readonly property bool over: game.complete && Rules.isOver(game.state)
    readonly property bool ownTurn: game.complete && game.online && !game.over && game.state.turn === game.self

    function canDrop(column: int): bool {
        return game.ownTurn && Rules.canDrop(game.state, column)
    }
    /// It is on the board when it has come back from the server.
    function drop(column: int): void {
        if (game.canDrop(column))
            game.client.emitEvent("move", { "match": game.match, "round": game.state.round, "column": column })
    }
    function again(): void {
        if (game.over)
            game.client.emitEvent("again", { "match": game.match, "round": game.state.round + 1 })
    }
    function nameOf(player: var): string {
        const found = game.client.connectedClients.find(client => client.clientId === player)
        return game.client.displayText(String(found?.userInfo.name ?? ""), 24) || qsTr("Somebody")
    }

    // Below: how it is done.

    readonly property int maxLog: 1000

    readonly property DispatchClient client: DispatchClient {
        url: game.url
        projectId: game.project
        shardName: game.table
        maxConnectionsPerShard: 2
        active: true
        userInfo: ({ "name": game.userName })
        allowInsecure: true // for --host in a local network; a server on the Internet has wss://

        onConnectedClientsChanged: game.lookWhoIsHere()
        EventHandler {
            eventName: "move"
            onTriggered: (said, about) => game.hear(about.senderId, said, said.column ?? -1)
        }
        EventHandler {
            eventName: "again"
            onTriggered: (said, about) => game.hear(about.senderId, said, undefined)
        }
    }

    /// A match is between two clients: another opponent, or one who lost his session, is another one.
    /// While one is away for a moment the server keeps the place, and nothing changes.
    function lookWhoIsHere(): void {
        const here = game.client.connectedClients.map(client => client.clientId).sort()
        const players = here.length === 2 ? here : []
        if (players.join() !== game.players.join())
            game.players = players
    }

    /// Also what is said before the list of players tells of who says it: it counts when it does.
    function hear(sender: string, said: var, column: var): void {
        if (game.log.length >= game.maxLog)
            game.log = game.log.filter(entry => entry.match === game.match)
        if (game.log.length < game.maxLog)
            game.log = game.log.concat([{ "sender": sender, "match": said.match, "round": said.round, "column": column }])
    }
}
