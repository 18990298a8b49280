// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQml
import QtQml.Models
import Dispatch

/// A client of a server in the app. It tells \c end of each callback, in which everything may end.
QtObject {
    id: scene

    required property var end
    property DispatchServer server: DispatchServer {
        active: true
        onClientJoined: scene.end.at("onClientJoined")
    }
    property DispatchClient other: DispatchClient {
        shardName: "s"
        onConnectedClientsChanged: clients => { if (clients.length === 2) request("x"); }
        Component.onCompleted: onRequest("ask", () => 1)
    }
    property DispatchSharedState otherState: DispatchSharedState { client: scene.other }
    property DispatchClient client: DispatchClient {
        shardName: "s"
        onStateChanged: scene.end.at("onStateChanged")
        onConnected: scene.end.at("onConnected")
        onConnectedClientsChanged: scene.end.at("onConnectedClientsChanged")
        onEventReceived: scene.end.at("onEventReceived")
        EventHandler {
            objectName: "handler"
            eventName: "x"
            onTriggered: scene.end.at("onTriggered")
        }
        EventHandler {
            eventName: "x"
            onTriggered: scene.end.at("another's onTriggered")
        }
    }
    property DispatchSharedState state: DispatchSharedState {
        client: scene.client
        onValueChanged: scene.end.at("onValueChanged")
    }
    property DispatchEventModel events: DispatchEventModel {
        client: scene.client
        eventName: "x"
        onCountChanged: scene.end.at("onCountChanged")
    }
    readonly property Connections people: Connections {
        target: scene.client?.clients ?? null
        function onRowsInserted() { scene.end.at("onRowsInserted"); }
    }
    readonly property Instantiator delegates: Instantiator {
        model: scene.client?.clients ?? null
        delegate: QtObject {
            required property string clientId
            readonly property bool isThere: { scene.end.at("delegate's binding"); return clientId !== ""; }
            Component.onCompleted: scene.end.at("delegate")
        }
    }
    readonly property bool isConnected: told("binding", scene.client?.state === DispatchClient.Connected)
    readonly property bool isShared: told("binding of a value", scene.state?.values.k === 1)

    function told(callback, isTrue) {
        if (isTrue)
            end.at(callback);
        return isTrue;
    }

    function begin() {
        if (end.callback === "tokenProvider")
            client.tokenProvider = () => { end.at("tokenProvider"); return ""; };
        client.on("x", () => end.at("on"));
        client.onRequest("x", () => { end.at("onRequest"); return 1; });
        other.url = client.url = server.url;
        other.active = true;
        otherState.set("k", 1);
        client.info().then(() => end.at("info"));
        client.emitAcknowledged("x", () => 1).catch(() => end.at("catch"));
        client.connect().then(() => end.at("connect"));
        client?.emitEvent("x", 1);
        client?.emitAcknowledged("y").then(() => end.at("emitAcknowledged"));
        client?.request("ask").then(() => end.at("request"));
        state?.set("mine", 2).then(() => end.at("set"));
    }
}
