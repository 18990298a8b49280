// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import Dispatch

/// What a player says and hears; web/app.js is the same for a browser. Has no looks.
QtObject {
    id: player

    property url url
    property string project
    property string code
    property string userName
    property int round: 0
    property var order: []
    readonly property int place: player.order.findIndex(one => one.clientId === player.client.clientId)
    readonly property bool ready: player.client.state === DispatchClient.Connected && player.round > 0 && player.place < 0

    function buzz(): void {
        // Worth nothing later: the others would have been faster.
        player.client.emitEvent("buzz", {}, { "ifDelayed": DispatchEmitOptions.Drop })
    }

    // Below: how it is done.

    property string hostId

    readonly property DispatchClient client: DispatchClient {
        url: player.url
        projectId: player.project
        shardName: player.code
        active: player.code !== ""
        userInfo: ({ "name": player.userName })
        // The host is on the local network, and has no certificate: ws:// to another machine has to
        // be asked for. All on the way can read and change what is said; for a quiz that will do.
        allowInsecure: true

        onConnected: info => {
            if (!info.recovered)
                player.hostId = ""
        }
        EventHandler {
            eventName: "state"
            onTriggered: (state, about) => {
                // The host speaks to everybody who comes. What others say after that is nothing to us.
                player.hostId = player.hostId || about.senderId
                if (about.senderId !== player.hostId)
                    return
                player.round = Number(state.round) || 0
                player.order = Array.isArray(state.order) ? state.order.slice(0, 99) : []
            }
        }
    }
}
