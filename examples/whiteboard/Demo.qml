// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import ExampleKit

/// Ann and Ben draw on one board; Cem comes later, and has all of it.
DemoScript {
    id: demo

    property var ann
    property var ben
    property var cem
    /// How often Ben was told of Ann's pointer while she drew.
    property int heard: 0
    property double began: 0
    /// Where Ann sees Ben's pointer.
    property real benAt: 0

    /// Draws along \a path, which gives a point of the board for 0 to 1, a little in each frame.
    function draw(what: string, who: var, colour: int, pen: int, frames: int, path: var): var {
        let frame = -1
        const at = () => {
            const point = path(Math.max(0, frame) / frames)
            const paper = who().paper
            return paper.mapToItem(null, point[0] * paper.unit, point[1] * paper.unit)
        }
        let before = 0
        return demo.step(what, () => {
            before = who().board.strokes.length
            demo.hands.click(who(), "colour" + colour)
            demo.hands.click(who(), "pen" + pen)
            demo.hands.moveTo(who(), at().x, at().y, false)
            demo.hands.press(who(), at().x, at().y)
        }, () => {
            if (++frame <= frames)
                demo.hands.moveTo(who(), at().x, at().y, true)
            if (frame === frames)
                demo.hands.release(who(), at().x, at().y)
            return frame > frames && demo.ann.board.strokes.length > before
                && demo.ben.board.strokes.length === demo.ann.board.strokes.length
        })
    }

    function circle(x: real, y: real, radius: real): var {
        return t => [x + radius * Math.cos(2 * Math.PI * t), y + radius * Math.sin(2 * Math.PI * t)]
    }
    function line(...corners): var {
        return t => {
            const leg = Math.min(Math.floor(t * (corners.length - 1)), corners.length - 2)
            const part = t * (corners.length - 1) - leg
            return [0, 1].map(i => corners[leg][i] + part * (corners[leg + 1][i] - corners[leg][i]))
        }
    }

    readonly property Connections counting: Connections {
        target: demo.ben ? demo.ben.board : null
        function onPointed(clientId: string): void { ++demo.heard }
    }
    readonly property Connections looking: Connections {
        target: demo.ann ? demo.ann.board : null
        function onPointed(clientId: string, x: real, y: real): void { demo.benAt = x }
    }

    steps: [
        demo.step("Ann opens the board, which is empty", () => demo.ann = demo.app.open("Ann"),
                  () => demo.hands.shows(demo.ann, "Draw something")
                      && demo.ann.board.client.connectedClients[0]?.userInfo.name === "Ann"),
        demo.picture("empty", () => [demo.ann]),
        demo.step("Ben comes, too", () => demo.ben = demo.app.open("Ben"),
                  () => demo.ben.board.online && demo.ann.board.client.clients.count === 2),
        demo.step("", () => { demo.heard = 0; demo.began = Date.now() }, () => true),
        demo.draw("Ann draws hills", () => demo.ann, 3, 1, 60,
                  t => [80 + 1440 * t, 770 - 40 * Math.sin(t * 7)]),
        demo.step("Ben saw her pointer while she drew", () => {
            const seconds = (Date.now() - demo.began) / 1000
            demo.hands.print("  " + demo.heard + " times in " + seconds.toFixed(1) + " s")
        }, () => demo.heard > 10),
        demo.draw("Ben draws the sun", () => demo.ben, 2, 1, 36, demo.circle(1270, 230, 105)),
        ...Array.from({ length: 8 }, (_, i) => {
            const ray = r => [1270 + r * Math.cos(i * Math.PI / 4), 230 + r * Math.sin(i * Math.PI / 4)]
            return demo.draw("and its ray " + (i + 1), () => demo.ben, 2, 1, 6, demo.line(ray(145), ray(195)))
        }),
        demo.draw("Ann draws a house", () => demo.ann, 0, 1, 30,
                  demo.line([330, 740], [330, 480], [600, 480], [600, 745])),
        demo.draw("its roof", () => demo.ann, 1, 2, 20, demo.line([280, 485], [465, 310], [650, 485])),
        demo.draw("its door", () => demo.ann, 5, 1, 18, demo.line([420, 735], [420, 590], [505, 590], [505, 735])),
        demo.draw("Ben draws a tree", () => demo.ben, 3, 2, 64,
                  t => [950 + (105 + 14 * Math.sin(16 * Math.PI * t)) * Math.cos(2 * Math.PI * t),
                        460 + (105 + 14 * Math.sin(16 * Math.PI * t)) * Math.sin(2 * Math.PI * t)]),
        demo.draw("its trunk", () => demo.ben, 2, 2, 10, demo.line([950, 585], [955, 795])),
        demo.draw("Ann draws a bird", () => demo.ann, 4, 0, 20,
                  t => [640 + 130 * t, 190 - 42 * Math.abs(Math.sin(2 * Math.PI * t))]),
        demo.draw("and another one", () => demo.ann, 4, 0, 20,
                  t => [800 + 90 * t, 270 - 30 * Math.abs(Math.sin(2 * Math.PI * t))]),
        demo.step("Cem comes late, and has all of it", () => demo.cem = demo.app.open("Cem"), () =>
            demo.ann.board.strokes.length > 0
            && JSON.stringify(demo.cem.board.strokes) === JSON.stringify(demo.ann.board.strokes)),
        demo.step("Cem goes", () => demo.cem.destroy(), () => demo.ann.board.client.clients.count === 2),
        demo.step("Ben takes another colour", () => demo.hands.click(demo.ben, "colour1"), () =>
            demo.ann.board.client.connectedClients.some(client => client.userInfo.colour === 1)),
        demo.step("Both point", () => {
            const point = (who, x, y) => {
                const at = who.paper.mapToItem(null, x * who.paper.unit, y * who.paper.unit)
                demo.hands.moveTo(who, at.x, at.y, false)
            }
            point(demo.ann, 700, 560)
            point(demo.ben, 1180, 500)
        }, () => Math.round(demo.benAt) === 1180),
        demo.picture("light", () => [demo.ann, demo.ben]),
        demo.step("Ann turns the light off", () => demo.hands.click(demo.ann, "themeButton"), () => true),
        demo.picture("dark", () => [demo.ann]),
        demo.step("Ben clears the board, for both", () => demo.hands.click(demo.ben, "clearButton"),
                  () => demo.ann.board.blank && demo.ben.board.blank)
    ]
}
