// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import QtWebSockets

WebSocket {
    readonly property var tally: ({ events: 0, sum: 0 })
    readonly property var handlers: ({
        bench: payload => {
            tally.sum += payload.x + payload.body.length;
            ++tally.events;
        },
        start: () => {
            tally.events = 0;
            bench.start();
        },
        end: () => bench.end(tally.events, tally.sum)
    })

    url: bench.url + "/"
    active: true
    onTextMessageReceived: message => {
        const event = JSON.parse(message);
        const handler = handlers[event.eventName];
        if (handler)
            handler(event.payload);
    }
}
