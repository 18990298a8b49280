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

    function test_groupedPropertiesFollowTheirBindings() {
        const page = createTemporaryObject(groupsComponent, testCase, { url: server.url, projectId: projectId, active: true });
        tryCompare(page, "state", DispatchClient.Connected);
        const policies = spyOn(page, "reconnectPolicyChanged");
        const queues = spyOn(page, "queuePolicyChanged");
        page.least = 300;
        compare([page.reconnect.minDelay, page.reconnect.maxDelay, page.reconnect.minUptime], [300, 3000, 1000]);
        compare(policies.count, 2);
        page.many = 7;
        compare([page.queue.maxMessages, page.queue.maxAge, page.queue.overflow], [7, 60000, DispatchQueuePolicy.DropOldest]);
        compare(queues.count, 1);
        compare(page.state, DispatchClient.Connected);
    }

    /// Without braces it is the same; what is set by script ends one binding, and only that.
    function test_oneOfAGroupIsSetByItself() {
        const page = createTemporaryObject(dottedComponent, testCase);
        compare([page.reconnect.minDelay, page.queue.maxMessages, page.requests.timeout, page.incomingLimits.maxTurnTime], [100, 5, 50, 4]);
        page.reconnect.minDelay = 70;
        const policy = page.reconnect;
        policy.maxAttempts = 3;
        page.queue.overflow = DispatchQueuePolicy.DropOldest;
        page.many = 6;
        compare([page.reconnect.minDelay, page.reconnect.maxAttempts, page.reconnect.maxDelay], [70, 3, 20000]);
        compare([page.queue.maxMessages, page.queue.overflow], [6, DispatchQueuePolicy.DropOldest]);
        page.least = 200;
        compare(page.reconnect.minDelay, 70);
    }

    function test_changesOfOneTurnAreOneMove() {
        const ann = joinedClient({ shardName: "a", userInfo: { name: "Ann" } });
        const bob = joinedClient({ shardName: "b" });
        const connected = spyOn(ann, "connected");
        ann.shardName = "c";
        ann.maxConnectionsPerShard = 3;
        ann.userInfo = { name: "Anna" };
        ann.shardName = "b";
        tryCompare(ann, "currentShardName", "b");
        tryVerify(() => bob.connectedClients.some(one => one.userInfo.name === "Anna"));
        compare(connected.count, 1);
        // What is taken back in the same turn moves nobody.
        ann.shardName = "a";
        ann.shardName = "b";
        ann.emitEvent("mark");
        const heard = heardBy(bob, "mark");
        tryCompare(heard, "length", 1);
        compare(connected.count, 1);
    }

    function test_anotherUrlMovesTheClient() {
        const other = createTemporaryObject(serverComponent, testCase);
        tryCompare(other, "listening", true);
        const ann = joinedClient({ shardName: "a", userInfo: { name: "Ann" } });
        const bob = makeClient({ url: other.url, shardName: "a" });
        bob.active = true;
        tryCompare(bob, "state", DispatchClient.Connected);
        const connected = spyOn(ann, "connected");
        ann.url = other.url;
        tryVerify(() => bob.connectedClients.some(one => one.userInfo.name === "Ann"));
        compare(connected.count, 1);
        compare(ann.currentShardName, "a");
        compare(server.statistics().connections, 0);
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
    Component { id: serverComponent; DispatchServer { active: true } }
    Component {
        id: groupsComponent
        DispatchClient {
            property int least: 100
            property int many: 5
            reconnect { minDelay: least; maxDelay: least * 10; minUptime: 1000 }
            queue { maxMessages: many; maxAge: 60000; overflow: DispatchQueuePolicy.DropOldest }
        }
    }
    Component {
        id: dottedComponent
        DispatchClient {
            property int least: 100
            property int many: 5
            reconnect.minDelay: least
            queue.maxMessages: many
            requests.timeout: 50
            incomingLimits.maxTurnTime: 4
        }
    }
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
