// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch.Test
import "../../../examples/chat-qml"

/// What people see of the chat when the network is slow, gone or unwilling: its real windows, and a
/// server in memory, whose clock moves both on.
TestCase {
    id: testCase
    name: "ChatOffline"
    when: windowShown
    width: 100
    height: 100
    visible: true

    /// Of the banner, and more than a frame.
    readonly property int slideTime: 200
    property TestServer server
    property ChatWindow window

    function init() {
        testCase.server = createTemporaryObject(serverComponent, testCase);
        testCase.window = createTemporaryObject(windowComponent, testCase, {
            url: server.url, project: "chat"
        });
        // Keys go to the window that has the focus.
        window.requestActivate();
        tryCompare(window, "active", true);
    }

    function enter() {
        window.join("Ann", "Lobby");
        server.settle();
    }

    /// Ann is in the room, with Ben.
    function joinWithBen() {
        const ben = server.join("Ben", { person: "ben" });
        enter();
        verify(window.room.online);
        return ben;
    }

    function part(name) {
        const found = findChild(window.contentItem, name);
        verify(found, name + " is not there");
        return found;
    }

    function write(text) {
        const composer = part("composer");
        composer.forceActiveFocus();
        tryCompare(composer, "activeFocus", true);
        composer.text = text;
        keyClick(Qt.Key_Return);
    }

    function say(person, body) {
        person.emitEvent("message", { id: person.userInfo.name + body, person: "ben", author: "Ben", body: body });
    }

    /// What is on the screen, with its state.
    function conversation() {
        const lines = [];
        for (let i = 0; i < window.room.messages.count; ++i) {
            const row = window.room.messages.get(i);
            const state = row.pending ? " (pending)" : row.failure !== "" ? " (failed)" : "";
            lines.push((row.author !== "" ? row.author + ": " : "") + row.body + state);
        }
        return lines;
    }

    function bannerText() {
        const text = part("bannerText");
        // Hidden parts have a text, too.
        return text.visible ? text.text : "";
    }

    /// The button is where it is shown when it has been laid out, for a frame that is drawn.
    function clickRetry() {
        tryVerify(() => {
            mouseClick(part("retryButton"));
            server.settle();
            return window.room.online;
        });
    }

    function test_peopleTalk() {
        const ben = joinWithBen();
        tryCompare(part("people"), "count", 2);
        write("Hello!");
        server.settle();
        say(ben, "Hi, Ann");
        server.settle();
        compare(conversation(), ["Ann: Hello!", "Ben: Hi, Ann"]);
        compare(bannerText(), "");
        ben.leave();
        server.settle();
        compare(conversation()[2], "Ben left");
        tryCompare(part("people"), "count", 1);
    }

    function test_slow() {
        joinWithBen();
        server.latency = 1500;
        write("Hello?");
        compare(conversation(), ["Ann: Hello? (pending)"]);
        server.advance(2999);
        compare(conversation(), ["Ann: Hello? (pending)"]);
        server.advance(1);
        compare(conversation(), ["Ann: Hello?"]);
    }

    function test_offlineAndBack() {
        const ben = joinWithBen();
        server.offline = true;
        server.advance(399);
        compare(bannerText(), "");
        server.advance(slideTime);
        verify(bannerText().startsWith("Connection lost"));
        write("One");
        write("Two");
        compare(conversation(), ["Ann: One (pending)", "Ann: Two (pending)"]);
        server.settle();
        compare(window.room.queued, 2);
        say(ben, "Where are you?");
        server.offline = false;
        clickRetry();
        // She missed nothing, and nothing of hers is lost, or there twice.
        compare(conversation(), ["Ben: Where are you?", "Ann: One", "Ann: Two"]);
        compare(bannerText(), "Back online");
        server.advance(2500 + slideTime);
        compare(bannerText(), "");
    }

    function test_theCountdownCounts() {
        joinWithBen();
        window.room.client.reconnect.minDelay = 8000;
        server.offline = true;
        server.advance(900);
        compare(bannerText(), "Connection lost – next try in 4 s");
        server.advance(1000);
        compare(bannerText(), "Connection lost – next try in 3 s");
    }

    function test_aLossThatIsMendedAtOnceIsNotTold() {
        joinWithBen();
        server.jitter = 0;
        server.drop();
        server.advance(1000);
        verify(window.room.online);
        compare(bannerText(), "");
        compare(conversation(), []);
    }

    function test_backInAnotherSession() {
        joinWithBen();
        server.forgetSessions();
        server.drop();
        server.advance(10000);
        verify(window.room.online);
        compare(conversation(), ["You are back"]);
    }

    function test_refused_data() {
        return [
            { tag: "banned", code: "banned", says: "You are banned" },
            { tag: "full", code: "shard_full", says: "The shard has no room" },
            { tag: "bad token", code: "unauthorized", says: "The token was not accepted" }
        ];
    }

    function test_refused(row) {
        server.refuseJoins(row.code);
        enter();
        server.advance(slideTime);
        verify(bannerText().startsWith(row.says));
        clickRetry();
    }

    function test_aRefusedMessageCanBeSentAgain() {
        joinWithBen();
        server.refuseEvents("message", "rate_limited");
        write("Too fast");
        server.settle();
        compare(conversation(), ["Ann: Too fast (failed)"]);
        window.room.sendAgain(window.room.messages.get(0).messageId);
        server.settle();
        compare(conversation(), ["Ann: Too fast"]);
    }

    Component { id: serverComponent; TestServer { drivesAnimations: true } }
    Component { id: windowComponent; ChatWindow { visible: true } }
}
