// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import Dispatch

/// The whole surface of the module, for qmllint: what it does not know here, tools do not know.
Item {
    id: root

    property int total: 0
    property string text
    property var undo

    DispatchServer {
        id: server
        active: true
        address: "127.0.0.1"
        port: 0
        sharedSecret: "a secret of the 32 bytes that it needs"
        certificateFile: "file:fullchain.pem"
        keyFile: Qt.resolvedUrl("privkey.pem")
        settings { threads: 1; maxConnections: 10; requireProjectId: true }
        onListeningChanged: root.text = server.url + server.port + server.listening
        onErrorOccurred: message => root.text = message + server.errorString
        onClientJoined: (projectId, shardName, clientId) => root.text = projectId + shardName + clientId
        onClientLeft: (projectId, shardName, clientId, reason) => root.text = reason
        Component.onCompleted: {
            if (server.listen())
                root.total = server.statistics().connections;
        }
    }

    DispatchClient {
        id: client
        url: server.url
        active: server.listening
        projectId: "demo"
        shardName: "lobby"
        maxConnectionsPerShard: 2
        userInfo: ({ name: "Ann" })
        attemptTimeout: 1000
        connectTimeout: 2000
        lossGrace: 1500
        onLossGraceChanged: root.total = client.lossGrace
        onLostConnection: root.text = "back in " + client.nextRetryIn
        onConnectionRestored: info => root.text = info.recovered ? info.epoch + info.sequence : "gap"
        tokenProvider: () => Promise.resolve("token")
        tokenTimeout: 3000
        onTokenProviderChanged: root.text = typeof client.tokenProvider
        proxy: "http://127.0.0.1:3128"
        allowInsecure: false
        caFile: "qrc:/ca.pem"
        baseProfileOnly: false
        history: 50
        onHistoryChanged: root.total = client.history
        networkHints: false
        incomingLimits { maxMessageSize: 1000000; maxFrameSize: 100000; maxFragments: 100; maxUnsentBytes: 100000; maxConnectedClients: 100; maxStateBytes: 100000; maxTurnTime: 4 }
        reconnect { minDelay: 500; maxDelay: 2000; maxAttempts: -1; minUptime: 1000 }
        requests { timeout: 5000; maxPending: 100 }
        onRequestPolicyChanged: root.total = client.requests.timeout
        queue { maxMessages: 200; maxBytes: 1000; maxAge: 60000; maxInFlight: 10; overflow: DispatchQueuePolicy.DropOldest }
        onConnected: info => root.text = info.extended ? info.clientId : client.displayText(info.clientId, 100) + info.shardName + client.currentShardName + client.clientId
        onDisconnected: error => root.text = error.message
        onFailed: error => root.text = error.code === DispatchError.ShardFull ? error.reason : error.message
        onErrorOccurred: error => root.text = error.retryable ? error.message : client.errorString
        onErrorChanged: root.total = client.error
        onEventReceived: (eventName, payload, metadata) => root.total = metadata.latencyMs
        onEventDropped: (eventName, payload, error) => root.text = eventName + error.message
        onEventUncertain: (eventName, payload, error) => root.text = eventName + error.message
        onConnectedClientsStaleChanged: root.total = client.connectedClientsStale ? client.users.count : 0
        onConnectedClientsChanged: clients => root.total = clients.length
        onStateChanged: state => root.text = state === DispatchClient.Waiting ? "in " + client.nextRetryIn : ""
        onClockOffsetChanged: root.total = Date.now() + client.clockOffset
        onLatencyChanged: root.total = client.latency
        onQueuedEventsChanged: root.total = client.queuedEvents

        clients { selfFirst: true; userInfoRoles: ({ name: "", score: 0 }) }

        DispatchEventModel {
            id: messages
            eventName: "message"
            limit: 200
            clearOnMove: false
            onCountChanged: root.total = messages.count
        }
        EventHandler {
            eventName: "typing"
            enabled: client.state === DispatchClient.Connected
            onTriggered: (payload, metadata) => root.text = metadata.own ? metadata.senderUserId : metadata.senderId + payload.name
        }

        Component.onCompleted: {
            client.connect().then(info => root.text = info.shardName);
            client.connect({ shardName: "a", maxConnectionsPerShard: "2", authorization: "b" });
            client.info().then(shards => root.total = shards.length);
            root.undo = client.on("x", (payload, metadata) => root.total = metadata.latencyMs);
            client.on("x", payload => root.total = payload.total, root);
            if (client.emitEvent("x") === DispatchClient.Refused)
                root.total = client.emitEvent("x", { a: 1 });
            client.emitEvent("x", [1], [client.clientId]);
            if (client.emitEvent("x", 1, { recipients: [client.clientId], ifDelayed: DispatchEmitOptions.KeepLatest, key: "k", maxAge: 1000, tag: "t" }) === DispatchClient.Dropped)
                root.total = client.emitEvent("x", 1, { ifDelayed: DispatchEmitOptions.Drop });
            client.emitAcknowledged("x", { a: 1 }).then(ack => root.total = ack.sequence, error => root.text = error.code === DispatchError.FateUnknown ? "?" : error.reason);
            client.emitAcknowledged("x", 1, [client.clientId]);
            client.request("roll", { sides: 6 }).then(reply => root.text = reply.metadata.senderId + reply.payload.value, error => root.text = error.code === DispatchError.NoReply ? "?" : error.message);
            client.request("roll", { sides: 6 }, { timeout: 2000, recipients: [client.clientId] });
            root.undo = client.onRequest("roll", (payload, metadata) => metadata.own ? undefined : { value: payload.sides });
            client.onRequest("roll", () => Promise.resolve(1), root);
            client.pendingEvents.maxFailed = 10;
            if (!client.pendingEvents.retry(1) && client.pendingEvents.dismiss(1))
                root.total = client.pendingEvents.count;
            if (messages.retry(1) || messages.remove(1))
                messages.clear();
            client.identify("token");
            client.setProjectId("p");
            client.setUserInfo({ name: "Bob" });
            client.disconnect();
        }
    }

    EventHandler {
        client: client
        eventName: "message"
    }

    DispatchSharedState {
        id: room
        client: client
        onAvailableChanged: root.total = room.available ? room.count : 0
        onValueChanged: (key, value, metadata) => root.text = key + value + metadata.senderId
        onChangeFailed: (key, error) => root.text = key + error.reason
        Component.onCompleted: {
            room.set("turn", { by: "x" }, { ttl: 5000, owned: true, coalesced: false }).then(ack => root.total = ack.sequence);
            room.set("board", 1, { ifSequence: room.metadata("board").sequence });
            room.remove("turn");
            root.text = room.contains("a") ? room.value("a") + room.ownerId("a") : room.keys().join();
            root.text = room.values["turn"];
        }
    }

    ListView {
        model: room
        delegate: Text {
            required property string key
            required property var value
            required property string ownerId
            required property string senderId
            required property string senderUserId
            required property double sequence
            required property double expiresAt
            required property bool pending
            textFormat: Text.PlainText
            opacity: pending ? 0.5 : 1
            text: key + value + ownerId + senderId + senderUserId + sequence + expiresAt
        }
    }

    Text { textFormat: Text.PlainText; text: client.clients.count }

    DispatchEventModel {
        client: client
        eventName: "message"
    }

    ListView {
        model: messages
        delegate: Text {
            required property double eventId
            required property var payload
            required property int status
            required property bool pending
            required property bool own
            required property var error
            required property string errorString
            required property string tag
            required property date time
            required property string shardName
            required property string senderId
            required property string senderUserId
            required property double serverTime
            required property double sequence
            required property bool replayed
            textFormat: Text.PlainText
            opacity: pending ? 0.5 : 1
            text: status === DispatchEventModel.Failed ? errorString + error.code + eventId : payload.body + time + shardName + senderUserId
        }
    }

    ListView {
        model: client.pendingEvents
        delegate: Text {
            required property double eventId
            required property string eventName
            required property var payload
            required property string tag
            required property int status
            required property var error
            required property date time
            textFormat: Text.PlainText
            text: status === DispatchPendingEventsModel.Failed ? error.message : eventName + payload + tag + time
        }
    }

    ListView {
        model: client.clients
        delegate: Text {
            required property string clientId
            required property string userId
            required property var userInfo
            required property date lastPing
            required property bool isSelf
            required property bool stale
            required property string info_name
            required property double info_score
            textFormat: Text.PlainText
            opacity: stale ? 0.5 : 1
            text: isSelf ? clientId : userId + userInfo.name + lastPing + info_name + info_score
        }
    }

    ListView {
        model: client.users
        delegate: Text {
            required property string userId
            required property int connections
            required property string clientId
            required property var userInfo
            required property bool isSelf
            required property bool stale
            textFormat: Text.PlainText
            opacity: stale ? 0.5 : 1
            text: (isSelf ? "you" : userId + clientId + userInfo.name) + " x " + connections
        }
    }
}
