// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "History"

    function test_newcomersHearWhatTheServerGives_data() {
        return [
            { tag: "nothing wished for", allowed: 10, history: 0, heard: [] },
            { tag: "the last", allowed: 10, history: 2, heard: [2, 3] },
            { tag: "as much as is allowed", allowed: 1, history: 10, heard: [3] },
            { tag: "not allowed", allowed: 0, history: 10, heard: [] }
        ];
    }
    function test_newcomersHearWhatTheServerGives(data) {
        server.settings.maxHistory = data.allowed;
        const ann = joinedClient({ shardName: "room" });
        ann.emitEvent("x", 1);
        ann.emitEvent("x", 2);
        tryCompare(outcomeOf(ann.emitAcknowledged("x", 3)), "fulfilled", true);
        const bob = makeClient({ shardName: "room", history: data.history });
        const before = [];
        const after = [];
        bob.on("x", (number, metadata) => (metadata.replayed ? before : after).push(number));
        bob.active = true;
        tryCompare(bob, "state", DispatchClient.Connected);
        ann.emitEvent("x", 4);
        tryCompare(after, "length", 1);
        compare(before, data.heard);
        compare(after, [4]);
    }
}
