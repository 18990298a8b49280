// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Events"

    property DispatchClient ann
    property DispatchClient bob

    function initTestCase() {
        tryCompare(server, "listening", true);
    }

    /// Two in one shard.
    function meet() {
        ann = joinedClient({ shardName: "room" });
        bob = joinedClient({ shardName: "room" });
    }

    function test_anEventReachesAllOfTheShardAndItsEmitter() {
        meet();
        const atAnn = heardBy(ann, "message");
        const atBob = heardBy(bob, "message");
        compare(ann.emitEvent("message", { body: "hello" }), DispatchClient.Sent);
        tryCompare(atBob, "length", 1);
        tryCompare(atAnn, "length", 1);
        compare(atBob[0], { body: "hello" });
        compare(atAnn[0], { body: "hello" });
    }

    function test_anEventWithoutPayloadArrivesAsAnEmptyObject_data() {
        return [{ tag: "left out", emit: client => client.emitEvent("tap") }, { tag: "undefined", emit: client => client.emitEvent("tap", undefined) }];
    }
    function test_anEventWithoutPayloadArrivesAsAnEmptyObject(data) {
        meet();
        const heard = heardBy(bob, "tap");
        data.emit(ann);
        tryCompare(heard, "length", 1);
        compare(heard[0], {});
    }

    function test_undefinedAndNullRecipientsStandForTheShard_data() {
        return [{ tag: "undefined", recipients: undefined }, { tag: "null", recipients: null }];
    }
    function test_undefinedAndNullRecipientsStandForTheShard(data) {
        meet();
        const atAnn = heardBy(ann, "all");
        const atBob = heardBy(bob, "all");
        ann.emitEvent("all", 1, data.recipients);
        tryCompare(atBob, "length", 1);
        tryCompare(atAnn, "length", 1);
    }

    function test_anEmptyListReachesNobody() {
        meet();
        const atAnn = heardBy(ann, "x");
        const atBob = heardBy(bob, "x");
        ann.emitEvent("x", "to nobody", []);
        ann.emitEvent("x", "to all");
        tryCompare(atBob, "length", 1);
        tryCompare(atAnn, "length", 1);
        compare(atBob[0], "to all");
        compare(atAnn[0], "to all");
    }

    function test_recipientsAloneHearTheEvent() {
        meet();
        const carl = joinedClient({ shardName: "room" });
        const elsewhere = joinedClient({ shardName: "another room" });
        const heard = [ann, bob, carl, elsewhere].map(client => heardBy(client, "whisper"));
        ann.emitEvent("whisper", "psst", [bob.clientId, elsewhere.clientId, "nobody"]);
        tryCompare(heard[1], "length", 1);
        tryCompare(heard[3], "length", 1);
        ann.emitEvent("whisper", "all");
        tryCompare(heard[0], "length", 1);
        tryCompare(heard[2], "length", 1);
        compare(heard[0], ["all"]);
        compare(heard[2], ["all"]);
    }

    function test_theEmitterHearsWhatItSendsItself() {
        meet();
        const heard = heardBy(ann, "note");
        ann.emitEvent("note", 7, [ann.clientId]);
        tryCompare(heard, "length", 1);
    }

    function test_whatIsNoListOfRecipientsIsRefused_data() {
        return [{ tag: "text", recipients: "bob" }, { tag: "numbers", recipients: [1] }, { tag: "function", recipients: () => ["bob"] }];
    }
    function test_whatIsNoListOfRecipientsIsRefused(data) {
        meet();
        const errors = spyOn(ann, "errorOccurred");
        compare(ann.emitEvent("x", 1, data.recipients), DispatchClient.Refused);
        compare(errors.count, 1);
        compare(errors.signalArguments[0][0].code, DispatchError.InvalidPayload);
    }

    function test_reservedNamesAreRefused() {
        meet();
        compare(ann.emitEvent("@@mine", 1), DispatchClient.Refused);
        compare(ann.error, DispatchError.InvalidEventName);
    }

    function test_aMessageThatIsTooBigIsRefusedWithTheNumber() {
        meet();
        const errors = spyOn(ann, "errorOccurred");
        compare(ann.emitEvent("big", "x".repeat(128000)), DispatchClient.Refused);
        compare(errors.signalArguments[0][0].code, DispatchError.MessageTooBig);
        verify(/128,?000/.test(errors.signalArguments[0][0].message));
        verify(/1280\d\d/.test(errors.signalArguments[0][0].message));
    }

    function test_onGivesItsUndo() {
        meet();
        const heard = [];
        const undo = bob.on("x", payload => heard.push(payload));
        compare(typeof undo, "function");
        ann.emitEvent("x", 1);
        tryCompare(heard, "length", 1);
        undo();
        undo();
        const others = heardBy(bob, "x");
        ann.emitEvent("x", 2);
        tryCompare(others, "length", 1);
        compare(heard, [1]);
    }

    function test_aForgottenUndoLeavesTheHandler() {
        meet();
        const heard = heardBy(bob, "x");
        gc();
        wait(0);
        ann.emitEvent("x", 1);
        tryCompare(heard, "length", 1);
    }

    function test_anUndoFromInsideOfAHandlerCounts() {
        meet();
        const heard = [];
        const undo = bob.on("x", payload => { heard.push(payload); undo(); });
        const others = heardBy(bob, "x");
        ann.emitEvent("x", 1);
        ann.emitEvent("x", 2);
        tryCompare(others, "length", 2);
        compare(heard, [1]);
    }

    function test_handlersOfOneEventShareItsPayload() {
        meet();
        const first = heardBy(bob, "x");
        const second = heardBy(bob, "x");
        ann.emitEvent("x", { a: 1 });
        ann.emitEvent("x", { a: 1 });
        tryCompare(second, "length", 2);
        verify(first[0] === second[0]);
        verify(first[1] === second[1]);
        verify(first[0] !== first[1]);
    }

    function test_handlersSurviveAReconnect() {
        const client = joinedClient();
        const heard = heardBy(client, "x");
        client.disconnect();
        tryCompare(client, "state", DispatchClient.Disconnected);
        client.active = true;
        tryCompare(client, "state", DispatchClient.Connected);
        client.emitEvent("x", 1);
        tryCompare(heard, "length", 1);
    }

    function test_onWantsAFunction() {
        const client = makeClient();
        let thrown;
        try {
            client.on("x", "no function");
        } catch (error) {
            thrown = error;
        }
        verify(thrown instanceof TypeError);
    }

    function test_aHandlerThatThrowsHarmsNobody() {
        meet();
        ignoreWarning(/handler of 'x': .*tst_events.qml:\d+: Error: oh no/);
        bob.on("x", () => { throw new Error("oh no"); });
        const heard = heardBy(bob, "x");
        ann.emitEvent("x", 1);
        tryCompare(heard, "length", 1);
    }

    function test_theMetadataTellNameAndLatency() {
        meet();
        let metadata;
        bob.on("x", (payload, data) => { metadata = data; });
        ann.emitEvent("x");
        tryVerify(() => metadata !== undefined);
        compare(metadata.eventName, "x");
        compare(typeof metadata.latencyMs, "number");
        verify(metadata.latencyMs >= 0);
        verify(metadata.latencyMs < 1000);
    }

    function test_theMetadataAreAnObjectOfTheirOwnThatOneMayKeep_data() {
        return [{ tag: "extended", baseProfileOnly: false }, { tag: "base", baseProfileOnly: true }];
    }
    function test_theMetadataAreAnObjectOfTheirOwnThatOneMayKeep(data) {
        const client = joinedClient({ baseProfileOnly: data.baseProfileOnly });
        const first = [];
        const second = [];
        client.on("x", (payload, metadata) => first.push({ metadata: metadata, text: JSON.stringify(metadata) }));
        client.on("x", function() { second.push(arguments[1]); });
        for (let i = 0; i < 5; ++i)
            client.emitEvent("x", i);
        tryCompare(second, "length", 5);
        const names = ["eventName", "latencyMs", "sequence", "senderId", "senderUserId", "serverTime", "own",
            "replayed", "requestId"];
        for (let i = 0; i < 5; ++i) {
            const { metadata, text } = first[i];
            compare(Object.keys(metadata), names);
            const inherited = [];
            for (const name in metadata)
                inherited.push(name);
            compare(inherited, names);
            compare(Object.getPrototypeOf(metadata), Object.prototype);
            compare(JSON.stringify(metadata), text);
            compare(JSON.stringify(second[i]), text);
            verify(metadata !== second[i]);
            metadata.eventName = "mine";
        }
        compare(second.map(one => one.eventName), ["x", "x", "x", "x", "x"]);
        const sequences = second.map(one => one.sequence);
        compare(sequences, sequences.map((one, i) => data.baseProfileOnly ? 0 : sequences[0] + i));
    }

    function test_theMetadataTellWhoEmittedAndWhen() {
        projectId = "qml-tests";
        meet();
        ann.identify(tokens.annOfQmlTests);
        tryVerify(() => bob.connectedClients.some(one => one.userId === "ann"));
        const atAnn = [];
        const atBob = [];
        ann.on("x", (payload, metadata) => atAnn.push(metadata));
        bob.on("x", (payload, metadata) => atBob.push(metadata));
        ann.emitEvent("x");
        ann.emitEvent("x", 1, [bob.clientId]);
        tryCompare(atBob, "length", 2);
        tryCompare(atAnn, "length", 1);
        verify(atBob[0].sequence > 0);
        compare(atBob[0].senderId, ann.clientId);
        compare(atBob[0].senderUserId, "ann");
        verify(Math.abs(atBob[0].serverTime - Date.now()) < 60000);
        compare(atBob[0].own, false);
        compare(atBob[0].replayed, false);
        compare(atBob[1].sequence, 0);
        compare(atBob[1].senderId, ann.clientId);
        compare(atAnn[0].own, true);
        compare(atAnn[0].sequence, atBob[0].sequence);
    }

    function test_anAcknowledgedEventTellsItsNumber() {
        meet();
        const numbers = [];
        bob.on("x", (payload, metadata) => numbers.push(metadata.sequence));
        const outcome = outcomeOf(ann.emitAcknowledged("x", { a: 1 }));
        tryCompare(outcome, "done", true);
        verify(outcome.fulfilled);
        tryCompare(numbers, "length", 1);
        compare(outcome.value, { sequence: numbers[0] });
        const toBob = outcomeOf(ann.emitAcknowledged("x", 2, [bob.clientId]));
        tryCompare(toBob, "done", true);
        compare(toBob.value, { sequence: 0 });
    }

    function test_whatIsRefusedRejectsThePromise_data() {
        return [{ tag: "by the server", recipients: Array.from(Array(101), (nothing, i) => "nobody " + i), code: DispatchError.RefusedByServer },
            { tag: "by the client", recipients: "no list", code: DispatchError.InvalidPayload }];
    }
    function test_whatIsRefusedRejectsThePromise(data) {
        meet();
        const errors = spyOn(ann, "errorOccurred");
        const outcome = outcomeOf(ann.emitAcknowledged("x", 1, data.recipients));
        tryCompare(outcome, "done", true);
        compare(outcome.fulfilled, false);
        compare(outcome.error.code, data.code);
        compare(outcome.error.reason !== "", data.code === DispatchError.RefusedByServer);
        compare(errors.count, 1);
    }

    function test_aFateThatNobodyKnowsRejectsThePromise() {
        const plain = joinedClient({ baseProfileOnly: true });
        const outcome = outcomeOf(plain.emitAcknowledged("x"));
        tryCompare(outcome, "done", true);
        compare(outcome.error.code, DispatchError.FateUnknown);
    }

    function test_theBaseProfileKnowsNothingOfTheSender() {
        const plain = makeClient({ baseProfileOnly: true });
        const outcome = outcomeOf(plain.connect({ shardName: "room" }));
        tryCompare(outcome, "done", true);
        compare(outcome.value.extended, false);
        let metadata;
        plain.on("x", (payload, data) => { metadata = data; });
        plain.emitEvent("x");
        tryVerify(() => metadata !== undefined);
        compare(metadata.sequence, 0);
        compare(metadata.senderId, "");
        compare(metadata.senderUserId, "");
        compare(metadata.serverTime, 0);
        compare(metadata.own, false);
        compare(metadata.replayed, false);
    }

    function test_eventReceivedTellsAllEvents() {
        meet();
        const spy = spyOn(bob, "eventReceived");
        ann.emitEvent("x", { list: [1, { deep: true }] });
        ann.emitEvent("y", "text");
        tryCompare(spy, "count", 2);
        const [name, payload, metadata] = spy.signalArguments[0];
        compare(name, "x");
        compare(payload, { list: [1, { deep: true }] });
        verify(Array.isArray(payload.list));
        compare(metadata.eventName, "x");
        verify(metadata.latencyMs >= 0);
        compare(metadata.senderId, ann.clientId);
        compare(metadata.own, false);
        compare(spy.signalArguments[1][1], "text");
    }

    function test_latencyBecomesKnown() {
        const client = joinedClient();
        tryVerify(() => client.latency >= 0);
    }

    Tokens { id: tokens }
}
