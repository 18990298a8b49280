// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// A chat's view of its messages.
DispatchTestCase {
    id: testCase
    name: "EventModel"
    when: windowShown
    width: 200
    height: 200
    visible: true

    function makeRoom(properties) {
        const all = { url: server.url, projectId: projectId, shardName: "x" };
        for (const key in properties)
            all[key] = properties[key];
        return createTemporaryObject(roomComponent, testCase, all);
    }

    function shown(room) {
        const list = [];
        for (let i = 0; i < room.view.count; ++i)
            list.push(room.view.itemAtIndex(i) === null ? "?" : room.view.itemAtIndex(i).text);
        return list.join();
    }

    function test_aViewShowsWhatIsSaid() {
        const ann = makeRoom();
        ann.emitEvent("message", { body: "one" });
        ann.emitEvent("other", { body: "unseen" });
        tryVerify(() => shown(ann) === "one (pending)");
        const delegate = ann.view.itemAtIndex(0);
        ann.active = true;
        tryVerify(() => shown(ann) === "one");
        verify(ann.view.itemAtIndex(0) === delegate);
        const bob = makeRoom({ active: true });
        tryCompare(bob, "state", DispatchClient.Connected);
        bob.emitEvent("message", { body: "two" });
        tryVerify(() => shown(ann) === "one,from another: two");
        tryVerify(() => shown(bob) === "two");
        compare(ann.view.itemAtIndex(1).senderId, bob.clientId);
        compare(ann.messages.count, 2);
    }

    function test_whatFailedIsSentAgainOrRemoved() {
        const ann = makeRoom();
        ann.queue.maxMessages = 0;
        ann.emitEvent("message", { body: "one" });
        ann.emitEvent("message", { body: "two" });
        tryVerify(() => shown(ann) === "one (failed),two (failed)");
        compare(ann.view.itemAtIndex(0).status, DispatchEventModel.Failed);
        verify(ann.view.itemAtIndex(0).errorString !== "");
        verify(ann.messages.remove(ann.view.itemAtIndex(0).eventId));
        tryVerify(() => shown(ann) === "two (failed)");
        ann.queue.maxMessages = 10;
        verify(ann.messages.retry(ann.view.itemAtIndex(0).eventId));
        tryVerify(() => shown(ann) === "two (pending)");
        ann.active = true;
        tryVerify(() => shown(ann) === "two");
    }

    function test_theBaseProfileShowsTheSame() {
        const ann = makeRoom({ baseProfileOnly: true, active: true });
        const bob = makeRoom({ baseProfileOnly: true, active: true });
        tryVerify(() => ann.state === DispatchClient.Connected && bob.state === DispatchClient.Connected);
        ann.emitEvent("message", { body: "one" });
        compare(ann.messages.count, 1);
        tryVerify(() => shown(bob) === "from another: one");
        bob.emitEvent("message", { body: "two" });
        tryVerify(() => shown(ann) === "one,from another: two");
        tryVerify(() => shown(bob) === "from another: one,two");
    }

    function test_theClientCanBeGivenLater() {
        const model = createTemporaryObject(lateComponent, testCase);
        compare(model.count, 0);
        const ann = joinedClient();
        model.client = ann;
        ann.emitEvent("message", { body: "one" });
        compare(model.count, 1);
        model.client = null;
        compare(model.count, 0);
    }

    Component {
        id: roomComponent
        DispatchClient {
            id: room
            property alias messages: messages
            readonly property ListView view: ListView {
                parent: testCase
                width: 200
                height: 200
                model: messages
                delegate: Text {
                    required property var payload
                    required property bool pending
                    required property bool own
                    required property int status
                    required property double eventId
                    required property string errorString
                    required property string senderId
                    readonly property bool failed: errorString !== ""
                    textFormat: Text.PlainText
                    text: (own ? "" : "from another: ") + payload.body + (pending ? " (pending)" : "") + (failed ? " (failed)" : "")
                }
            }
            DispatchEventModel { id: messages; eventName: "message" }
        }
    }
    Component {
        id: lateComponent
        DispatchEventModel { client: null; eventName: "message" }
    }
}
