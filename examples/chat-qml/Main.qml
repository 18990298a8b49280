// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import ExampleKit

/// The application: a server of its own unless told of another, and a window for each person.
ExampleApp {
    id: app

    windowComponent: Component { ChatWindow {} }

    /// Has our own server let go at once of who loses the connection from now on, for the demo.
    function forgetSoon(): void {
        app.server.settings.sessionWindow = 1
    }

    /// Opens a window for somebody; without a name it asks for one. \a url: another way to the server.
    function openFor(name: string, joinsAtOnce: bool, url: string): var {
        return app.windowComponent.createObject(app, {
            "url": url !== "" ? url : app.serverUrl,
            "project": app.project,
            "userName": name,
            "roomName": app.roomName,
            "address": app.invitation,
            "joinsAtOnce": joinsAtOnce,
            "visible": true
        })
    }
}
