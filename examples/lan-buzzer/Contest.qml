// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

/// What the host knows and says: who was first. Has no looks.
///
/// The host is the only one who judges, by the order that the server gave to events; it tells all
/// of the state as a whole, so that who comes late, or missed something, needs no more than the
/// latest of it.
QtObject {
    id: contest

    property url url
    property string project
    /// The room. It keeps contests apart that run in one network; it is no password.
    readonly property string code: contest.newCode()
    property int round: 1
    /// Who has buzzed, the first one first: [{clientId, name, behind}], behind in ms.
    readonly property var order: contest.buzzes.map(buzz => ({
        "clientId": buzz.clientId, "name": contest.names[buzz.clientId] || qsTr("Somebody"), "behind": buzz.behind
    }))
    readonly property int players: Math.max(0, contest.client.clients.count - 1)
    readonly property int maxPlayers: 99

    function nextRound(): void {
        contest.round += 1
        contest.buzzes = []
        contest.tell()
    }

    // Below: how it is done.

    property var buzzes: []
    property double firstAt: 0
    /// Of all who are here, or were: {client id: name}. A name comes a little after its client.
    property var names: ({})

    readonly property DispatchClient client: DispatchClient {
        url: contest.url
        projectId: contest.project
        active: true
        shardName: contest.code
        maxConnectionsPerShard: contest.maxPlayers + 1
        userInfo: ({ "name": qsTr("Host") })

        onConnected: contest.tell()
        onConnectedClientsChanged: {
            contest.learnNames()
            contest.tell() // for those who have just come
        }
        EventHandler {
            eventName: "buzz"
            onTriggered: (payload, about) => {
                if (!about.own)
                    contest.hear(about.senderId, about.serverTime)
            }
        }
    }

    function hear(clientId: string, time: double): void {
        if (contest.buzzes.length === contest.maxPlayers || contest.buzzes.some(buzz => buzz.clientId === clientId))
            return
        if (contest.buzzes.length === 0)
            contest.firstAt = time
        contest.buzzes = contest.buzzes.concat([
            { "clientId": clientId, "behind": Math.max(0, Math.round(time - contest.firstAt)) }
        ])
        contest.tell()
    }

    function tell(): void {
        // If it can't go now, the next one says all that this one does.
        contest.client.emitEvent("state", { "round": contest.round, "order": contest.order },
                                 { "ifDelayed": DispatchEmitOptions.KeepLatest, "key": "state" })
    }

    function learnNames(): void {
        const names = {}
        for (const buzz of contest.buzzes)
            names[buzz.clientId] = contest.names[buzz.clientId]
        for (const client of contest.client.connectedClients)
            names[client.clientId] = contest.client.displayText(String(client.userInfo.name ?? ""), 24)
        contest.names = names
    }

    /// Without what is easily taken for something else.
    function newCode(): string {
        const letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
        let code = ""
        while (code.length < 4)
            code += letters[Math.floor(Math.random() * letters.length)]
        return code
    }
}
