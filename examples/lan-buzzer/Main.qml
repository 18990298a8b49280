// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

pragma ComponentBehavior: Bound

import QtQml
import ExampleKit

/// Without --url we are the host, and who gives one is a player. The server lets nobody else in until
/// the host asks for it.
ExampleApp {
    id: app

    /// Of this machine, where others in the network find it.
    property string networkAddress: "127.0.0.1"

    server.webFolder: Qt.resolvedUrl("web")
    windowComponent: app.hosts ? app.hostComponent : app.playerComponent

    readonly property Component hostComponent: Component {
        HostWindow {
            server: app.server
            project: app.project
            networkAddress: app.publicAddress || app.networkAddress
        }
    }
    readonly property Component playerComponent: Component {
        PlayerWindow {
            url: app.url
            project: app.project
            code: app.roomName
        }
    }
}
