// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "EventHandler"

    property var heard: []
    property var heardNames: []

    function init() {
        projectId = name + ++projects;
        heard = [];
        heardNames = [];
    }

    /// What was emitted before it has been delivered by then.
    function roundTrip(client) {
        const marks = heardBy(client, "mark");
        client.emitEvent("mark");
        tryCompare(marks, "length", 1);
    }

    function test_insideOfAClientItNeedsNoClient() {
        const client = createTemporaryObject(clientWithHandler, testCase, { url: server.url, projectId: projectId });
        tryCompare(client, "state", DispatchClient.Connected);
        compare(client.data.length, 1);
        compare(client.data[0].client, client);
        client.emitEvent("typing", { name: "Ann", list: [1] });
        tryCompare(client, "heard", 1);
        compare(client.lastPayload, { name: "Ann", list: [1] });
        compare(client.lastMetadata.eventName, "typing");
        verify(client.lastMetadata.latencyMs >= 0);
    }

    function test_outsideItIsGivenOne() {
        const client = joinedClient();
        const handler = createTemporaryObject(handlerComponent, testCase, { client: client, eventName: "a" });
        client.emitEvent("a", 1);
        tryVerify(() => heard.length === 1);
        compare(handler.client, client);
    }

    function test_withoutClientItWarns() {
        ignoreWarning(/hears nothing: put it inside a DispatchClient, or set client/);
        createTemporaryObject(handlerComponent, testCase, { eventName: "a" });
    }

    function test_onlyTheNamedEventTriggers() {
        const client = joinedClient();
        createTemporaryObject(handlerComponent, testCase, { client: client, eventName: "a" });
        client.emitEvent("b", 1);
        client.emitEvent("a", 2);
        tryVerify(() => heard.length === 1);
        compare(heard, [2]);
    }

    function test_anotherNameTakesEffect() {
        const client = joinedClient();
        const handler = createTemporaryObject(handlerComponent, testCase, { client: client, eventName: "a" });
        client.emitEvent("a", 1);
        tryVerify(() => heard.length === 1);
        handler.eventName = "b";
        client.emitEvent("a", 2);
        client.emitEvent("b", 3);
        tryVerify(() => heard.length === 2);
        compare(heard, [1, 3]);
        compare(heardNames, ["a", "b"]);
    }

    function test_disabledItHearsNothing() {
        const client = joinedClient();
        const handler = createTemporaryObject(handlerComponent, testCase, { client: client, eventName: "a" });
        handler.enabled = false;
        client.emitEvent("a", 1);
        roundTrip(client);
        compare(heard, []);
        handler.enabled = true;
        client.emitEvent("a", 2);
        tryVerify(() => heard.length === 1);
    }

    function test_anotherClientTakesEffect() {
        const first = joinedClient();
        const second = joinedClient({ projectId: projectId + "b" });
        const handler = createTemporaryObject(handlerComponent, testCase, { client: first, eventName: "a" });
        handler.client = second;
        first.emitEvent("a", 1);
        roundTrip(first);
        compare(heard, []);
        second.emitEvent("a", 2);
        tryVerify(() => heard.length === 1);
        handler.client = null;
        second.emitEvent("a", 3);
        roundTrip(second);
        compare(heard, [2]);
    }

    function test_itEndsWithItsComponent() {
        const client = joinedClient();
        const loader = createTemporaryObject(loaderComponent, testCase, { client: client });
        client.emitEvent("a", 1);
        tryVerify(() => heard.length === 1);
        loader.active = false;
        client.emitEvent("a", 2);
        roundTrip(client);
        compare(heard, [1]);
        loader.active = true;
        client.emitEvent("a", 3);
        tryVerify(() => heard.length === 2);
        compare(heard, [1, 3]);
    }

    function test_itMayEndInItsOwnHandler() {
        const client = joinedClient();
        const loader = createTemporaryObject(loaderComponent, testCase, { client: client, unload: true });
        client.emitEvent("a", 1);
        client.emitEvent("a", 2);
        roundTrip(client);
        compare(heard, [1]);
        compare(loader.item, null);
    }

    function test_itSurvivesItsClient() {
        const client = joinedClient();
        const handler = createTemporaryObject(handlerComponent, testCase, { client: client, eventName: "a" });
        client.destroy();
        tryVerify(() => handler.client === null);
        handler.eventName = "b";
        handler.enabled = false;
    }

    Component {
        id: clientWithHandler
        DispatchClient {
            id: outer
            property int heard: 0
            property var lastPayload
            property var lastMetadata
            active: true
            EventHandler {
                eventName: "typing"
                onTriggered: (payload, metadata) => {
                    outer.lastPayload = payload;
                    outer.lastMetadata = metadata;
                    ++outer.heard;
                }
            }
        }
    }
    Component {
        id: handlerComponent
        EventHandler {
            onTriggered: (payload, metadata) => {
                testCase.heard.push(payload);
                testCase.heardNames.push(metadata.eventName);
            }
        }
    }
    Component {
        id: loaderComponent
        Loader {
            id: loader
            property DispatchClient client
            property bool unload: false
            sourceComponent: EventHandler {
                client: loader.client
                eventName: "a"
                onTriggered: payload => {
                    testCase.heard.push(payload);
                    if (loader.unload)
                        loader.active = false;
                }
            }
        }
    }
}
