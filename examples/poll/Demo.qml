// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import ExampleKit

/// Ann, Ben and others vote; whoever comes late counts the same.
DemoScript {
    id: demo

    property var ann
    property var ben
    property var others: []

    function allCount(counts: var): bool {
        const everybody = [demo.ann, demo.ben, ...demo.others]
        return everybody.every(window => window.poll.counts.join() === counts.join())
    }

    /// With --inspect: what Ann's client said, and how far it is from Ben to the server.
    function inspection(): var {
        return [
            demo.step("Ann looks what her client heard", () => demo.hands.click(demo.ann, "inspectorHandle"),
                      () => demo.hands.click(demo.ann, "routineButton")),
            demo.step("She looks at one frame", () => {}, () => demo.hands.click(demo.ann, "frames")
                && demo.hands.shows(demo.ann, "Connected")),
            demo.step("Ben looks how fast the server answers", () => {
                demo.hands.click(demo.ben, "inspectorHandle")
                demo.ben.overlay.pingInterval = 25
            }, () => demo.hands.click(demo.ben, "roundTripsTab")
                && demo.ben.overlay.inspector.roundTrips.length > 60),
            demo.step("That is enough", () => demo.ben.overlay.pingInterval = 0, () => true),
            demo.picture("inspector", () => [demo.ann, demo.ben])
        ]
    }

    steps: [
        demo.step("Ann opens the poll", () => demo.ann = demo.app.open("Ann"), () =>
            demo.hands.shows(demo.ann, "Be the first to vote.")
            && demo.ann.poll.client.connectedClients[0]?.userInfo.name === "Ann"),
        demo.picture("empty", () => [demo.ann]),
        demo.step("Ben comes, too", () => demo.ben = demo.app.open("Ben"), () =>
            demo.ann.poll.client.clients.count === 2),
        demo.step("Ann votes for curry, and both see it", () => demo.hands.click(demo.ann, "choice1"), () =>
            demo.allCount([0, 1, 0, 0]) && demo.hands.shows(demo.ben, "Choose one.")),
        demo.step("She can't vote twice", () => demo.hands.click(demo.ann, "choice1"), () =>
            demo.allCount([0, 1, 0, 0])),
        demo.step("Ben votes for salad", () => demo.hands.click(demo.ben, "choice2"), () =>
            demo.allCount([0, 1, 1, 0])),
        demo.step("Ben changes his mind", () => demo.hands.click(demo.ben, "choice3"), () =>
            demo.allCount([0, 1, 0, 1])),
        demo.step("Five come late, and count the same", () => {
            demo.others = ["Cem", "Dana", "Eli", "Fay", "Gus"].map(name => demo.app.open(name))
        }, () => demo.allCount([0, 1, 0, 1]) && demo.ann.poll.client.clients.count === 7),
        demo.step("They vote", () => [0, 1, 1, 2, 3].forEach((choice, i) =>
            demo.hands.click(demo.others[i], "choice" + choice)), () => demo.allCount([1, 3, 1, 2])),
        demo.step("A vote for nothing does not count", () => {
            demo.ben.poll.vote(99)
            demo.ben.poll.votes.set("another voter", 0, { "owned": true })
        }, () => demo.allCount([1, 3, 1, 1])),
        demo.step("Ben goes back to noodles", () => demo.hands.click(demo.ben, "choice3"), () =>
            demo.allCount([1, 3, 1, 2])),
        demo.picture("light", () => [demo.ann, demo.ben]),
        demo.step("The light goes off", () => demo.hands.click(demo.ann, "themeButton"), () => true),
        demo.picture("dark", () => [demo.ann]),
        ...(demo.app.inspected ? demo.inspection() : [])
    ]
}
