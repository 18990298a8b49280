// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch
import Dispatch.Test

TestCase {
    id: testCase
    name: "Chat"

    // Your app; in a file of its own.
    component Chat: Item {
        id: chat
        property alias url: client.url
        readonly property string banner: client.state === DispatchClient.Waiting
            ? qsTr("Offline, next try in %1 s").arg(Math.ceil(client.nextRetryIn / 1000)) : ""
        property var lines: []

        DispatchClient {
            id: client
            active: true
            EventHandler {
                eventName: "message"
                onTriggered: text => chat.lines = chat.lines.concat(text)
            }
        }
    }

    TestServer { id: server; latency: 50 }
    Component { id: chatComponent; Chat {} }

    function test_offline() {
        const chat = createTemporaryObject(chatComponent, testCase, { url: server.url });
        const ann = server.join("Ann");
        server.advance(1000);
        ann.emitEvent("message", "Hello!");
        server.advance(50);
        compare(chat.lines, ["Hello!"]);

        server.offline = true;
        compare(chat.banner, "Offline, next try in 1 s");
        ann.emitEvent("message", "Are you there?");
        server.offline = false;
        server.advance(1000);
        compare(chat.banner, "");
        compare(chat.lines, ["Hello!", "Are you there?"]);
    }
}
