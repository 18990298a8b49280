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

    function test_proxyIsUsed() {
        // No proxy listens there: nothing is reached but by it.
        const client = makeClient();
        const changes = spyOn(client, "proxyChanged");
        client.proxy = "http://127.0.0.1:1";
        compare(changes.count, 1);
        client.active = true;
        tryCompare(client, "error", DispatchError.NetworkError);
        client.proxy = "direct:";
        tryCompare(client, "state", DispatchClient.Connected);
    }

    function test_proxyMayBe_data() {
        return ["", "direct:", "http://a.b:3128", "socks5://ann:secret@a.b:1080"].map(url => ({ tag: url, url: url }));
    }

    function test_proxyMayBe(data) {
        const client = makeClient({ proxy: "http://first:1" });
        client.proxy = data.url;
        compare(client.proxy, data.url);
        compare(client.error, DispatchError.NoError);
    }

    function test_proxyMayNotBe_data() {
        return ["a.b:3128", "ftp://a.b:21", "http://a.b", "http://:3128", "nonsense"].map(url => ({ tag: url, url: url }));
    }

    function test_proxyMayNotBe(data) {
        const client = makeClient({ proxy: "http://first:1" });
        client.proxy = data.url;
        compare(client.proxy, "http://first:1");
        compare(client.error, DispatchError.InvalidParameters);
    }

    function test_limitsCanBeSet() {
        const client = makeClient();
        compare(client.incomingLimits.maxMessageSize, 8 * 1024 * 1024);
        const changes = spyOn(client, "incomingLimitsChanged");
        client.incomingLimits.maxConnectedClients = 5;
        compare(changes.count, 1);
        compare(client.incomingLimits.maxConnectedClients, 5);
        ignoreWarning(/incomingLimits.maxFragments can't be -1: give 1 or more. It stays 4096./);
        client.incomingLimits.maxFragments = -1;
        compare(client.incomingLimits.maxFragments, 4096);
    }

    function test_namesOfOthersCanBeShown() {
        const client = makeClient();
        compare(client.displayText("a\u202Eb\nc"), "ab c");
        compare(client.displayText("abcdef", 4), "abc…");
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
