// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Queue"

    function test_eventsBeforeConnectingWait() {
        const client = makeClient();
        const heard = heardBy(client, "x");
        const spy = spyOn(client, "queuedEventsChanged");
        compare(client.emitEvent("x", 1), DispatchClient.Queued);
        compare(client.emitEvent("x", 2), DispatchClient.Queued);
        compare(client.queuedEvents, 2);
        client.active = true;
        tryCompare(heard, "length", 2);
        compare(heard, [1, 2]);
        tryCompare(client, "queuedEvents", 0);
        verify(spy.count > 0);
    }

    function test_aFullQueueRejects() {
        const client = createTemporaryObject(smallQueue, testCase);
        const errors = spyOn(client, "errorOccurred");
        compare(client.emitEvent("x", 1), DispatchClient.Queued);
        compare(client.emitEvent("x", 2), DispatchClient.Queued);
        compare(client.emitEvent("x", 3), DispatchClient.Refused);
        compare(errors.signalArguments[0][0].code, DispatchError.QueueFull);
        compare(client.queuedEvents, 2);
    }

    function test_aFullQueueDropsTheOldestIfSoWished() {
        const client = createTemporaryObject(smallQueue, testCase);
        client.queue.overflow = DispatchQueuePolicy.DropOldest;
        const dropped = spyOn(client, "eventDropped");
        for (let i = 1; i <= 3; ++i)
            compare(client.emitEvent("x", { number: i }), DispatchClient.Queued);
        compare(dropped.count, 1);
        const [name, payload, error] = dropped.signalArguments[0];
        compare(name, "x");
        compare(payload, { number: 1 });
        compare(error.code, DispatchError.QueueFull);
    }

    function test_withoutQueueEventsAreRefused() {
        const client = makeClient();
        client.queue.maxMessages = 0;
        compare(client.emitEvent("x"), DispatchClient.Refused);
        compare(client.error, DispatchError.NotConnected);
    }

    function test_aTimeThatIsNoneIsRefusedWithAWarning_data() {
        const rows = [];
        for (const [name, least, present] of [["attemptTimeout", 1, 10000], ["connectTimeout", 1, 30000], ["lossGrace", 0, 2000], ["tokenTimeout", 1, 10000]]) {
            for (const [value, told] of [[Infinity, "inf"], [-Infinity, "-inf"], [NaN, "nan"]])
                rows.push({ tag: name + " " + told, name: name, value: value, warning: `${name} can't be ${told}: give a number of ms. It stays ${present}.` });
            rows.push({ tag: name + " -1", name: name, value: -1, warning: `${name} can't be -1: give ${least} or more. It stays ${present}.` });
        }
        return rows;
    }
    function test_aTimeThatIsNoneIsRefusedWithAWarning(data) {
        const client = makeClient();
        const before = client[data.name];
        ignoreWarning(new RegExp(data.warning));
        client[data.name] = data.value;
        compare(client[data.name], before);
    }

    function test_aTimeIsRoundedUpAndBounded() {
        const client = makeClient({ lossGrace: 1.5 });
        compare(client.lossGrace, 2);
        client.lossGrace = 1e10;
        compare(client.lossGrace, 2147483647);
        ignoreWarning(/maxConnectionsPerShard can't be .*: give 1 to 1000. It stays 100./);
        client.maxConnectionsPerShard = NaN;
        compare(client.maxConnectionsPerShard, 100);
    }

    function test_nonsenseIsRefusedWithAWarning() {
        const client = makeClient();
        client.queue.maxAge = 30;
        ignoreWarning(/queue.maxAge can't be -5: give 0 or more. It stays 30./);
        client.queue.maxAge = -5;
        compare(client.queue.maxAge, 30);
        ignoreWarning(/reconnect.maxAttempts can't be -2: give -1 or more. It stays -1./);
        client.reconnect.maxAttempts = -2;
        compare(client.reconnect.maxAttempts, -1);
        ignoreWarning(/requests.timeout can't be 0: give 1 or more. It stays 10000./);
        client.requests.timeout = 0;
        compare(client.requests.timeout, 10000);
        verify(client.queue.paced);
        client.queue.paced = false;
        verify(!client.queue.paced);
    }

    function test_eventsThatWaitTooLongAreDropped() {
        const client = makeClient();
        client.queue.maxAge = 20;
        const dropped = spyOn(client, "eventDropped");
        client.emitEvent("x");
        tryCompare(dropped, "count", 1);
        compare(dropped.signalArguments[0][2].code, DispatchError.Expired);
        compare(client.queuedEvents, 0);
    }

    function test_disconnectDropsWhatWaits() {
        const client = makeClient({ url: "ws://127.0.0.1:9" });
        client.active = true;
        client.emitEvent("x", "lost");
        const dropped = spyOn(client, "eventDropped");
        client.disconnect();
        tryCompare(dropped, "count", 1);
        compare(dropped.signalArguments[0][1], "lost");
        compare(dropped.signalArguments[0][2].code, DispatchError.Discarded);
    }

    Component {
        id: smallQueue
        DispatchClient { queue { maxMessages: 2; overflow: DispatchQueuePolicy.Reject } }
    }
}
