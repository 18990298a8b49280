// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Presence"
    when: windowShown
    width: 200
    height: 200
    visible: true

    function cleanup() {
        server.listen();
        tryCompare(server, "listening", true);
    }

    function names(client) {
        return client.connectedClients.map(one => one.userInfo.name).sort();
    }

    function test_theListTellsAllOfTheShard() {
        const before = Date.now();
        const ann = joinedClient({ shardName: "x", userInfo: { name: "Ann", tags: ["a", { b: 1 }] } });
        const bob = joinedClient({ shardName: "x", userInfo: { name: "Bob" } });
        tryVerify(() => ann.connectedClients.length === 2);
        tryVerify(() => ann.connectedClients.every(one => one.userInfo.name !== undefined));
        const list = ann.connectedClients;
        verify(Array.isArray(list));
        const self = list.find(one => one.clientId === ann.clientId);
        const other = list.find(one => one.clientId === bob.clientId);
        compare(self.isSelf, true);
        compare(other.isSelf, false);
        compare(self.userInfo, { name: "Ann", tags: ["a", { b: 1 }] });
        compare(names(ann), ["Ann", "Bob"]);
        compare(self.userId, "");
        verify(self.lastPing instanceof Date);
        verify(Math.abs(self.lastPing.getTime() - before) < 60000);
    }

    function test_changesAreSignalledWithTheList() {
        const ann = joinedClient({ shardName: "x" });
        tryVerify(() => ann.connectedClients.length === 1);
        const spy = spyOn(ann, "connectedClientsChanged");
        const bob = joinedClient({ shardName: "x" });
        tryVerify(() => spy.count > 0 && lastList(spy).length === 2);
        verify(lastList(spy).some(one => one.clientId === bob.clientId && !one.isSelf));
        bob.setUserInfo({ name: "Bob" });
        tryVerify(() => lastList(spy).some(one => one.userInfo.name === "Bob"));
        bob.disconnect();
        tryVerify(() => lastList(spy).length === 1);
        verify(Array.isArray(lastList(spy)));
    }
    function lastList(spy) {
        return spy.signalArguments[spy.count - 1][0];
    }

    function test_bindingsToTheListFollowIt() {
        const ann = joinedClient({ shardName: "x" });
        const counter = createTemporaryObject(counterComponent, testCase, { client: ann });
        tryCompare(counter, "number", 1);
        const bob = joinedClient({ shardName: "x" });
        tryCompare(counter, "number", 2);
        bob.disconnect();
        tryCompare(counter, "number", 1);
    }

    function test_setUserInfoReplacesWhatOthersSee() {
        const ann = joinedClient({ shardName: "x", userInfo: { name: "Ann", mood: "good" } });
        const bob = joinedClient({ shardName: "x" });
        const spy = spyOn(ann, "userInfoChanged");
        const seen = () => (bob.connectedClients.find(one => one.clientId === ann.clientId) || {}).userInfo;
        tryVerify(() => seen() && seen().mood === "good");
        ann.setUserInfo({ name: "Anna" });
        compare(spy.count, 1);
        compare(ann.userInfo, { name: "Anna" });
        tryVerify(() => JSON.stringify(seen()) === '{"name":"Anna"}');
        ann.userInfo = { name: "Anne", since: new Date(0), gone: undefined };
        tryVerify(() => JSON.stringify(seen()) === '{"name":"Anne","since":"1970-01-01T00:00:00.000Z"}');
    }

    function test_ofAUserInfoThatIsAnimatedOthersSeeTheLastValue() {
        const bob = joinedClient({ shardName: "x" });
        const ann = createTemporaryObject(animatedComponent, testCase, { url: server.url, projectId: projectId, shardName: "x", active: true });
        const errors = spyOn(ann, "errorOccurred");
        const seenBy = client => client.connectedClients.some(one => one.clientId === ann.clientId && one.userInfo.value === 100);
        tryCompare(ann, "value", 100);
        compare(ann.userInfo, { value: 100 });
        tryVerify(() => seenBy(bob));
        tryVerify(() => seenBy(ann));
        compare(errors.count, 0);
    }

    function test_aUserInfoThatIsNoObjectIsRefused_data() {
        return [{ tag: "text", info: "Ann" }, { tag: "array", info: [1] }, { tag: "function", info: () => 1 }];
    }
    function test_aUserInfoThatIsNoObjectIsRefused(data) {
        const ann = makeClient({ userInfo: { name: "Ann" } });
        const errors = spyOn(ann, "errorOccurred");
        ann.setUserInfo(data.info);
        compare(errors.count, 1);
        compare(errors.signalArguments[0][0].code, DispatchError.InvalidPayload);
        compare(ann.userInfo, { name: "Ann" });
    }

    function test_rowsComeAndGoWithoutReset() {
        const ann = joinedClient({ shardName: "x", userInfo: { name: "Ann" } });
        const view = createTemporaryObject(viewComponent, testCase, { model: ann.clients });
        const resets = spyOn(ann.clients, "modelReset");
        tryCompare(view, "count", 1);
        tryVerify(() => view.itemAtIndex(0) !== null && view.itemAtIndex(0).text === "Ann (you)");
        const delegate = view.itemAtIndex(0);
        const bob = joinedClient({ shardName: "x", userInfo: { name: "Bob" } });
        tryCompare(view, "count", 2);
        tryVerify(() => view.itemAtIndex(1) !== null && view.itemAtIndex(1).text === "Bob");
        const carl = joinedClient({ shardName: "x", userInfo: { name: "Carl" } });
        tryCompare(view, "count", 3);
        bob.setUserInfo({ name: "Robert" });
        tryVerify(() => view.itemAtIndex(1) !== null && view.itemAtIndex(1).text === "Robert");
        bob.disconnect();
        tryCompare(view, "count", 2);
        tryVerify(() => view.itemAtIndex(1) !== null && view.itemAtIndex(1).text === "Carl");
        verify(view.itemAtIndex(0) === delegate);
        compare(resets.count, 0);
        compare(ann.clients.count, 2);
    }

    function test_rowsStayThroughALossMarkedStale() {
        const ann = joinedClient({ shardName: "x", userInfo: { name: "Ann" }, lossGrace: 1 });
        ann.reconnect.minDelay = 60000;
        const repeater = createTemporaryObject(repeaterComponent, testCase, { model: ann.clients });
        tryCompare(repeater, "count", 1);
        const row = repeater.itemAt(0);
        compare(row.stale, false);
        compare(ann.connectedClientsStale, false);
        const changes = spyOn(ann, "connectedClientsStaleChanged");
        server.close();
        tryCompare(changes, "count", 1);
        compare(ann.connectedClientsStale, true);
        tryCompare(row, "stale", true);
        verify(repeater.itemAt(0) === row);
        compare(ann.connectedClients.length, 1);
        ann.disconnect();
        tryCompare(repeater, "count", 0);
        compare(ann.connectedClientsStale, false);
    }

    function test_rolesOfKeysReachADelegate() {
        const ann = joinedClient({ shardName: "x", userInfo: { name: "Ann", score: "much" } });
        ann.clients.userInfoRoles = { name: "?", score: 0 };
        const repeater = createTemporaryObject(keysComponent, testCase, { model: ann.clients });
        tryCompare(repeater, "count", 1);
        const row = repeater.itemAt(0);
        tryCompare(row, "info_name", "Ann");
        compare(row.info_score, 0);
        const changes = spyOn(row, "info_nameChanged");
        ann.setUserInfo({ name: "Ann", score: 7 });
        tryCompare(row, "info_score", 7);
        verify(repeater.itemAt(0) === row);
        compare(changes.count, 0);
        // Who comes late gives the model anew.
        ann.clients.userInfoRoles = { name: "?", score: 0, mood: "good" };
        repeater.model = null;
        repeater.model = ann.clients;
        compare(repeater.itemAt(0).info_score, 7);
    }

    function test_oneselfComesFirstIfWished() {
        const ann = joinedClient({ shardName: "x" });
        const bob = makeClient({ shardName: "x" });
        bob.clients.selfFirst = true;
        bob.active = true;
        const repeater = createTemporaryObject(repeaterComponent, testCase, { model: bob.clients });
        tryCompare(repeater, "count", 2);
        compare(repeater.itemAt(0).clientId, bob.clientId);
        bob.clients.selfFirst = false;
        compare(repeater.itemAt(0).clientId, ann.clientId);
    }

    function test_connectionsOfOneUserAreOneRow() {
        const ann = joinedClient({ shardName: "x", projectId: "qml-tests", userInfo: { name: "Ann" } });
        const repeater = createTemporaryObject(usersComponent, testCase, { model: ann.users });
        tryCompare(repeater, "count", 1);
        compare(repeater.itemAt(0).userId, "");
        ann.identify(tokens.annOfQmlTests);
        tryVerify(() => repeater.count === 1 && repeater.itemAt(0).userId === "ann");
        const row = repeater.itemAt(0);
        compare(row.connections, 1);
        compare(row.isSelf, true);
        const second = joinedClient({ shardName: "x", projectId: "qml-tests", userInfo: { name: "Ann's phone" } });
        tryCompare(repeater, "count", 2);
        second.identify(tokens.annOfQmlTests);
        tryCompare(repeater, "count", 1);
        verify(repeater.itemAt(0) === row);
        tryCompare(row, "connections", 2);
        tryVerify(() => row.userInfo.name === "Ann's phone");
        compare(row.clientId, second.clientId);
        second.disconnect();
        tryCompare(row, "connections", 1);
        verify(repeater.itemAt(0) === row);
    }

    function test_aRepeaterFollowsTheModel() {
        const ann = joinedClient({ shardName: "x" });
        const repeater = createTemporaryObject(repeaterComponent, testCase, { model: ann.clients });
        tryCompare(repeater, "count", 1);
        const bob = joinedClient({ shardName: "x" });
        tryCompare(repeater, "count", 2);
        compare(repeater.itemAt(1).clientId, bob.clientId);
        verify(repeater.itemAt(1).lastPing instanceof Date);
        bob.disconnect();
        tryCompare(repeater, "count", 1);
    }

    Component {
        id: counterComponent
        QtObject {
            property DispatchClient client
            readonly property int number: client ? client.connectedClients.length : 0
        }
    }
    Component {
        id: animatedComponent
        DispatchClient {
            id: animated
            property real value
            userInfo: ({ value: value })
            NumberAnimation {
                target: animated
                property: "value"
                running: animated.state === DispatchClient.Connected
                from: 0
                to: 100
                duration: 1000
            }
        }
    }
    Component {
        id: viewComponent
        ListView {
            width: 200
            height: 200
            delegate: Text {
                required property var userInfo
                required property bool isSelf
                text: (userInfo.name || "") + (isSelf ? " (you)" : "")
                textFormat: Text.PlainText
            }
        }
    }
    Component {
        id: repeaterComponent
        Repeater {
            Item {
                required property string clientId
                required property date lastPing
                required property bool stale
            }
        }
    }
    Component {
        id: keysComponent
        Repeater {
            Item {
                required property string info_name
                required property double info_score
            }
        }
    }
    Component {
        id: usersComponent
        Repeater {
            Item {
                required property string userId
                required property int connections
                required property string clientId
                required property var userInfo
                required property bool isSelf
                required property bool stale
            }
        }
    }
    Tokens { id: tokens }
}
