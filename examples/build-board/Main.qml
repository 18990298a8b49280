// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQml
import ExampleKit
import BuildBoard

/// The server is in main.cpp: what it takes for a token is C++. Here is who looks on.
ExampleApp {
    id: app

    property BackEnd backEnd

    windowComponent: Component {
        BoardWindow {
            url: app.url
            project: app.project
            roomName: app.roomName
            backEnd: app.backEnd
        }
    }
}
