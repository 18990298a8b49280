// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import QtWebSockets

WebSocket {
    id: socket

    property real events: 0
    property real sum: 0
    readonly property var handlers: ({
        bench: payload => {
            socket.sum += payload.x + payload.body.length;
            ++socket.events;
        },
        start: () => {
            socket.events = 0;
            bench.start();
        },
        end: () => bench.end(socket.events, socket.sum)
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
