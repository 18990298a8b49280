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

    function test_clientsTalkToAServerWithACertificate() {
        const secure = createTemporaryObject(serverComponent, testCase, { certificateFile: pemFile, keyFile: pemFile });
        compare(secure.listen(), true);
        compare(secure.url.toString().substring(0, 6), "wss://");
        const client = joinedClient({ url: secure.url, caFile: pemFile });
        const heard = heardBy(client, "hello");
        client.emitEvent("hello", "all");
        tryCompare(heard, "length", 1);
    }

    function test_aServerSaysWhatIsWrongWithItsCertificate() {
        const secure = createTemporaryObject(serverComponent, testCase, { certificateFile: pemFile });
        compare(secure.listen(), false);
        verify(secure.errorString.includes("Can't read the key file"), secure.errorString);
        compare(secure.listening, false);
        secure.keyFile = pemFile;
        compare(secure.listen(), true);
        compare(secure.errorString, "");
    }

    Component { id: serverComponent; DispatchServer {} }
}
