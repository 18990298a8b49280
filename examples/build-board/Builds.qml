// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import QtQml.Models
import Dispatch

/// The latest state of each job, as a back end publishes it. Has no looks.
QtObject {
    id: builds

    property url url
    property string project
    property string roomName
    property string userName
    readonly property int maxJobs: 200
    readonly property var states: ["queued", "running", "passed", "failed"]
    /// Rows are job, status, note, commit, seconds, progress, since (by our clock).
    readonly property ListModel jobs: ListModel {}
    /// How many are in each state: {queued: 3...}
    property var counts: ({})

    readonly property DispatchClient client: DispatchClient {
        url: builds.url
        projectId: builds.project
        shardName: builds.roomName
        active: true
        userInfo: ({ "name": builds.userName })
        // What was published before we came: the server replays it first, in order, so that the same
        // few lines show the past and the present.
        history: 500
        allowInsecure: true // for --host in a local network; a server on the Internet has wss://

        EventHandler {
            eventName: "build"
            // Of an event that a back end published there is no sender; anybody else is not believed.
            onTriggered: (build, about) => {
                if (about.senderId === "")
                    builds.show(build, about.serverTime)
            }
        }
    }

    /// \a time is by the server's clock, which need not agree with ours.
    function show(build: var, time: double): void {
        const job = builds.line(build?.job)
        if (job === "" || !builds.states.includes(build.state))
            return
        const offset = builds.client.clockOffset
        const row = {
            "job": job,
            "status": build.state,
            "note": builds.line(build.note),
            "commit": [build.branch, build.commit, build.author].map(builds.line).filter(text => text !== "").join(" · "),
            "seconds": builds.number(build.seconds, 1e6),
            "progress": builds.number(build.progress, 1),
            "since": time - (isNaN(offset) ? 0 : offset)
        }
        let at = 0
        while (at < builds.jobs.count && builds.jobs.get(at).job !== job)
            ++at
        if (at < builds.jobs.count) {
            const before = builds.jobs.get(at)
            // The time that it runs counts from when it began to, not from its last report.
            if (before.status === row.status)
                row.since = before.since
            builds.jobs.set(at, row)
        } else if (at < builds.maxJobs) {
            builds.jobs.append(row)
        }
        builds.count()
    }

    function count(): void {
        const counts = {}
        for (const state of builds.states)
            counts[state] = 0
        for (let i = 0; i < builds.jobs.count; ++i)
            ++counts[builds.jobs.get(i).status]
        builds.counts = counts
    }

    function line(text: var): string {
        return typeof text === "string" ? builds.client.displayText(text, 80) : ""
    }
    function number(value: var, most: double): double {
        return typeof value === "number" && value >= 0 ? Math.min(value, most) : 0
    }
}
