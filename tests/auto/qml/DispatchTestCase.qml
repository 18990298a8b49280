// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// A server, and clients that end with the test function that made them. Each test function has a
/// project of its own.
TestCase {
    id: testCase

    property alias server: server
    property int projects: 0
    property string projectId

    function init() {
        projectId = name + ++projects;
    }

    function makeClient(properties) {
        const all = { url: server.url, projectId: projectId };
        for (const key in properties)
            all[key] = properties[key];
        return createTemporaryObject(clientComponent, testCase, all);
    }

    /// A client that is in its shard.
    function joinedClient(properties) {
        const client = makeClient(properties);
        client.active = true;
        tryCompare(client, "state", DispatchClient.Connected);
        return client;
    }

    function outcomeOf(promise) {
        return createTemporaryObject(outcomeComponent, testCase).of(promise);
    }

    function spyOn(target, signalName) {
        return createTemporaryObject(spyComponent, testCase, { target: target, signalName: signalName });
    }

    /// The payloads that \a client hears under a name, as they come.
    function heardBy(client, eventName) {
        const heard = [];
        client.on(eventName, (payload, metadata) => heard.push(payload));
        return heard;
    }

    DispatchServer { id: server; active: true; sharedSecret: "the secret of the qml tests, nobody else's" }
    Component { id: clientComponent; DispatchClient {} }
    Component { id: outcomeComponent; Outcome {} }
    Component { id: spyComponent; SignalSpy {} }
}
