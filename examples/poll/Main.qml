// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQml
import ExampleKit

/// A server of our own, unless --url names another, and a ballot for each person.
ExampleApp {
    id: app

    /// Whether windows have an inspector.
    property bool inspected: false

    windowComponent: Component {
        PollWindow {
            inspected: app.inspected
            url: app.serverUrl
            project: app.project
            roomName: app.roomName
        }
    }
}
