// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// The shared state, bound to.
DispatchTestCase {
    id: testCase
    name: "SharedState"

    function stateOf(client) {
        return createTemporaryObject(stateComponent, testCase, { client: client });
    }

    function test_valuesAreBoundOneByOne() {
        const ann = stateOf(joinedClient({ shardName: "s" }));
        const bob = stateOf(joinedClient({ shardName: "s" }));
        compare(bob.turn, "nobody's");
        const turns = spyOn(bob, "turnChanged");
        ann.set("turn", "x");
        compare(ann.turn, "x");
        tryCompare(bob, "turn", "x");
        ann.set("other", { deep: [1, null, "two"] });
        tryVerify(() => bob.values.other !== undefined);
        compare(bob.values.other.deep, [1, null, "two"]);
        compare(bob.values.other.deep.length, 3);
        ann.remove("turn");
        tryCompare(bob, "turn", "nobody's");
        compare(turns.count, 2);
        // The property is still the one that was bound to.
        ann.set("turn", "o");
        tryCompare(bob, "turn", "o");
    }

    function test_assigningSets() {
        const ann = stateOf(joinedClient({ shardName: "s" }));
        const bob = stateOf(joinedClient({ shardName: "s" }));
        ann.values.turn = "x";
        tryCompare(bob, "turn", "x");
        compare(ann.turn, "x");
        bob.values.turn = { by: "bob" };
        tryVerify(() => ann.turn.by === "bob");
    }

    function test_anyTextIsAKey_data() {
        return ["7", "-1", "1.5", "destroyed", "deleteLater", "valueChanged", "objectName", "toString",
                "constructor", "__proto__", "length", "=", "a b/c", "assign"].map(key => ({ tag: key, key: key }));
    }

    function test_anyTextIsAKey(data) {
        failOnWarning(/./);
        const ann = stateOf(joinedClient({ shardName: "s" }));
        const bob = stateOf(joinedClient({ shardName: "s" }));
        bob.bound = data.key;
        compare(bob.atBound, undefined);
        const changes = spyOn(bob, "atBoundChanged");
        ann.values[data.key] = { by: "ann" };
        tryCompare(bob, "atBound", { by: "ann" });
        compare(changes.count, 1);
        compare(bob.value(data.key), { by: "ann" });
        compare(Object.keys(bob.values), [data.key]);
        verify(data.key in bob.values);
        bob.values[data.key] = "bob's";
        tryCompare(ann.values, data.key, "bob's");
        delete bob.values[data.key];
        tryVerify(() => !ann.contains(data.key));
        compare(ann.values[data.key], undefined);
        compare(Object.keys(ann.values), []);
    }

    function test_valuesAreText() {
        const state = stateOf(joinedClient({ shardName: "s" }));
        state.set("a", 1);
        state.set("2", [1]);
        compare(JSON.stringify(state.values), '{"2":[1],"a":1}');
        compare(`${state.values}`, "[values of a shared state]");
    }

    function test_changesAreTold() {
        const ann = joinedClient({ shardName: "s" });
        const bobsState = stateOf(joinedClient({ shardName: "s" }));
        const told = [];
        bobsState.valueChanged.connect((key, value, metadata) => told.push([key, value, metadata.senderId]));
        const annsState = stateOf(ann);
        const outcome = outcomeOf(annsState.set("a", [1, { b: null }]));
        tryCompare(outcome, "fulfilled", true);
        compare(outcome.value.sequence, 1);
        tryCompare(told, "length", 1);
        compare(told[0], ["a", [1, { b: null }], ann.clientId]);
        compare(bobsState.value("a"), [1, { b: null }]);
        compare(bobsState.metadata("a").sequence, 1);
        verify(bobsState.contains("a"));
        compare(bobsState.keys(), ["a"]);
    }

    function test_ownedKeysAreKept() {
        const ann = joinedClient({ shardName: "s" });
        const annsState = stateOf(ann);
        const bobsState = stateOf(joinedClient({ shardName: "s" }));
        annsState.set("a", 1, { owned: true });
        tryVerify(() => bobsState.ownerId("a") === ann.clientId);
        const failures = spyOn(bobsState, "changeFailed");
        const outcome = outcomeOf(bobsState.set("a", 2));
        compare(bobsState.values.a, 2);
        tryCompare(outcome, "done", true);
        compare(outcome.error.reason, "state_owned");
        compare(failures.count, 1);
        compare(bobsState.values.a, 1);
    }

    function test_timeEndsKeys() {
        const state = stateOf(joinedClient());
        state.set("turn", "x", { ttl: 20 });
        compare(state.turn, "x");
        tryCompare(state, "turn", "nobody's");
    }

    function test_conditionsHold() {
        const state = stateOf(joinedClient());
        const first = outcomeOf(state.set("a", 1, { ifSequence: 0 }));
        tryCompare(first, "fulfilled", true);
        const second = outcomeOf(state.set("a", 2, { ifSequence: 0 }));
        tryCompare(second, "done", true);
        compare(second.error.reason, "state_changed");
        compare(state.values.a, 1);
    }

    function test_badOptionsAreRefused_data() {
        return [
            { tag: "unknown", options: { timeToLive: 1 }, says: "'timeToLive'" },
            { tag: "a time that was", options: { ttl: -1 }, says: "ttl" },
            { tag: "owned by a number", options: { owned: 1 }, says: "owned" },
            { tag: "half a number", options: { ifSequence: 1.5 }, says: "ifSequence" },
            { tag: "a number", options: 5000, says: "object" },
        ];
    }

    function test_badOptionsAreRefused(data) {
        const state = stateOf(joinedClient());
        const failures = spyOn(state, "changeFailed");
        const outcome = outcomeOf(state.set("a", 1, data.options));
        tryCompare(outcome, "done", true);
        compare(outcome.error.code, DispatchError.InvalidOptions);
        verify(outcome.error.message.includes(data.says), outcome.error.message);
        compare(failures.count, 1);
        compare(state.count, 0);
    }

    function test_whatJsonCantCarryIsRefused() {
        const state = stateOf(joinedClient());
        const outcome = outcomeOf(state.set("a", () => 1));
        tryCompare(outcome, "done", true);
        compare(outcome.error.code, DispatchError.InvalidPayload);
    }

    function test_rowsAreKeys() {
        const state = stateOf(joinedClient());
        const rows = createTemporaryObject(rowsComponent, testCase, { model: state });
        state.set("b", 2);
        state.set("a", { x: 1 }, { owned: true });
        compare(rows.count, 2);
        compare(rows.itemAt(0).key, "a");
        compare(rows.itemAt(0).value.x, 1);
        compare(rows.itemAt(0).ownerId, state.client.clientId);
        compare(rows.itemAt(1).value, 2);
        state.remove("a");
        compare(rows.count, 1);
    }

    function test_insideAClientItNeedsNone() {
        const client = createTemporaryObject(roomComponent, testCase, { url: server.url, projectId: projectId, active: true });
        tryCompare(client.inner, "available", true);
        compare(client.inner.client, client);
    }

    function test_withoutTheExtendedProfileThereIsNone() {
        const state = stateOf(joinedClient({ baseProfileOnly: true }));
        compare(state.available, false);
        const outcome = outcomeOf(state.set("a", 1));
        tryCompare(outcome, "done", true);
        compare(outcome.error.code, DispatchError.NotSupported);
        compare(state.values.a, undefined);
    }

    Component {
        id: stateComponent
        DispatchSharedState {
            property var turn: values.turn ?? "nobody's"
            property string bound: "turn"
            property var atBound: values[bound]
        }
    }
    Component {
        id: rowsComponent
        Repeater {
            delegate: Item {
                required property string key
                required property var value
                required property string ownerId
            }
        }
    }
    Component {
        id: roomComponent
        DispatchClient {
            property alias inner: inner
            DispatchSharedState { id: inner }
        }
    }
}
