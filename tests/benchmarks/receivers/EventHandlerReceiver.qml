// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

DispatchClient {
    id: client

    property real events: 0
    property real sum: 0

    url: bench.url
    active: true

    EventHandler {
        eventName: "bench"
        onTriggered: payload => {
            client.sum += payload.x + payload.body.length;
            ++client.events;
        }
    }
    EventHandler {
        eventName: "start"
        onTriggered: {
            client.events = 0;
            bench.start();
        }
    }
    EventHandler {
        eventName: "end"
        onTriggered: bench.end(client.events, client.sum)
    }
}
