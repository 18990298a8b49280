// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

/// What each example begins with: a server of its own, unless told of another, and a window for
/// each person.
QtObject {
    id: app

    /// The server to use; empty: our own.
    property string url
    /// What our own server listens on: this machine alone, unless somebody asked for more.
    property string listenAddress: "127.0.0.1"
    property int listenPort: 0
    /// The address of this machine that others can reach; empty unless they may.
    property string publicAddress
    property string project
    property string roomName

    /// A window with the property userName.
    property Component windowComponent

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

    /// Opens a window for somebody.
    function open(name: string): var {
        return app.windowComponent.createObject(app, { "userName": name, "visible": true })
    }
}
