// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Identify"

    function init() {
        projectId = "qml-tests";
    }

    function test_anIdentifiedUserCanBeNamedAsRecipient() {
        const ann = joinedClient({ shardName: "a" });
        const bob = joinedClient({ shardName: "b" });
        const heard = heardBy(ann, "x");
        ann.identify(tokens.annOfQmlTests);
        tryVerify(() => ann.connectedClients.some(one => one.userId === "ann"));
        compare(bob.emitEvent("x", 1, ["ann"]), DispatchClient.Sent);
        tryCompare(heard, "length", 1);
    }

    function test_identityIsTheModelsToo() {
        const ann = joinedClient({ shardName: "c" });
        ann.identify(tokens.annOfQmlTests);
        const rows = createTemporaryObject(rowsComponent, testCase, { model: ann.clients });
        tryVerify(() => rows.count === 1 && rows.itemAt(0).userId === "ann");
    }

    function test_identityIsToldAgainAfterAReconnect() {
        const ann = joinedClient({ shardName: "d" });
        ann.identify(tokens.annOfQmlTests);
        tryVerify(() => ann.connectedClients.some(one => one.userId === "ann"));
        ann.disconnect();
        tryCompare(ann, "state", DispatchClient.Disconnected);
        ann.active = true;
        tryVerify(() => ann.state === DispatchClient.Connected && ann.connectedClients.some(one => one.userId === "ann"));
    }

    function test_aRefusedTokenIsReported() {
        const ann = joinedClient();
        const errors = spyOn(ann, "errorOccurred");
        ann.identify("no token");
        tryCompare(errors, "count", 1);
        const error = errors.signalArguments[0][0];
        compare(error.code, DispatchError.RefusedByServer);
        compare(error.reason, "invalid_token");
        compare(ann.state, DispatchClient.Connected);
    }

    function test_aTokenForAnotherProjectIsRefused() {
        projectId = "elsewhere";
        const ann = joinedClient();
        const errors = spyOn(ann, "errorOccurred");
        ann.identify(tokens.annOfQmlTests);
        tryCompare(errors, "count", 1);
        compare(errors.signalArguments[0][0].reason, "invalid_token");
    }

    Tokens { id: tokens }
    Component {
        id: rowsComponent
        Repeater { Item { required property string userId } }
    }
}
