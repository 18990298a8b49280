// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// What is written down in QML, without a line of script.
DispatchTestCase {
    id: testCase
    name: "Declarative"

    property var seenWhileMade: []

    function test_groupedPropertiesAreTaken() {
        const client = createTemporaryObject(fullClient, testCase);
        compare(client.reconnect.minDelay, 250);
        compare(client.reconnect.maxDelay, 8000);
        compare(client.reconnect.maxAttempts, 7);
        compare(client.reconnect.minUptime, 1000);
        compare(client.queue.maxMessages, 200);
        compare(client.queue.maxBytes, 1000);
        compare(client.queue.maxAge, 60000);
        compare(client.queue.overflow, DispatchQueuePolicy.DropOldest);
        compare(client.url, "ws://127.0.0.1:9");
        compare(client.projectId, "p");
        compare(client.shardName, "s");
        compare(client.maxConnectionsPerShard, 3);
        compare(client.userInfo, { name: "Ann" });
        compare(client.attemptTimeout, 5000);
        compare(client.connectTimeout, 6000);
        compare(client.active, false);
    }

    property var early: ({})

    /// What is called while the component is made waits for its end; a disconnect() before that
    /// ends it.
    function test_aDisconnectBeforeTheEndOfCreationCancels() {
        early = { changes: 0 };
        const client = createTemporaryObject(hastyClient, testCase);
        verify(early.disconnected);
        compare(client.active, false);
        compare(early.changes, 2);
        tryVerify(() => early.connect && early.info);
        compare(early.connect.code, DispatchError.Cancelled);
        compare(early.info.code, DispatchError.Cancelled);
        compare(client.state, DispatchClient.Disconnected);
    }

    function test_defaults() {
        const client = createTemporaryObject(plainClient, testCase);
        compare(client.state, DispatchClient.Disconnected);
        compare(client.active, false);
        compare(client.maxConnectionsPerShard, 100);
        compare(client.reconnect.minDelay, 500);
        compare(client.reconnect.maxDelay, 20000);
        compare(client.reconnect.maxAttempts, -1);
        compare(client.queue.maxMessages, 1000);
        compare(client.queue.overflow, DispatchQueuePolicy.Reject);
        compare(client.attemptTimeout, 10000);
        compare(client.connectTimeout, 30000);
        compare(client.clientId, "");
        compare(client.currentShardName, "");
        compare(client.connectedClients, []);
        compare(client.clients.count, 0);
        compare(client.pendingEvents.count, 0);
        compare(client.pendingEvents.maxFailed, 100);
        compare(client.latency, -1);
        compare(client.nextRetryIn, 0);
        compare(client.queuedEvents, 0);
        compare(client.error, DispatchError.NoError);
        compare(client.errorString, "");
        compare(client.userInfo, {});
    }

    function test_statesHaveNames() {
        const states = [DispatchClient.Disconnected, DispatchClient.Connecting, DispatchClient.Connected, DispatchClient.Recovering, DispatchClient.Waiting, DispatchClient.Failed];
        compare(states, [0, 1, 2, 3, 4, 5]);
        compare([DispatchClient.Sent, DispatchClient.Queued, DispatchClient.Refused, DispatchClient.Dropped], [0, 1, 2, 3]);
        const fates = [DispatchPendingEventsModel.Queued, DispatchPendingEventsModel.Sending, DispatchPendingEventsModel.Sent, DispatchPendingEventsModel.Failed, DispatchPendingEventsModel.Uncertain];
        compare(fates, [0, 1, 2, 3, 4]);
    }

    function test_errorsAndPoliciesHaveNames() {
        compare(DispatchError.NoError, 0);
        compare(DispatchError.NetworkError, 1);
        for (const name of ["TlsError", "Timeout", "HeartbeatTimeout", "ProtocolError", "ClosedByServer", "InvalidUrl", "InvalidParameters", "Unauthorized",
            "ShardFull", "ServerUnavailable", "TooManyAttempts", "InvalidEventName", "InvalidPayload", "InvalidOptions", "MessageTooBig", "NotConnected", "QueueFull", "Expired",
            "Superseded", "Discarded", "RefusedByServer", "Cancelled"])
            compare(typeof DispatchError[name], "number", name);
        compare(DispatchQueuePolicy.Reject, 0);
        compare(DispatchQueuePolicy.DropOldest, 1);
        compare([DispatchEmitOptions.Queue, DispatchEmitOptions.Drop, DispatchEmitOptions.KeepLatest], [0, 1, 2]);
        compare(typeof DispatchClientsModel.UserInfoRole, "number");
    }

    function test_aRoomWithoutScript() {
        const room = createTemporaryObject(roomComponent, testCase);
        tryCompare(room, "joined", true);
        compare(room.shard, "lobby");
    }

    function test_nothingHappensBeforeTheComponentIsComplete() {
        const page = createTemporaryObject(earlyComponent, testCase, { url: server.url });
        compare(seenWhileMade[0], { active: true, state: DispatchClient.Disconnected });
        tryCompare(page, "state", DispatchClient.Connected);
        tryCompare(page, "promised", page.clientId);
    }

    function test_theWishFollowsABinding() {
        const page = createTemporaryObject(boundComponent, testCase);
        compare(page.state, DispatchClient.Disconnected);
        page.wanted = true;
        tryCompare(page, "state", DispatchClient.Connected);
        page.wanted = false;
        tryCompare(page, "state", DispatchClient.Disconnected);
    }

    Component { id: plainClient; DispatchClient {} }
    Component {
        id: fullClient
        DispatchClient {
            url: "ws://127.0.0.1:9"
            projectId: "p"
            shardName: "s"
            maxConnectionsPerShard: 3
            userInfo: ({ name: "Ann" })
            attemptTimeout: 5000
            connectTimeout: 6000
            reconnect { minDelay: 250; maxDelay: 8000; maxAttempts: 7; minUptime: 1000 }
            queue { maxMessages: 200; maxBytes: 1000; maxAge: 60000; overflow: DispatchQueuePolicy.DropOldest }
        }
    }
    Component {
        id: roomComponent
        Item {
            property bool joined: false
            property string shard
            DispatchServer { id: host; active: true }
            DispatchClient {
                url: host.url
                active: host.listening
                shardName: "lobby"
                onConnected: info => { shard = info.shardName; joined = true; }
            }
        }
    }
    Component {
        id: earlyComponent
        DispatchClient {
            id: early
            property string promised
            // A binding is read while the component is made; what it asks for waits.
            property bool asked: {
                testCase.seenWhileMade.push({ active: active, state: state });
                connect({ shardName: "early" }).then(info => { early.promised = info.clientId; });
                return true;
            }
            active: true
        }
    }
    Component {
        id: boundComponent
        DispatchClient {
            property bool wanted: false
            url: testCase.server.url
            active: wanted
        }
    }
    Component {
        id: hastyClient
        DispatchClient {
            id: hasty
            url: server.url
            onActiveChanged: ++testCase.early.changes
            property bool asked: {
                hasty.active = true;
                hasty.connect().then(() => testCase.early.connect = {}, error => testCase.early.connect = error);
                hasty.info().then(() => testCase.early.info = {}, error => testCase.early.info = error);
                hasty.disconnect();
                testCase.early.disconnected = true;
                return true;
            }
        }
    }
}
