// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Requests"

    property DispatchClient ann
    property DispatchClient bob
    property QtObject page

    /// Two in one shard.
    function meet() {
        ann = joinedClient({ shardName: "room" });
        bob = joinedClient({ shardName: "room" });
    }

    function test_aRequestIsAnswered_data() {
        return [
            { tag: "value", handler: dice => ({ value: dice.sides + 1 }) },
            { tag: "promise", handler: dice => Promise.resolve({ value: dice.sides + 1 }) },
            { tag: "then", handler: dice => ({ then: resolve => resolve({ value: dice.sides + 1 }) }) }
        ];
    }
    function test_aRequestIsAnswered(data) {
        meet();
        bob.onRequest("roll", data.handler);
        const reply = outcomeOf(ann.request("roll", { sides: 6 }));
        tryCompare(reply, "done", true);
        compare(reply.error, undefined);
        compare(reply.value.payload, { value: 7 });
        compare(reply.value.metadata.senderId, bob.clientId);
        compare(reply.value.metadata.eventName, "roll");
    }

    function test_answersMayBeAnyValue_data() {
        return [{ tag: "null", value: null }, { tag: "text", value: "six" }, { tag: "number", value: 6 },
            { tag: "false", value: false }, { tag: "array", value: [1, [2]] }];
    }
    function test_answersMayBeAnyValue(data) {
        meet();
        bob.onRequest("echo", payload => payload);
        const reply = outcomeOf(ann.request("echo", data.value));
        tryCompare(reply, "done", true);
        compare(reply.value.payload, data.value);
    }

    function test_theHandlerIsToldWhoAsks() {
        meet();
        let about;
        bob.onRequest("x", (payload, metadata) => {
            about = metadata;
            return 1;
        });
        const reply = outcomeOf(ann.request("x"));
        tryCompare(reply, "done", true);
        compare(about.senderId, ann.clientId);
        compare(about.own, false);
        verify(about.requestId.length > 0);
    }

    function test_someAreAsked() {
        meet();
        const carl = joinedClient({ shardName: "room" });
        bob.onRequest("who", () => "bob");
        carl.onRequest("who", () => "carl");
        const reply = outcomeOf(ann.request("who", {}, { recipients: [carl.clientId] }));
        tryCompare(reply, "done", true);
        compare(reply.value.payload, "carl");
    }

    function test_nobodyAnswersInTime_data() {
        return [
            { tag: "undefined", handler: () => undefined },
            { tag: "never", handler: () => new Promise(() => {}) },
            { tag: "throws", handler: () => { throw new Error("oh no"); }, warning: /handler of 'x': .*tst_requests.qml:\d+: Error: oh no/ },
            { tag: "throws text", handler: () => { throw "oh no"; }, warning: /handler of 'x': oh no/ },
            { tag: "rejected", handler: () => Promise.reject("oh no"), warning: /handler of 'x': oh no/ },
            { tag: "not for JSON", handler: () => new Map(), warning: /answers nothing to .*Map/ }
        ];
    }
    function test_nobodyAnswersInTime(data) {
        meet();
        let asked = false;
        bob.onRequest("x", () => {
            asked = true;
            return data.handler();
        });
        if (data.warning)
            ignoreWarning(data.warning);
        const waits = outcomeOf(ann.request("x"));
        tryVerify(() => asked);
        // What became of the answer is known when a later one has come.
        bob.onRequest("y", () => 1);
        const later = outcomeOf(ann.request("y"));
        tryCompare(later, "fulfilled", true);
        compare(waits.done, false);
        const reply = outcomeOf(ann.request("z", {}, { timeout: 1 }));
        tryCompare(reply, "done", true);
        compare(reply.error.code, DispatchError.NoReply);
        compare(reply.error.retryable, true);
    }

    function test_theTimeLimitIsASetting() {
        meet();
        const changes = spyOn(ann, "requestPolicyChanged");
        compare(ann.requests.timeout, 10000);
        compare(ann.requests.maxPending, 1000);
        ann.requests.timeout = 1;
        compare(changes.count, 1);
        const reply = outcomeOf(ann.request("x"));
        tryCompare(reply, "done", true);
        compare(reply.error.code, DispatchError.NoReply);
    }

    function test_whatCantBeAskedIsRejected_data() {
        return [
            { tag: "payload", ask: client => client.request("x", new Map()), code: DispatchError.InvalidPayload },
            { tag: "recipients", ask: client => client.request("x", 1, { recipients: "bob" }), code: DispatchError.InvalidOptions },
            { tag: "timeout", ask: client => client.request("x", 1, { timeout: "soon" }), code: DispatchError.InvalidOptions },
            { tag: "a time before now", ask: client => client.request("x", 1, { timeout: -1 }), code: DispatchError.InvalidOptions },
            { tag: "no time", ask: client => client.request("x", 1, { timeout: NaN }), code: DispatchError.InvalidOptions },
            { tag: "an array", ask: client => client.request("x", 1, [client.clientId]), code: DispatchError.InvalidOptions },
            { tag: "no such option", ask: client => client.request("x", 1, { timeOut: 500 }), code: DispatchError.InvalidOptions },
            { tag: "options", ask: client => client.request("x", 1, 1000), code: DispatchError.InvalidOptions },
            { tag: "name", ask: client => client.request("@@x"), code: DispatchError.InvalidEventName }
        ];
    }
    function test_whatCantBeAskedIsRejected(data) {
        meet();
        const reply = outcomeOf(data.ask(ann));
        tryCompare(reply, "done", true);
        compare(reply.error.code, data.code);
    }

    function test_somebodyMayWaitForEver() {
        meet();
        bob.onRequest("x", () => 1);
        const reply = outcomeOf(ann.request("x", {}, { timeout: Infinity }));
        tryCompare(reply, "fulfilled", true);
    }

    function test_theBaseProfileHasNone() {
        ann = joinedClient({ shardName: "room", baseProfileOnly: true });
        const reply = outcomeOf(ann.request("x"));
        tryCompare(reply, "done", true);
        compare(reply.error.code, DispatchError.NotSupported);
    }

    function test_theUndoTakesTheHandlerAway() {
        meet();
        let first = 0;
        const undo = bob.onRequest("x", () => ++first);
        tryCompare(outcomeOf(ann.request("x")), "fulfilled", true);
        undo();
        undo();
        bob.onRequest("x", () => "second");
        const reply = outcomeOf(ann.request("x"));
        tryCompare(reply, "done", true);
        compare(reply.value.payload, "second");
        compare(first, 1);
    }

    function test_theHandlerEndsWithItsContext() {
        meet();
        let first = 0;
        page = pageComponent.createObject(testCase);
        bob.onRequest("x", () => ++first, page);
        page.destroy();
        tryCompare(testCase, "page", null);
        bob.onRequest("x", () => "second");
        const reply = outcomeOf(ann.request("x"));
        tryCompare(reply, "done", true);
        compare(reply.value.payload, "second");
        compare(first, 0);
    }

    function test_aHandlerIsAFunction() {
        ann = makeClient();
        let thrown;
        try {
            ann.onRequest("x", 7);
        } catch (error) {
            thrown = error;
        }
        verify(thrown instanceof TypeError);
    }

    function test_aHandlerMayDestroyItsClient() {
        meet();
        const doomed = clientComponent.createObject(testCase, { url: server.url, projectId: projectId, shardName: "room", active: true });
        tryCompare(doomed, "state", DispatchClient.Connected);
        let asked = false;
        doomed.onRequest("x", () => {
            asked = true;
            doomed.destroy();
            return new Promise(resolve => resolve(1));
        });
        ann.request("x", {}, { recipients: [doomed.clientId] });
        tryVerify(() => asked);
        bob.onRequest("y", () => 1);
        tryCompare(outcomeOf(ann.request("y")), "fulfilled", true);
    }

    Component { id: clientComponent; DispatchClient {} }
    Component { id: pageComponent; QtObject {} }
}
