// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtTest
import Dispatch
import "../../../examples/chat-qml" as Chat

/// What the chat shows of messages that one wrote.
TestCase {
    id: testCase
    name: "ChatRoom"

    property int rooms: 0

    /// One that can't connect until it is told where.
    function makeRoom() {
        const room = createTemporaryObject(roomComponent, testCase, { url: "ws://127.0.0.1:9" });
        room.join("Ann", "room " + ++rooms);
        return room;
    }

    function connectRoom(room) {
        room.url = server.url;
        tryCompare(room, "online", true);
    }

    function messagesOf(room) {
        const list = [];
        for (let i = 0; i < room.messages.count; ++i) {
            const row = room.messages.get(i);
            if (row.kind === "message")
                list.push(row.body + (row.pending ? " (pending)" : "") + (row.failure !== "" ? " (failed)" : ""));
        }
        return list;
    }

    function test_aMessageShowsAtOnceAndOnce() {
        const room = makeRoom();
        room.send("one");
        compare(messagesOf(room), ["one (pending)"]);
        connectRoom(room);
        tryVerify(() => messagesOf(room)[0] === "one");
        room.send("two");
        compare(messagesOf(room), ["one", "two (pending)"]);
        tryVerify(() => messagesOf(room)[1] === "two");
        tryCompare(room.client.pendingEvents, "count", 0);
        compare(messagesOf(room), ["one", "two"]);
    }

    function test_whatFailedIsSentAgain() {
        const room = makeRoom();
        room.client.queue.maxMessages = 1;
        for (const body of ["one", "two", "three"])
            room.send(body);
        compare(messagesOf(room), ["one (pending)", "two (failed)", "three (failed)"]);
        const second = room.messages.get(1);
        verify(second.eventId > 0);
        // There is still no room for it.
        room.sendAgain(second.messageId);
        compare(messagesOf(room), ["one (pending)", "three (failed)", "two (failed)"]);
        connectRoom(room);
        room.sendAgain(room.messages.get(2).messageId);
        tryVerify(() => messagesOf(room).join() === "one,three (failed),two");
        tryCompare(room.client.pendingEvents, "count", 1);
    }

    function test_whatCantBeSentAgainSaysSo() {
        const room = makeRoom();
        room.client.queue.maxMessages = 0;
        room.client.pendingEvents.maxFailed = 0;
        room.send("one");
        compare(messagesOf(room), ["one (failed)"]);
        room.sendAgain(room.messages.get(0).messageId);
        compare(messagesOf(room), ["one (failed)"]);
        compare(room.messages.get(0).eventId, 0);
    }

    DispatchServer { id: server; active: true }
    Component { id: roomComponent; Chat.Room {} }
}
