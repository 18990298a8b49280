// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

DispatchClient {
    id: client

    readonly property var tally: ({ events: 0, sum: 0 })

    url: bench.url
    active: true
    Component.onCompleted: {
        client.on("bench", payload => {
            tally.sum += payload.x + payload.body.length;
            ++tally.events;
        });
        client.on("start", () => {
            tally.events = 0;
            bench.start();
        });
        client.on("end", () => bench.end(tally.events, tally.sum));
    }
}
