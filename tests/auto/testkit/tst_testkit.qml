// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch
import Dispatch.Test

/// What the test kit is in QML.
TestCase {
    id: testCase
    name: "TestKit"

    function makeServer() {
        return createTemporaryObject(serverComponent, testCase);
    }

    function join(server) {
        const client = createTemporaryObject(clientComponent, testCase, { url: server.url });
        client.active = true;
        server.settle();
        compare(client.state, DispatchClient.Connected);
        return client;
    }

    function heardBy(client, eventName) {
        const heard = [];
        client.on(eventName, (payload, about) => heard.push(payload));
        return heard;
    }

    function spyOn(target, signalName) {
        return createTemporaryObject(spyComponent, testCase, { target: target, signalName: signalName });
    }

    function test_peopleSayWhatTheyAreTold_data() {
        return [
            { tag: "nothing", payload: undefined, heard: {} },
            { tag: "a number", payload: 1.5, heard: 1.5 },
            { tag: "text", payload: "é", heard: "é" },
            { tag: "null", payload: null, heard: null },
            { tag: "a list", payload: [1, [2], {}], heard: [1, [2], {}] },
            { tag: "an object", payload: { a: { b: true } }, heard: { a: { b: true } } }
        ];
    }

    function test_peopleSayWhatTheyAreTold(row) {
        const server = makeServer();
        const client = join(server);
        const heard = heardBy(client, "message");
        const ann = server.join("Ann", { mood: "fine" });
        if (row.payload === undefined)
            ann.emitEvent("message");
        else
            ann.emitEvent("message", row.payload);
        ann.emitEvent("message", "psst", [client.clientId]);
        server.settle();
        compare(heard.length, 2);
        compare(heard[0], row.heard);
        compare(heard[1], "psst");
        compare(client.connectedClients.find(other => !other.isSelf).userInfo, { name: "Ann", mood: "fine" });
    }

    function test_clientsAreHeard() {
        const server = makeServer();
        const client = join(server);
        const ann = server.join("Ann");
        const emitted = spyOn(server, "eventEmitted");
        const heard = spyOn(ann, "eventReceived");
        client.emitEvent("message", { body: "hello" });
        server.settle();
        compare(emitted.count, 1);
        compare(emitted.signalArguments[0][1], "message");
        compare(heard.count, 1);
        compare(heard.signalArguments[0][2], client.clientId);
    }

    function test_peopleAnswer() {
        const server = makeServer();
        const client = join(server);
        server.join("Ann").answer("roll", { value: 4 });
        let value = 0;
        client.request("roll").then(reply => value = reply.payload.value);
        server.settle();
        compare(value, 4);
    }

    function test_aStateIsShared() {
        const server = makeServer();
        const client = join(server);
        const state = createTemporaryObject(stateComponent, testCase, { client: client });
        const changed = spyOn(server, "stateChanged");
        const ann = server.join("Ann");
        verify(ann.setState("turn", { name: "Ann" }));
        server.settle();
        compare(state.values.turn, { name: "Ann" });
        state.set("turn", "me");
        server.settle();
        compare(changed.count, 1);
        compare(changed.signalArguments[0][2], "me");
        verify(ann.setState("turn", undefined));
        server.settle();
        compare(state.count, 0);
    }

    function test_timeGoesOnWhenItIsTold() {
        const server = makeServer();
        const client = join(server);
        client.reconnect.minDelay = 8000;
        client.reconnect.maxDelay = 8000;
        server.drop();
        compare(client.state, DispatchClient.Waiting);
        compare(client.nextRetryIn, 4000);
        server.advance(3999);
        compare(client.nextRetryIn, 1);
        server.advance(1);
        compare(client.state, DispatchClient.Connected);
    }

    function test_theNetworkIsDeclared() {
        const server = createTemporaryObject(serverComponent, testCase, { latency: 100, offline: true });
        const client = createTemporaryObject(clientComponent, testCase, { url: server.url, active: true });
        tryCompare(client, "state", DispatchClient.Waiting);
        compare(client.error, DispatchError.NetworkError);
        server.offline = false;
        client.retryNow();
        server.advance(399);
        compare(client.state, DispatchClient.Recovering);
        server.advance(1);
        compare(client.state, DispatchClient.Connected);
        server.advance(200);
        compare(client.latency, 100);
    }

    function test_timersAndAnimationsAreDriven() {
        const server = createTemporaryObject(serverComponent, testCase, { drivesAnimations: true });
        const timed = createTemporaryObject(timedComponent, testCase);
        server.advance(990);
        compare(timed.fired, 0);
        fuzzyCompare(timed.x, 49.5, 1);
        server.advance(3020);
        compare(timed.fired, 4);
        compare(timed.x, 100);
    }

    function test_timeThatTheMachineTookCountsForNoTimer() {
        const earlier = createTemporaryObject(timedComponent, testCase);
        tryVerify(() => earlier.x > 0);
        // Of over 50 ms Qt takes notice.
        const hung = Date.now() + 30;
        while (Date.now() < hung) { }
        const server = createTemporaryObject(serverComponent, testCase, { drivesAnimations: true });
        server.settle();
        const timed = createTemporaryObject(timedComponent, testCase);
        server.advance(999);
        compare(timed.fired, 0);
        server.advance(1);
        compare(timed.fired, 1);
    }

    function test_refusalsAreScripted() {
        const server = makeServer();
        verify(server.refuseJoins("banned"));
        const client = createTemporaryObject(clientComponent, testCase, { url: server.url, active: true });
        tryCompare(client, "state", DispatchClient.Failed);
        compare(client.error, DispatchError.Unauthorized);
    }

    function test_whatTheServerRefusesIsToldByTheCall() {
        const server = makeServer();
        const client = join(server);
        const heard = heardBy(client, "message");
        const ann = server.join("Ann");
        ignoreWarning(/The event '' was not emitted: bad_event_name: /);
        verify(!ann.emitEvent("", 1));
        ignoreWarning(/The event '@@x' was not emitted: reserved_event: /);
        verify(!server.emitEvent("@@x", 2));
        verify(ann.emitEvent("message", 3));
        verify(server.emitEvent("message", 4));
        server.settle();
        compare(heard, [3, 4]);
    }

    function test_settingsKeepWhatTheyHaveInsteadOfNonsense_data() {
        return [
            { tag: "no number", value: NaN },
            { tag: "endless", value: Infinity },
            { tag: "negative", value: -1 }
        ];
    }

    function test_settingsKeepWhatTheyHaveInsteadOfNonsense(row) {
        const server = makeServer();
        ignoreWarning(/jitter can't be .*: give 0 or more, and less than 1. It stays 0.5/);
        server.jitter = row.value;
        compare(server.jitter, 0.5);
    }

    Component { id: serverComponent; TestServer {} }
    Component {
        id: timedComponent
        Item {
            id: timed
            property int fired: 0
            Timer { interval: 1000; running: true; repeat: true; onTriggered: timed.fired += 1 }
            NumberAnimation on x { from: 0; to: 100; duration: 2000 }
        }
    }
    Component { id: stateComponent; DispatchSharedState {} }
    Component { id: clientComponent; DispatchClient {} }
    Component { id: spyComponent; SignalSpy {} }
}
