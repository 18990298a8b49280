// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import ExampleKit

/// The host lets the network in. Then players have to come from outside: the test sends Ann and Ben
/// by a browser, Cem by the program, and Dana, who cheats.
DemoScript {
    id: demo

    property var host
    property var cem

    function names(): string {
        return demo.host.contest.order.map(one => one.name).join()
    }

    limit: 120000
    steps: demo.app.hosts ? demo.hosting : demo.playing

    readonly property var hosting: [
        demo.step("The host opens the contest, to nobody", () => demo.host = demo.app.open(""),
                  () => demo.hands.shows(demo.host, "Nobody else can join yet") && demo.host.contest.client.clientId !== ""),
        demo.picture("alone", () => [demo.host]),
        demo.step("The host lets the network in", () => demo.hands.click(demo.host, "openButton"), () =>
            demo.host.isOpen && demo.hands.shows(demo.host, demo.host.contest.code)
            && demo.hands.shows(demo.host, "Nobody is here yet")),
        demo.picture("open", () => [demo.host]),
        demo.step("", () => demo.hands.print("Join at " + demo.host.page + "/#" + demo.host.contest.code), () => true),
        demo.step("Three players are here", () => {}, () => demo.hands.shows(demo.host, "3 players are here")),
        demo.step("Ann was first, then Cem, then Ben", () => demo.hands.print("Go"), () => demo.names() === "Ann,Cem,Ben"),
        demo.picture("light", () => [demo.host]),
        demo.step("The light goes off", () => demo.hands.click(demo.host, "themeButton"), () => true),
        demo.picture("dark", () => [demo.host]),
        demo.step("Dana comes, too, once the others have seen it", () => {}, () => demo.hands.shows(demo.host, "4 players are here")),
        demo.step("The next round begins", () => demo.hands.click(demo.host, "nextButton"), () =>
            demo.hands.shows(demo.host, "Round 2") && demo.hands.shows(demo.host, "Who will be first?")),
        demo.step("Ben was first", () => demo.hands.print("Go"), () => demo.names() === "Ben"),
        demo.step("All have gone", () => demo.hands.print("Leave"), () => demo.hands.shows(demo.host, "Nobody is here yet")),
        demo.step("The host keeps others out", () => demo.hands.click(demo.host, "closeButton"), () =>
            !demo.host.isOpen && demo.hands.shows(demo.host, "Nobody else can join yet"))
    ]
    /// Cem, whom the test starts beside the browsers.
    readonly property var playing: [
        demo.step("Ready", () => demo.cem = demo.app.open("Cem"), () => demo.cem.player.ready),
        demo.step("", () => {}, () => demo.cem.player.order.length === 1),
        demo.step("Second", () => demo.hands.click(demo.cem, "buzzer"), () =>
            demo.hands.shows(demo.cem, "Place 2") && demo.hands.shows(demo.cem, "Cem (you)")),
        demo.picture("player", () => [demo.cem]),
        demo.step("Another round", () => {}, () => demo.cem.player.round === 2 && demo.cem.player.order.length === 1)
    ]
}
