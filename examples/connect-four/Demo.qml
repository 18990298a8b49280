// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import ExampleKit

/// Ann and Ben play; Cem, who is the third, gets a table of his own.
DemoScript {
    id: demo

    property var ann
    property var ben
    property var cem
    property var dana

    /// The one of the two whose id comes first begins.
    function player(number: int): var {
        return demo.ann.game.players[number] === demo.ann.game.self ? demo.ann : demo.ben
    }
    function agree(): bool {
        return JSON.stringify(demo.ann.game.state.board) === JSON.stringify(demo.ben.game.state.board)
    }
    function moves(): int {
        return demo.ann.game.state.board.reduce((sum, column) => sum + column.length, 0)
    }
    function drop(number: int, column: int): var {
        let before = 0
        return demo.step("", () => {
            before = demo.moves()
            demo.hands.click(demo.player(number), "column" + column)
        }, () => demo.moves() === before + 1 && demo.agree())
    }
    /// In turns.
    function dropAll(columns: var): var {
        return columns.map((column, i) => demo.drop(i % 2, column))
    }

    steps: [
        demo.step("Ann sits down, and waits", () => demo.ann = demo.app.open("Ann"), () =>
            demo.hands.shows(demo.ann, "Waiting for somebody to play with…")
            && demo.ann.game.client.connectedClients[0]?.userInfo.name === "Ann"),
        demo.picture("waiting", () => [demo.ann]),
        demo.step("Ben comes to the same table", () => demo.ben = demo.app.open("Ben"), () =>
            demo.ann.game.complete && demo.ben.game.complete
            && demo.ann.game.opponentName === "Ben" && demo.ben.game.opponentName === "Ann"),
        demo.step("Cem, who is the third, comes to another one", () => demo.cem = demo.app.open("Cem"), () =>
            demo.hands.shows(demo.cem, "Waiting for somebody to play with…")
            && demo.cem.game.client.currentShardName !== ""
            && demo.cem.game.client.currentShardName !== demo.ann.game.client.currentShardName),
        demo.step("Who is not on turn can't move", () => demo.hands.click(demo.player(1), "column0"), () =>
            demo.moves() === 0),
        ...demo.dropAll([2, 4, 3, 3, 3, 4, 3, 3, 3, 4, 2, 5, 4, 0, 0, 4, 4, 0]),
        demo.step("They have played", () => {}, () => demo.moves() === 18),
        demo.picture("playing", () => [demo.player(0), demo.player(1)]),
        demo.drop(0, 1),
        demo.step("Four in a row", () => {}, () => demo.hands.shows(demo.player(0), "You win!")
            && demo.hands.shows(demo.player(1), demo.player(1).game.opponentName + " wins")),
        demo.picture("light", () => [demo.player(0), demo.player(1)]),
        demo.step("The light goes off", () => demo.hands.click(demo.ann, "themeButton"), () => true),
        demo.picture("dark", () => [demo.ann]),
        demo.step("They play again, and the other one begins", () => demo.hands.click(demo.ann, "againButton"), () =>
            demo.moves() === 0 && demo.agree() && demo.player(1).game.ownTurn),
        demo.drop(1, 3),
        demo.step("Ben leaves; Ann waits for somebody else", () => demo.ben.destroy(), () =>
            demo.hands.shows(demo.ann, "Waiting for somebody to play with…")),
        demo.step("Dana comes, and has somebody to play with", () => demo.dana = demo.app.open("Dana"), () =>
            demo.dana.game.complete && demo.dana.game.state.board.every(column => column.length === 0))
    ]
}
