// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// Pages and clients go while something of theirs is under way.
DispatchTestCase {
    id: testCase
    name: "Lifetime"

    property var heard: []

    function init() {
        projectId = name + ++projects;
        heard = [];
    }

    function roundTrip(client) {
        const marks = heardBy(client, "mark");
        client.emitEvent("mark");
        tryCompare(marks, "length", 1);
    }

    /// A loader's item goes with the next turn of the event loop.
    function unload(loader) {
        const holder = createTemporaryObject(holderComponent, testCase, { held: loader.item });
        loader.active = false;
        tryVerify(() => holder.held === null);
    }

    function test_aHandlerEndsWithItsContext() {
        const client = joinedClient();
        const loader = createTemporaryObject(pageComponent, testCase, { client: client, bound: true });
        client.emitEvent("x", 1);
        tryVerify(() => heard.length === 1);
        unload(loader);
        client.emitEvent("x", 2);
        roundTrip(client);
        compare(heard, [1]);
    }

    function test_aHandlerOfAGonePageDoesNoHarm() {
        const client = joinedClient();
        const loader = createTemporaryObject(pageComponent, testCase, { client: client, bound: false });
        client.emitEvent("x", 1);
        tryVerify(() => heard.length === 1);
        unload(loader);
        gc();
        ignoreWarning(/handler of 'x': .*TypeError/);
        client.emitEvent("x", 2);
        roundTrip(client);
        compare(client.state, DispatchClient.Connected);
    }

    function test_theClientMayEndInAHandler_data() {
        return [
            { tag: "on", prepare: client => client.on("x", () => client.destroy()) },
            { tag: "eventReceived", prepare: client => client.eventReceived.connect(() => client.destroy()) },
            { tag: "stateChanged", prepare: client => client.stateChanged.connect(() => client.destroy()), end: client => client.disconnect() },
            { tag: "connectedClientsChanged", prepare: client => client.connectedClientsChanged.connect(() => client.destroy()), end: client => client.setUserInfo({ a: 1 }) },
        ];
    }
    function test_theClientMayEndInAHandler(data) {
        const watcher = joinedClient({ shardName: "watch" });
        const client = clientComponent.createObject(testCase, { url: server.url, projectId: projectId, active: true, shardName: "watch" });
        tryCompare(client, "state", DispatchClient.Connected);
        tryCompare(watcher.clients, "count", 2);
        data.prepare(client);
        if (data.end)
            data.end(client);
        else
            client.emitEvent("x");
        tryCompare(watcher.clients, "count", 1);
    }

    function test_thePromiseOfAGoneClientSettlesToNothing() {
        const client = clientComponent.createObject(testCase, { url: server.url, projectId: projectId, tokenProvider: () => new Promise(() => {}) });
        const holder = createTemporaryObject(holderComponent, testCase, { held: client });
        const late = [];
        // What comes before it goes, which is not at once, is nothing to wonder about.
        const settled = () => { if (holder.held === null) late.push("settled"); };
        client.connect().then(settled, settled);
        client.info().then(settled, settled);
        client.destroy();
        tryVerify(() => holder.held === null);
        roundTrip(joinedClient());
        compare(late, []);
    }

    function test_anUndoOutlivesItsClient() {
        const client = clientComponent.createObject(testCase);
        const undo = client.on("x", () => 1);
        const holder = createTemporaryObject(holderComponent, testCase, { held: client });
        client.destroy();
        tryVerify(() => holder.held === null);
        undo();
    }

    Component { id: clientComponent; DispatchClient {} }
    Component { id: holderComponent; QtObject { property QtObject held } }
    Component {
        id: pageComponent
        Loader {
            id: loader
            property DispatchClient client
            property bool bound
            sourceComponent: Item {
                id: page
                property int number: 0
                Component.onCompleted: {
                    const handler = payload => {
                        page.number += payload;
                        testCase.heard.push(page.number);
                    };
                    if (loader.bound)
                        loader.client.on("x", handler, page);
                    else
                        loader.client.on("x", handler);
                }
            }
        }
    }
}
