// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import ExampleKit

/// A screen is empty, a back end publishes a build, and a second screen that comes late has it, too.
DemoScript {
    id: demo

    property var wall
    property var late
    property bool taken: false

    function rows(window: var): var {
        const jobs = window.builds.jobs
        return Array.from({ length: jobs.count }, (_, i) => jobs.get(i).job + " " + jobs.get(i).status)
    }
    readonly property var expected: [
        "linux-gcc passed", "linux-clang passed", "windows-msvc running", "macos-arm64 running",
        "unit-tests failed", "lint passed", "documentation passed", "packages queued",
        "release queued"
    ]

    steps: [
        demo.step("The screen is there, and nothing is on it", () => demo.wall = demo.app.open("Wall"), () =>
            demo.wall.builds.client.connectedClients[0]?.userInfo.name === "Wall" && demo.hands.shows(demo.wall, "Waiting for a build")),
        demo.picture("empty", () => [demo.wall]),
        demo.step("A back end publishes a build by HTTP", () => demo.app.backEnd.play(3), () =>
            demo.app.backEnd.errorString !== "" || demo.rows(demo.wall).join() === demo.expected.join()
            && demo.hands.shows(demo.wall, "1 failed · 4 passed · 2 running · 2 queued")),
        demo.step("It has said all", () => {}, () =>
            !demo.app.backEnd.running && demo.app.backEnd.errorString === ""),
        demo.step("A screen that comes late has it, too", () => demo.late = demo.app.open("Late"), () =>
            demo.rows(demo.late).join() === demo.expected.join()),
        demo.step("It emits a build itself", () => {
            demo.late.builds.client.emitAcknowledged("build", { "job": "lint", "state": "failed" })
                .then(() => demo.taken = true)
        }, () => demo.taken),
        demo.step("That is not believed", () => {}, () => demo.rows(demo.late).join() === demo.expected.join()),
        demo.step("The late one goes", () => demo.late.destroy(), () => demo.wall.builds.client.clients.count === 1),
        demo.picture("light", () => [demo.wall]),
        demo.step("The light goes off", () => demo.hands.click(demo.wall, "themeButton"), () => true),
        demo.picture("dark", () => [demo.wall])
    ]
}
