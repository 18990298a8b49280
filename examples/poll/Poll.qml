// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

/// What has been asked, and what everybody has said to that. Has no looks.
///
/// A vote is an event, no more. The server gives all events to everybody in the same order, and the
/// past ones first to who comes late: so all count the same votes, and nobody keeps the count.
QtObject {
    id: poll

    property url url
    property string project
    property string roomName
    property string userName

    readonly property string question: qsTr("What shall we have for lunch?")
    readonly property var choices: [
        { "sign": "🍕", "name": qsTr("Pizza") }, { "sign": "🍛", "name": qsTr("Curry") },
        { "sign": "🥗", "name": qsTr("Salad") }, { "sign": "🍜", "name": qsTr("Noodles") }
    ]

    /// How many votes each choice has.
    property var counts: poll.choices.map(() => 0)
    readonly property int total: poll.counts.reduce((sum, count) => sum + count, 0)
    /// What this client voted for; -1: nothing yet.
    property int ownChoice: -1

    /// Votes, or changes one's vote.
    function vote(choice: int): void {
        poll.client.emitEvent("vote", { "choice": choice })
    }

    // Below: how it is done.

    /// The last vote of each voter: {id: choice}
    property var votes: ({})

    readonly property DispatchClient client: DispatchClient {
        url: poll.url
        projectId: poll.project
        shardName: poll.roomName
        active: true
        userInfo: ({ "name": poll.userName })
        maxConnectionsPerShard: 1000
        history: 1000
        allowInsecure: true // for --host in a local network; a server on the Internet has wss://

        // Where the session goes on, what was missed comes by itself. Else it all comes again.
        onConnected: info => {
            if (!info.recovered)
                poll.forget()
        }
        EventHandler {
            eventName: "vote"
            onTriggered: (payload, about) => poll.count(payload.choice, about)
        }
    }

    /// One vote each. Whose it is says the server, and not the payload: with identify() it is one for
    /// each user; here it is one for each client.
    function count(choice: var, about: var): void {
        if (!Number.isInteger(choice) || choice < 0 || choice >= poll.choices.length)
            return
        poll.votes[about.senderUserId || about.senderId] = choice
        if (about.own)
            poll.ownChoice = choice
        const counts = poll.choices.map(() => 0)
        for (const vote of Object.values(poll.votes))
            ++counts[vote]
        poll.counts = counts
    }

    function forget(): void {
        poll.votes = {}
        poll.counts = poll.choices.map(() => 0)
        poll.ownChoice = -1
    }
}
