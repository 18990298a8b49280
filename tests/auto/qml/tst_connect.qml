// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Connect"

    function connected(client, config) {
        const outcome = outcomeOf(client.connect(config));
        tryVerify(() => outcome.done);
        verify(outcome.fulfilled, JSON.stringify(outcome.error));
        return outcome.value;
    }

    function rejected(promise) {
        const outcome = outcomeOf(promise);
        tryVerify(() => outcome.done);
        verify(!outcome.fulfilled);
        return outcome.error;
    }

    function test_connectPromisesIdAndShard() {
        const client = makeClient();
        const info = connected(client, undefined);
        verify(/^[0-9a-f-]{36}$/.test(info.clientId));
        verify(info.shardName.length > 0);
        compare(info.clientId, client.clientId);
        compare(info.shardName, client.currentShardName);
        compare(client.state, DispatchClient.Connected);
        compare(client.active, true);
    }

    function test_theServersClockIsKnown() {
        const client = makeClient();
        verify(isNaN(client.clockOffset));
        const changes = spyOn(client, "clockOffsetChanged");
        connected(client, undefined);
        tryVerify(() => changes.count > 0);
        verify(Math.abs(client.clockOffset) < 60000);
    }

    function test_connectWithoutArguments() {
        const outcome = outcomeOf(makeClient().connect());
        tryVerify(() => outcome.fulfilled);
    }

    function test_connectGivesARealPromise() {
        verify(makeClient().connect() instanceof Promise);
    }

    function test_theNamedShardIsJoined() {
        compare(connected(makeClient(), { shardName: "the lobby" }).shardName, "the lobby");
    }

    function test_theThirdOverflowsALimitOfTwo_data() {
        return [{ tag: "number", limit: 2 }, { tag: "text", limit: "2" }];
    }
    function test_theThirdOverflowsALimitOfTwo(data) {
        const shards = [1, 2, 3].map(() => connected(makeClient(), { maxConnectionsPerShard: data.limit }).shardName);
        compare(shards[1], shards[0]);
        verify(shards[2] !== shards[0]);
    }

    function test_theOptionsBecomeProperties() {
        const client = makeClient();
        connected(client, { shardName: "here", maxConnectionsPerShard: "7" });
        compare(client.shardName, "here");
        compare(client.maxConnectionsPerShard, 7);
    }

    function test_aFullShardRejects() {
        connected(makeClient(), { shardName: "small", maxConnectionsPerShard: 1 });
        const client = makeClient();
        const failed = spyOn(client, "failed");
        const error = rejected(client.connect({ shardName: "small", maxConnectionsPerShard: 1 }));
        compare(error.code, DispatchError.ShardFull);
        compare(error.reason, "shard_full");
        verify(error.message.length > 0);
        compare(typeof error.retryable, "boolean");
        tryCompare(client, "state", DispatchClient.Failed);
        compare(failed.count, 1);
        compare(failed.signalArguments[0][0].code, DispatchError.ShardFull);
        compare(client.error, DispatchError.ShardFull);
        compare(client.errorString, failed.signalArguments[0][0].message);
    }

    function test_whatIsNoLimitRejects() {
        compare(rejected(makeClient().connect({ maxConnectionsPerShard: "many" })).code, DispatchError.InvalidParameters);
    }

    function test_whatIsNoObjectRejects_data() {
        return [{ tag: "text", config: "lobby" }, { tag: "array", config: [1] }, { tag: "function", config: () => 1 }];
    }
    function test_whatIsNoObjectRejects(data) {
        compare(rejected(makeClient().connect(data.config)).code, DispatchError.InvalidParameters);
    }

    function test_noUrlRejects() {
        const nowhere = rejected(makeClient({ url: "" }).connect());
        compare(nowhere.code, DispatchError.InvalidUrl);
        verify(nowhere.message.includes("There is no url to connect to"));
        compare(nowhere.retryAfter, -1);
    }

    function test_theWrongTokenRejects() {
        const error = rejected(makeClient().connect({ authorization: "no token at all" }));
        compare(error.code, DispatchError.Unauthorized);
    }

    function test_theRightTokenIsTaken() {
        projectId = "qml-tests";
        const client = makeClient();
        connected(client, { authorization: tokens.annOfQmlTests });
        tryVerify(() => client.connectedClients.some(one => one.isSelf && one.userId === "ann"));
    }

    function test_disconnectCancelsAConnect() {
        const client = makeClient();
        const promise = client.connect();
        client.disconnect();
        compare(rejected(promise).code, DispatchError.Cancelled);
        compare(client.active, false);
        compare(client.state, DispatchClient.Disconnected);
    }

    function test_disconnectEndsTheConnection() {
        const other = joinedClient({ shardName: "x" });
        const client = joinedClient({ shardName: "x" });
        tryCompare(other.clients, "count", 2);
        const disconnected = spyOn(client, "disconnected");
        client.disconnect();
        tryCompare(client, "state", DispatchClient.Disconnected);
        compare(client.active, false);
        compare(client.clientId, "");
        compare(disconnected.count, 1);
        compare(disconnected.signalArguments[0][0].code, DispatchError.NoError);
        tryCompare(other.clients, "count", 1);
    }

    function test_disconnectKeepsSignalHandlers() {
        const client = joinedClient();
        const states = spyOn(client, "stateChanged");
        client.disconnect();
        tryVerify(() => states.count > 0);
    }

    function test_connectedTellsWhere() {
        const client = makeClient();
        const spy = spyOn(client, "connected");
        const info = connected(client, { shardName: "y" });
        compare(spy.count, 1);
        compare(spy.signalArguments[0][0].clientId, info.clientId);
        compare(spy.signalArguments[0][0].shardName, "y");
    }

    function test_setProjectIdChoosesTheProject() {
        const client = makeClient();
        client.setProjectId(projectId + "-other");
        compare(client.projectId, projectId + "-other");
        const neighbour = joinedClient({ shardName: "same" });
        connected(client, { shardName: "same" });
        compare(neighbour.connectedClients.length, 1);
        compare(client.connectedClients.length, 1);
        const info = outcomeOf(client.info());
        tryVerify(() => info.fulfilled);
        compare(info.value.length, 1);
        compare(info.value[0].numConnectedClients, 1);
    }

    function test_aNewShardNameMovesTheClient() {
        const client = joinedClient({ shardName: "one" });
        client.shardName = "two";
        tryCompare(client, "currentShardName", "two");
    }

    Tokens { id: tokens }
}
