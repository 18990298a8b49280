// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

/// What has been asked, and what everybody says to that. Has no looks.
///
/// A vote is a key of the shared state: its name is the voter's id, its value the choice. The server
/// keeps the keys while anybody is there, and gives all of them to who comes late: so all count the
/// same, and nobody keeps the count.
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

    /// Votes, or changes one's vote. It is counted at once, and taken back if the server refuses it.
    function vote(choice: int): void {
        poll.ownChoice = choice
        if (poll.client.clientId !== "")
            poll.votes.set(poll.client.clientId, choice, { "owned": true })
    }

    // Below: how it is done.

    readonly property DispatchSharedState votes: DispatchSharedState {
        client: poll.client
        onValueChanged: poll.counting.start()
        onChangeFailed: poll.ownChoice = poll.votes.value(poll.client.clientId) ?? -1
    }

    /// Who joins gets many at once: they are counted once.
    readonly property Timer counting: Timer {
        interval: 0
        onTriggered: poll.count()
    }

    readonly property DispatchClient client: DispatchClient {
        url: poll.url
        projectId: poll.project
        shardName: poll.roomName
        active: true
        userInfo: ({ "name": poll.userName })
        maxConnectionsPerShard: 1000
        allowInsecure: true // for --host in a local network; a server on the Internet has wss://

        // A vote goes with its voter. Whoever lost the session is another one, and votes again.
        onConnected: info => {
            if (!info.recovered && poll.ownChoice >= 0)
                poll.vote(poll.ownChoice)
        }
    }

    /// One vote each: a key counts if who owns it is its voter, and who that is says the server.
    function count(): void {
        const counts = poll.choices.map(() => 0)
        for (const voter of poll.votes.keys()) {
            const choice = poll.votes.value(voter)
            if (poll.votes.ownerId(voter) === voter && Number.isInteger(choice) && choice in counts)
                ++counts[choice]
        }
        poll.counts = counts
    }
}
