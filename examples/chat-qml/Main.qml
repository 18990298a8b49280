// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

/// The application: a server of its own unless told of another, and a window for each person.
QtObject {
    id: app

    /// The server to use; empty: one of our own.
    property string url
    /// What our own server listens on.
    property string listenAddress: "127.0.0.1"
    property int listenPort: 0
    /// The address of this machine that others can reach; empty unless they may.
    property string publicAddress
    property string project: "chat"
    property string roomName: "Lobby"

    readonly property bool hosts: app.url === ""
    readonly property string serverUrl: app.hosts ? String(app.server.url) : app.url
    readonly property string invitation: app.hosts && app.publicAddress !== "" && app.server.listening
                                         ? "ws://" + app.publicAddress + ":" + app.server.port : ""
    readonly property string failure: app.hosts && !app.server.listening ? app.server.errorString : ""

    readonly property DispatchServer server: DispatchServer {
        active: app.hosts
        address: app.listenAddress
        port: app.listenPort
    }

    readonly property Component windowComponent: Component { ChatWindow {} }

    /// Has our own server let go at once of who loses the connection from now on, for the demo.
    function forgetSoon(): void {
        app.server.settings.sessionWindow = 1
    }

    /// Opens a window for somebody; without a name it asks for one. \a url: another way to the server.
    function open(name: string, joinsAtOnce: bool, url: string): var {
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
