// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

DispatchClient {
    readonly property var tally: ({ events: 0, sum: 0 })

    url: bench.url
    active: true

    EventHandler {
        eventName: "bench"
        onTriggered: payload => {
            tally.sum += payload.x + payload.body.length;
            ++tally.events;
        }
    }
    EventHandler {
        eventName: "start"
        onTriggered: {
            tally.events = 0;
            bench.start();
        }
    }
    EventHandler {
        eventName: "end"
        onTriggered: bench.end(tally.events, tally.sum)
    }
}
