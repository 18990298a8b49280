// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQml
import ExampleKit

/// A server of our own, unless --url names another, and a ballot for each person.
ExampleApp {
    id: app

    // Newcomers may ask for the votes that were cast before they came. That is for the server to
    // allow; dispatchd has max_history for it.
    server.settings.maxHistory: 1000

    windowComponent: Component {
        PollWindow {
            url: app.serverUrl
            project: app.project
            roomName: app.roomName
        }
    }
}
