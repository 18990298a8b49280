// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Reconnect"

    /// The server goes away and comes back at the same address.
    function closeServer() {
        const port = server.port;
        server.close();
        tryCompare(server, "listening", false);
        server.port = port;
    }

    function cleanup() {
        server.listen();
        tryCompare(server, "listening", true);
    }

    function lively(properties) {
        const client = joinedClient(properties);
        client.reconnect.minDelay = 10;
        client.reconnect.maxDelay = 50;
        return client;
    }

    function test_theClientComesBackByItself() {
        const client = lively({ shardName: "home", userInfo: { name: "Ann" } });
        const first = client.clientId;
        const errors = spyOn(client, "errorOccurred");
        const disconnected = spyOn(client, "disconnected");
        const connected = spyOn(client, "connected");
        closeServer();
        tryVerify(() => client.state !== DispatchClient.Connected);
        compare(client.active, true);
        tryCompare(disconnected, "count", 1);
        verify(disconnected.signalArguments[0][0].code !== DispatchError.NoError);
        verify(errors.count >= 1);
        verify(server.listen());
        tryCompare(client, "state", DispatchClient.Connected);
        compare(connected.count, 1);
        compare(client.currentShardName, "home");
        verify(client.clientId !== first);
        tryVerify(() => client.connectedClients.length === 1 && client.connectedClients[0].userInfo.name === "Ann");
        compare(client.error, DispatchError.NoError);
    }

    function test_whileItWaitsItTellsHowLong() {
        const client = joinedClient();
        client.reconnect.minDelay = 60000;
        client.reconnect.maxDelay = 60000;
        closeServer();
        tryCompare(client, "state", DispatchClient.Waiting);
        verify(client.nextRetryIn > 0);
        client.disconnect();
        compare(client.nextRetryIn, 0);
        compare(client.state, DispatchClient.Disconnected);
    }

    function test_whatIsTypedMeanwhileArrivesOnceAndInOrder() {
        const ann = lively({ shardName: "home" });
        const heard = heardBy(ann, "message");
        closeServer();
        tryVerify(() => ann.state !== DispatchClient.Connected);
        const sent = [1, 2, 3, 4, 5];
        sent.forEach(number => compare(ann.emitEvent("message", number), DispatchClient.Queued));
        compare(ann.queuedEvents, 5);
        verify(server.listen());
        tryCompare(heard, "length", 5);
        compare(heard, sent);
        tryCompare(ann, "queuedEvents", 0);
    }

    function test_aLossThatLastsIsTold() {
        const client = lively({ shardName: "home", lossGrace: 1 });
        const lost = spyOn(client, "lostConnection");
        const restored = spyOn(client, "connectionRestored");
        closeServer();
        tryCompare(lost, "count", 1);
        verify(server.listen());
        tryCompare(restored, "count", 1);
        // It is another server, which knows nothing of the session.
        compare(restored.signalArguments[0][0].recovered, false);
        compare(restored.signalArguments[0][0].shardName, "home");
        compare(lost.count, 1);
    }

    function test_noMoreAttemptsThanAllowed() {
        const client = joinedClient();
        client.reconnect.minDelay = 1;
        client.reconnect.maxAttempts = 2;
        const failed = spyOn(client, "failed");
        closeServer();
        tryCompare(client, "state", DispatchClient.Failed);
        compare(failed.count, 1);
        compare(failed.signalArguments[0][0].code, DispatchError.TooManyAttempts);
    }

    function test_rowsAreKeptWhileTheClientRecovers() {
        const ann = lively({ shardName: "home" });
        const bob = lively({ shardName: "home" });
        tryCompare(ann.clients, "count", 2);
        const removed = spyOn(ann.clients, "modelReset");
        closeServer();
        tryVerify(() => ann.state !== DispatchClient.Connected);
        compare(ann.clients.count, 2);
        verify(server.listen());
        tryCompare(ann, "state", DispatchClient.Connected);
        tryCompare(bob, "state", DispatchClient.Connected);
        tryVerify(() => ann.clients.count === 2 && ann.connectedClients.some(one => one.clientId === bob.clientId));
        compare(removed.count, 0);
    }
}
