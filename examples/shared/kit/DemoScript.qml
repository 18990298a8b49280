// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml

/// A play with real windows, for tests and pictures: each step does something, and the next one
/// waits until what it leads to can be seen.
QtObject {
    id: script

    /// The ExampleApp.
    property var app
    /// See hands.h.
    property var hands
    /// What step() and picture() give, in order.
    property var steps: []
    /// How long one may take, in ms.
    property int limit: 60000
    /// How long a picture waits for things that move to come to rest, in ms.
    property int patience: 2000

    function step(what: string, act: var, isSeen: var): var {
        return { "what": what, "act": act, "isSeen": isSeen }
    }

    /// \a windows gives an array of them.
    function picture(name: string, windows: var): var {
        return { "what": "", "act": () => {}, "isSeen": () =>
            script.hands.takePicture(windows(), name, Date.now() - script.since > script.patience) }
    }

    // Below: how it is done.

    property int at: -1
    property double since: 0

    readonly property Timer look: Timer {
        interval: 16
        repeat: true
        running: true
        onTriggered: script.goOn()
    }

    function goOn(): void {
        const step = script.steps[script.at]
        if (step && !step.isSeen()) {
            if (Date.now() - script.since > script.limit)
                script.end("Not seen within " + script.limit / 1000 + " s: " + step.what)
            return
        }
        if (step && step.what !== "")
            script.hands.print(step.what)
        if (++script.at === script.steps.length)
            return script.end("")
        script.since = Date.now()
        script.steps[script.at].act()
    }

    function end(failure: string): void {
        script.look.stop()
        if (failure === "")
            script.hands.print("All was seen.")
        else
            script.hands.complain(failure)
        Qt.exit(failure === "" ? 0 : 1)
    }
}
