// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Info"

    function infoOf(client) {
        const outcome = outcomeOf(client.info());
        tryVerify(() => outcome.done);
        verify(outcome.fulfilled, JSON.stringify(outcome.error));
        return outcome.value;
    }

    function test_infoListsTheShardsOfTheProject() {
        const clients = ["one", "one", "two"].map(name => joinedClient({ shardName: name }));
        const shards = infoOf(clients[0]);
        verify(Array.isArray(shards));
        shards.sort((a, b) => a.shardName < b.shardName ? -1 : 1);
        compare(shards, [{ shardName: "one", numConnectedClients: 2 }, { shardName: "two", numConnectedClients: 1 }]);
    }

    function test_infoNeedsNoConnection() {
        joinedClient({ shardName: "one" });
        const client = makeClient();
        compare(infoOf(client), [{ shardName: "one", numConnectedClients: 1 }]);
        compare(client.state, DispatchClient.Disconnected);
    }

    function test_anUnknownProjectHasNoShards() {
        compare(infoOf(makeClient()), []);
    }

    function test_infoGivesARealPromise() {
        verify(makeClient().info() instanceof Promise);
    }

    function test_infoRejectsWithoutUrl() {
        const outcome = outcomeOf(makeClient({ url: "" }).info());
        tryVerify(() => outcome.done);
        verify(!outcome.fulfilled);
        compare(outcome.error.code, DispatchError.InvalidUrl);
        compare(typeof outcome.error.message, "string");
        compare(typeof outcome.error.reason, "string");
        compare(typeof outcome.error.retryable, "boolean");
    }
}
