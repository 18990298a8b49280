// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQml
import ExampleKit

/// A server of our own, unless --url names another, and a seat for each player.
ExampleApp {
    id: app

    windowComponent: Component {
        GameWindow {
            url: app.serverUrl
            project: app.project
            table: app.roomName
        }
    }
}
