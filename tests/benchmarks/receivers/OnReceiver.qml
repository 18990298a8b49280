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
    Component.onCompleted: {
        client.on("bench", payload => {
            sum += payload.x + payload.body.length;
            ++events;
        });
        client.on("start", () => {
            events = 0;
            bench.start();
        });
        client.on("end", () => bench.end(events, sum));
    }
}
