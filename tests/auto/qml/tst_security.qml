// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch

DispatchTestCase {
    id: testCase
    name: "Security"

    function test_withoutEncryptionOnlyThisMachineIsReached() {
        // It leads here, but it is no address of this machine alone.
        const client = makeClient({ url: "ws://0.0.0.0:" + server.port });
        compare(client.allowInsecure, false);
        const refused = outcomeOf(client.connect());
        tryCompare(refused, "done", true);
        compare(refused.error.code, DispatchError.InsecureUrl);
        verify(refused.error.message.includes("allowInsecure"));
        compare(client.state, DispatchClient.Failed);
        const changes = spyOn(client, "allowInsecureChanged");
        client.allowInsecure = true;
        compare(changes.count, 1);
        tryCompare(client, "state", DispatchClient.Connected);
    }

    function test_caFileWithoutACertificateIsAnError() {
        const client = makeClient({ url: "wss://127.0.0.1:" + server.port, caFile: Qt.resolvedUrl("tst_security.qml") });
        const refused = outcomeOf(client.connect());
        tryCompare(refused, "done", true);
        compare(refused.error.code, DispatchError.InvalidParameters);
        verify(refused.error.message.includes("no certificate"));
    }
}
