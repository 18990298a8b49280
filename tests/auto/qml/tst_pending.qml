// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

/// What to do with each event that can't be sent at once, and the model of those on their way.
DispatchTestCase {
    id: testCase
    name: "Pending"

    function rowsOf(client) {
        return createTemporaryObject(rowsComponent, testCase, { model: client.pendingEvents });
    }

    /// As in "a 0": tag and status.
    function tell(rows) {
        const told = [];
        for (let i = 0; i < rows.count; ++i)
            told.push(rows.itemAt(i).tag + " " + rows.itemAt(i).status);
        return told;
    }

    function test_optionsSayToWhom() {
        const ann = joinedClient({ shardName: "a" });
        const bob = joinedClient({ shardName: "b" });
        const heard = heardBy(bob, "x");
        ann.emitEvent("x", 1, { recipients: [bob.clientId], tag: "t" });
        tryCompare(heard, "length", 1);
        const outcome = outcomeOf(ann.emitAcknowledged("x", 2, { recipients: [bob.clientId] }));
        tryCompare(outcome, "fulfilled", true);
        tryCompare(heard, "length", 2);
    }

    function test_badOptionsAreRefused_data() {
        return [
            { tag: "unknown", options: { queue: false }, says: "'queue'" },
            { tag: "no list", options: { recipients: "bob" }, says: "recipients" },
            { tag: "no name of ours", options: { ifDelayed: "drop" }, says: "ifDelayed" },
            { tag: "no number of ours", options: { ifDelayed: 3 }, says: "ifDelayed" },
            { tag: "half a number", options: { ifDelayed: 0.5 }, says: "ifDelayed" },
            { tag: "a flag", options: { ifDelayed: true }, says: "ifDelayed" },
            { tag: "the latest of nothing", options: { ifDelayed: DispatchEmitOptions.KeepLatest }, says: "key" },
            { tag: "an empty key", options: { ifDelayed: DispatchEmitOptions.KeepLatest, key: "" }, says: "key" },
            { tag: "a key that is none", options: { ifDelayed: DispatchEmitOptions.KeepLatest, key: 1 }, says: "key" },
            { tag: "a key alone", options: { key: "k" }, says: "key" },
            { tag: "a negative age", options: { maxAge: -0.5 }, says: "maxAge" },
            { tag: "no age", options: { maxAge: NaN }, says: "maxAge" },
            { tag: "an age in words", options: { maxAge: "1 s" }, says: "maxAge" },
            { tag: "a tag that is none", options: { tag: [] }, says: "tag" },
        ];
    }
    function test_badOptionsAreRefused(data) {
        const client = makeClient();
        const errors = spyOn(client, "errorOccurred");
        compare(client.emitEvent("x", 1, data.options), DispatchClient.Refused);
        compare(errors.count, 1);
        compare(errors.signalArguments[0][0].code, DispatchError.InvalidOptions);
        verify(errors.signalArguments[0][0].message.includes(data.says), errors.signalArguments[0][0].message);
        const outcome = outcomeOf(client.emitAcknowledged("x", 1, data.options));
        tryCompare(outcome, "done", true);
        compare(outcome.error.code, DispatchError.InvalidOptions);
        compare(client.queuedEvents, 0);
    }

    function test_whatIsNotSetIsAsIfItWereNotThere() {
        const client = makeClient();
        for (const nothing of [undefined, null])
            compare(client.emitEvent("x", 1, { recipients: nothing, ifDelayed: nothing, key: nothing, maxAge: nothing, tag: nothing }), DispatchClient.Queued);
        compare(client.emitEvent("x", 1, {}), DispatchClient.Queued);
    }

    function test_aVolatileEventIsDropped() {
        const client = makeClient();
        const errors = spyOn(client, "errorOccurred");
        const drops = spyOn(client, "eventDropped");
        compare(client.emitEvent("typing", 1, { ifDelayed: DispatchEmitOptions.Drop }), DispatchClient.Dropped);
        compare(drops.count, 1);
        compare(drops.signalArguments[0][2].code, DispatchError.NotConnected);
        compare(errors.count, 0);
        const heard = heardBy(client, "typing");
        client.active = true;
        tryCompare(client, "state", DispatchClient.Connected);
        compare(client.emitEvent("typing", 2, { ifDelayed: DispatchEmitOptions.Drop }), DispatchClient.Sent);
        tryCompare(heard, "length", 1);
        compare(heard, [2]);
    }

    function test_theLatestIsKept() {
        const client = makeClient();
        const heard = heardBy(client, "x");
        const drops = spyOn(client, "eventDropped");
        const latest = { ifDelayed: DispatchEmitOptions.KeepLatest, key: "cursor" };
        client.emitEvent("x", 1, latest);
        client.emitEvent("x", 2);
        client.emitEvent("x", 3, latest);
        compare(drops.count, 1);
        compare(drops.signalArguments[0][1], 1);
        compare(drops.signalArguments[0][2].code, DispatchError.Superseded);
        client.active = true;
        tryCompare(heard, "length", 2);
        compare(heard, [2, 3]);
    }

    function test_anEventHasAnAgeOfItsOwn() {
        const client = makeClient();
        const drops = spyOn(client, "eventDropped");
        client.emitEvent("x", 1, { maxAge: 0.5 });
        client.emitEvent("x", 2, { maxAge: 1e300 });
        tryCompare(drops, "count", 1);
        compare(drops.signalArguments[0][2].code, DispatchError.Expired);
        compare(client.queuedEvents, 1);
    }

    function test_rowsAreThereUntilTheirEventsArrived_data() {
        return [{ tag: "extended", base: false }, { tag: "base", base: true }];
    }
    function test_rowsAreThereUntilTheirEventsArrived(data) {
        const client = makeClient({ baseProfileOnly: data.base });
        const rows = rowsOf(client);
        const heard = heardBy(client, "x");
        client.emitEvent("x", { word: "hello" }, { tag: "a" });
        client.emitEvent("x", 2);
        compare(tell(rows), ["a " + DispatchPendingEventsModel.Queued, " " + DispatchPendingEventsModel.Queued]);
        compare(rows.itemAt(0).payload.word, "hello");
        compare(rows.itemAt(0).eventName, "x");
        compare(rows.itemAt(0).error.code, DispatchError.NoError);
        client.active = true;
        tryCompare(heard, "length", 2);
        tryCompare(client.pendingEvents, "count", 0);
        tryCompare(rows, "count", 0);
        compare(rows.fates.slice(-2), ["a " + DispatchPendingEventsModel.Sent, " " + DispatchPendingEventsModel.Sent]);
    }

    function test_whatFailedIsSentAgainOrDismissed() {
        const client = makeClient();
        client.queue.maxMessages = 0;
        const rows = rowsOf(client);
        const heard = heardBy(client, "x");
        for (const tag of ["a", "b"])
            compare(client.emitEvent("x", tag, { tag: tag }), DispatchClient.Refused);
        compare(tell(rows), ["a " + DispatchPendingEventsModel.Failed, "b " + DispatchPendingEventsModel.Failed]);
        compare(rows.itemAt(0).error.code, DispatchError.NotConnected);
        verify(rows.itemAt(0).error.message !== "");
        compare(client.pendingEvents.dismiss(rows.itemAt(1).eventId), true);
        client.active = true;
        tryCompare(client, "state", DispatchClient.Connected);
        compare(client.pendingEvents.retry(rows.itemAt(0).eventId), true);
        tryCompare(heard, "length", 1);
        compare(heard, ["a"]);
        tryCompare(client.pendingEvents, "count", 0);
        compare(client.pendingEvents.retry(1), false);
    }

    function test_asManyThatFailedAreKeptAsOneWishes() {
        const client = makeClient();
        client.queue.maxMessages = 0;
        client.pendingEvents.maxFailed = 1;
        client.emitEvent("x", 1, { tag: "a" });
        client.emitEvent("x", 1, { tag: "b" });
        compare(tell(rowsOf(client)), ["b " + DispatchPendingEventsModel.Failed]);
    }

    Component {
        id: rowsComponent
        Repeater {
            id: rows
            /// What delegates saw become of them.
            property var fates: []
            delegate: Item {
                required property string tag
                required property string eventName
                required property double eventId
                required property var payload
                required property int status
                required property var error
                required property date time
                onStatusChanged: rows.fates.push(tag + " " + status)
            }
        }
    }
}
